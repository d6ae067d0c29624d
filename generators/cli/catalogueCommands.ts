import { createInterface } from 'node:readline';
import type { Parameters } from '../emit/design.ts';
import { FORMATS } from '../formats/catalogue.ts';
import { convert } from '../formats/convert.ts';
import { describeFormat } from '../formats/describe.ts';
import { formatExact } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import { type Exact, OVERFLOWS, ROUNDINGS } from '../formats/types.ts';
import { type FoundUnit, loadRegistry } from '../reflect/catalogue.ts';
import type { ParamSpec } from '../reflect/values.ts';
import { FAMILIES } from '../units/unit.ts';
import { UsageError } from './errors.ts';
import { addCommon, findOrLoad, makeCommand, oneOf, parse } from './options.ts';
import { color, makeOutput, table } from './output.ts';
import { hex } from './present.ts';

/** A unit or a preset with the defaults that it has under that name. */
interface Entry {
  readonly id: string;
  readonly isPreset: boolean;
  readonly summary: string;
  readonly family: string;
  readonly params: readonly ParamSpec[];
}

function entries(): Entry[] {
  return loadRegistry().flatMap(e => [
    { id: e.id, isPreset: false, summary: e.summary, family: e.family, params: e.params },
    ...e.presets.map(p => ({
      id: p.id,
      isPreset: true,
      summary: p.summary,
      family: e.family,
      params: withDefaults({ entry: e, preset: p }),
    })),
  ]);
}

function withDefaults({ entry, preset }: FoundUnit): ParamSpec[] {
  return entry.params.map(p => ({ ...p, default: preset?.params[p.name] ?? p.default }));
}

export async function listCommand(argv: readonly string[]): Promise<void> {
  const command = makeCommand('gen list', 'The catalogue.');
  addCommon(command);
  parse(command, argv);
  const output = makeOutput(command.opts());
  const all = entries();
  if (output.json) {
    const units = all.map(({ id, summary, family, params }) => ({
      id,
      summary,
      family,
      params: params.map(p => ({
        name: p.flag,
        type: p.type,
        default: p.default,
        min: p.min,
        max: p.max,
        choices: p.choices,
        formats: p.formats,
        doc: p.doc,
      })),
    }));
    return output.document({ schema: 'subbyte/list/1', units });
  }
  const families = FAMILIES.filter(family => all.some(e => e.family === family));
  const parts = families.map(family => {
    const rows = all
      .filter(e => e.family === family)
      .map(e => [`${e.isPreset ? '    ' : '  '}${e.id}`, e.summary]);
    return `${color.bold(family)}\n${table(rows)}`;
  });
  output.print(parts.join('\n\n'));
}

export async function showCommand(argv: readonly string[]): Promise<void> {
  const command = makeCommand('gen show', 'One unit: what it computes, parameters, ports.').argument('<id>');
  addCommon(command);
  parse(command, argv);
  const output = makeOutput(command.opts());
  const { found, unit } = await findOrLoad(command.args[0]);
  const params = withDefaults(found);
  const values = Object.fromEntries(params.map(p => [p.name, p.default])) as Parameters;
  const ports = unit.ports(values);
  const id = found.preset?.id ?? unit.id;
  const rows = [
    ...Object.entries(ports.in).map(([name, p]) => ({ name, direction: 'input', ...p })),
    ...Object.entries(ports.out).map(([name, p]) => ({
      name,
      direction: 'output',
      format: p.format,
      lanes: p.lanes,
      doc: p.doc,
    })),
  ];
  if (output.json) {
    const { summary, family, equations, source, state } = unit;
    return output.document({
      schema: 'subbyte/show/1',
      id,
      unit: unit.id,
      summary: found.preset?.summary ?? summary,
      family,
      doc: found.entry.doc,
      equations,
      source,
      state,
      params,
      ports: rows,
    });
  }
  const part = (title: string, text: string): void => output.print(`\n${color.bold(title)}\n${text}`);
  output.print(`${color.bold(id)}: ${found.preset?.summary ?? unit.summary}`);
  if (found.entry.doc) output.print(found.entry.doc);
  part('Computes', unit.equations.map(e => `  ${e}`).join('\n'));
  part(
    'Parameters',
    params.length === 0
      ? '  none'
      : table([
          ['  flag', 'default', 'values', 'meaning'].map(color.dim),
          ...params.map(p => [`  --${p.flag}`, String(p.default), valuesOf(p), p.doc]),
        ]),
  );
  part(
    `Ports, at these parameters${unit.state ? '; with clk, rst and en' : ''}`,
    table([
      ['  name', 'direction', 'format', 'meaning'].map(color.dim),
      ...rows.map(r => [`  ${r.name}`, r.direction, r.lanes ? `${r.lanes} × ${r.format}` : r.format, r.doc]),
    ]),
  );
  part('Source', `  ${unit.source}`);
}

