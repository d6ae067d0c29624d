import pc from 'picocolors';
import { type BlockCost, type Cells, type Explanation, KINDS, type PathStep, sumOf } from './explain.ts';

/** Signals that are named behind a block. */
const NAMED_SIGNALS = 3;

const TITLES: Readonly<Record<keyof Cells, string>> = {
  luts: 'LUTs',
  carries: 'carries',
  ffs: 'FFs',
  dsps: 'DSPs',
  brams: 'BRAMs',
};
const PLURALS: Readonly<Record<string, string>> = { LUT: 'LUTs', carry: 'carries', DSP: 'DSPs', FF: 'FFs' };

/** `generators/blocks/element.ts:45`, without the column. */
const placeOf = (at: string | undefined): string => (at ?? '').replace(/:\d+$/, '');

/** Both tables of one family as text for people. */
export function explanationText(
  target: string,
  { blocks, path, pathBy, matched, beats }: Explanation,
  options: { color?: boolean } = {},
): string {
  const { bold, dim } = pc.createColors(options.color ?? false);
  const total = sumOf(blocks);
  const levels = path.reduce((sum, step) => sum + step.levels, 0);
  const delay = path.at(-1)?.arrivalNs;
  const others = total.luts - matched;
  const rest =
    others === 0 ? '' : `; ${others} ${others === 1 ? 'counts' : 'count'} to the nearest one that they feed`;
  return [
    bold(`${target}: cells by block`),
    ...blockTable(blocks, total, { bold, dim }),
    dim(
      beats > 0
        ? `${matched} of ${total.luts} LUTs compute a bit of the Verilog or its inverse, on each of ${beats} beats${rest}`
        : `${matched} of ${total.luts} LUTs are known by a name or by what they compute, as far as it can be told without models of the cells${rest}`,
    ),
    '',
    bold(
      pathBy === 'delay' && delay !== undefined
        ? `${target}: slowest path, ${levels} ${levels === 1 ? 'cell' : 'cells'}, ${delay.toFixed(2)} ns without routing`
        : `${target}: longest path, ${levels} ${levels === 1 ? 'cell' : 'cells'}`,
    ),
    ...pathTable(path, pathBy, { bold, dim }),
  ].join('\n');
}

type Style = Readonly<Record<'bold' | 'dim', (text: string) => string>>;

/** Rows of numbers, right-aligned, and a text behind them. */
function table(rows: readonly { numbers: readonly string[]; text: string }[]): string[] {
  const widths = rows[0]!.numbers.map((_, column) => Math.max(...rows.map(r => r.numbers[column]!.length)));
  return rows.map(({ numbers, text }) =>
    [...numbers.map((n, i) => n.padStart(widths[i]!)), text].join('  ').trimEnd(),
  );
}

function blockTable(blocks: readonly BlockCost[], total: Cells, { bold, dim }: Style): string[] {
  const kinds = KINDS.filter(kind => kind === 'luts' || total[kind] > 0);
  const share = (luts: number): string =>
    total.luts === 0 ? '' : `${((100 * luts) / total.luts).toFixed(1)}%`;
  const row = (cost: Cells, text: string, lanes?: number) => {
    const [luts, ...others] = kinds.map(kind => String(cost[kind]));
    const each = lanes === undefined ? '' : (cost.luts / lanes).toFixed(1);
    return { numbers: [luts!, share(cost.luts), each, ...others], text };
  };
  const rows = [
    { numbers: ['LUTs', '', 'a lane', ...kinds.slice(1).map(kind => TITLES[kind])], text: 'block' },
  ];
  for (const section of new Set(blocks.map(b => b.section))) {
    const parts = blocks.filter(b => b.section === section);
    const [only] = parts;
    if (parts.length === 1) {
      const { loop, lanes } = only!;
      const name = loop === undefined ? section : `${section}; ${loop}, ${lanes} lanes`;
      rows.push(row(only!, `${name}: ${signalsOf(only!)}`, lanes));
      continue;
    }
    rows.push(row(sumOf(parts), section));
    for (const part of parts) {
      const { loop, lanes } = part;
      const name = loop === undefined ? 'outside of lanes' : `${loop}, ${lanes} lanes`;
      rows.push(row(part, `  ${name}: ${signalsOf(part)}`, lanes));
    }
  }
  const [header, ...body] = table([...rows, row(total, 'in all')]);
  const last = body.pop()!;
  return [dim(header!), ...body, bold(last)];
}

/** `table_1 167 (generators/blocks/element.ts:45), negative 17, …`: LUTs of each; where a block has none, what it has. */
function signalsOf({ signals }: BlockCost): string {
  const kind = KINDS.find(k => signals.some(s => s[k] > 0))!;
  const some = signals.filter(s => s[kind] > 0);
  const shown = some.slice(0, NAMED_SIGNALS).map((s, i) => {
    const place = i === 0 ? placeOf(s.at) : '';
    return `${s.signal} ${s[kind]}${place && ` (${place})`}`;
  });
  return [...shown, ...(some.length > NAMED_SIGNALS ? ['…'] : [])].join(', ');
}

function pathTable(path: readonly PathStep[], by: Explanation['pathBy'], { dim }: Style): string[] {
  const cellsOf = ({ cells }: PathStep, i: number): string =>
    Object.entries(cells)
      .map(([kind, n]) => `${n} ${n === 1 ? kind : (PLURALS[kind] ?? kind)}`)
      .join(', ') || (i === 0 ? 'from' : 'to');
  const texts = path.map(({ signal, at, section }) => [signal, placeOf(at), section]);
  const heads = ['signal', 'source', 'block'];
  const widths = heads.map((head, column) => Math.max(head.length, ...texts.map(t => t[column]!.length)));
  const join = (parts: readonly string[]): string => parts.map((t, i) => t.padEnd(widths[i]!)).join('  ');
  let level = 0;
  const rows = path.map((step, i) => {
    level += step.levels;
    const when = by === 'delay' ? (step.arrivalNs?.toFixed(2) ?? '–') : String(level);
    return { numbers: [when, cellsOf(step, i)], text: join(texts[i]!) };
  });
  const title = { numbers: [by === 'delay' ? 'ns' : 'level', 'cells'], text: join(heads) };
  const [header, ...body] = table([title, ...rows]);
  return [dim(header!), ...body];
}