function valuesOf(p: ParamSpec): string {
  if (p.choices) return p.choices.join(' | ');
  if (p.formats) {
    const kinds = p.formats.filter(kind => kind !== 'exact').join(', ');
    return `a format: ${kinds}${p.formats.includes('exact') ? '; or exact' : ''}`;
  }
  if (p.type === 'boolean') return 'true | false';
  return p.min !== undefined || p.max !== undefined ? `${p.min ?? ''} … ${p.max ?? ''}` : p.type;
}

export async function formatsCommand(argv: readonly string[]): Promise<void> {
  const command = makeCommand(
    'gen formats',
    'The number formats, or one of them with every code of a small one.',
  ).argument('[id]');
  addCommon(command);
  parse(command, argv);
  const output = makeOutput(command.opts());
  const id = command.args[0];
  if (id === undefined) {
    if (output.json) return output.document({ schema: 'subbyte/formats/1', formats: FORMATS });
    output.print(
      table([
        ['id', 'meaning', 'also called'].map(color.dim),
        ...FORMATS.map(f => [f.id, f.summary, f.aliases.join(', ')]),
      ]),
    );
    output.print(
      '\nand int<W> uint<W> fix<W>.<F> ufix<W>.<F> e<E>m<M>[b<bias>][ieee|fn|fnuz|fin] p3109_k<K>p<P><s|u><e|f> ap_fixed<W,I>',
    );
    return;
  }
  const format = parseFormat(id);
  const description = describeFormat(format);
  const codes =
    format.width <= 8
      ? Array.from({ length: 2 ** format.width }, (_, code) => ({
          code: hex(BigInt(code), format.width),
          value: formatExact(format.decode(BigInt(code))),
        }))
      : undefined;
  if (output.json) return output.document({ schema: 'subbyte/format/1', ...description, codes });
  for (const [key, value] of Object.entries(description)) {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    output.print(
      `${color.dim(key.replace(/[A-Z]/g, c => ` ${c.toLowerCase()}`).padEnd(20))} ${textOf(value)}`,
    );
  }
  if (codes) {
    const columns = codes.length > 64 ? 8 : 4;
    const rows = Math.ceil(codes.length / columns);
    const cells = Array.from({ length: rows }, (_, r) =>
      Array.from({ length: columns }, (_, c) => codes[c * rows + r]).flatMap(x =>
        x ? [color.dim(x.code), x.value] : [],
      ),
    );
    output.print(`\n${table(cells)}`);
  }
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('; ');
  if (typeof value !== 'object' || value === null) return String(value);
  if ('kind' in value) return formatExact(value as Exact);
  return Object.values(value).map(textOf).join(' ');
}

export async function convertCommand(argv: readonly string[]): Promise<void> {
  const command = makeCommand('gen convert', 'Converts codes: one hex code a line in, one out.');
  command
    .option('--from <format>', 'format of the codes that come in')
    .option('--to <format>', 'format of the codes that go out')
    .option('--round <mode>', `${ROUNDINGS.join(', ')} (default rne)`)
    .option('--overflow <mode>', `${OVERFLOWS.join(', ')} (default saturate)`)
    .option('--subnormals <keep|flush>', 'default keep');
  addCommon(command);
  parse(command, argv);
  const options = command.opts<Record<string, unknown>>();
  for (const name of ['from', 'to'])
    if (options[name] === undefined)
      throw new UsageError(`--${name} is missing; expected a format (gen formats)`);
  const [from, to] = [parseFormat(String(options.from)), parseFormat(String(options.to))];
  const round = oneOf(options, 'round', ROUNDINGS, 'rne');
  if (round === 'stochastic')
    throw new UsageError(
      '--round: stochastic needs random bits, which a conversion of codes does not have; use another mode',
    );
  const policy = {
    round,
    overflow: oneOf(options, 'overflow', OVERFLOWS, 'saturate'),
    subnormals: oneOf(options, 'subnormals', ['keep', 'flush'], 'keep'),
  } as const;
  to.encode({ kind: 'finite', neg: false, mag: 0n, exp: 0 }, policy);
  const output = makeOutput(options);
  let number = 0;
  let lines: string[] = [];
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    const text = line.trim();
    if (text === '') continue;
    if (!/^(0x)?[0-9a-f]+$/i.test(text))
      throw new UsageError(
        `standard input, line ${number}: '${text.slice(0, 40)}' is no hex code; expected something like ${hex(0n, from.width)}`,
      );
    const code = BigInt(text.startsWith('0x') || text.startsWith('0X') ? text : `0x${text}`);
    if (code >> BigInt(from.width) !== 0n)
      throw new UsageError(
        `standard input, line ${number}: '${text.slice(0, 40)}' does not fit the ${from.width} bits of ${from.id}`,
      );
    lines.push(hex(convert(from, to, code, policy), to.width));
    if (lines.length === 4096 && !output.json) {
      process.stdout.write(`${lines.join('\n')}\n`);
      lines = [];
    }
  }
  if (output.json)
    output.document({ schema: 'subbyte/convert/1', from: from.id, to: to.id, ...policy, codes: lines });
  else if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}
