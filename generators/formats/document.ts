import { FORMATS } from './catalogue.ts';
import { describeFormat } from './describe.ts';
import { formatExact, fromNumber } from './exact.ts';
import { parseFormat } from './parse.ts';
import type { Exact, Overflow, Policy, Round } from './types.ts';

/** The tables of docs/formats.md that are computed: formats, roundings of ties, results of overflow. */
export function formatsMarkdown(): string {
  return [
    '### Formats with a name',
    '',
    ...formatTable(),
    '',
    '### What each rounding does to a tie',
    '',
    ...tieTable(),
    '',
    '### What each overflow rule gives',
    '',
    ...overflowTable(),
    '',
  ].join('\n');
}

function formatTable(): string[] {
  const rows = FORMATS.map(({ id, aliases }) => {
    const d = describeFormat(parseFormat(id));
    const numbers = [
      d.max,
      d.min,
      d.smallestNormal ?? '',
      d.smallestSubnormal ?? d.step ?? '',
      `${d.bias ?? ''}`,
    ];
    const specials = d.specials
      .filter(({ meaning }) => meaning !== 'zero')
      .map(({ meaning, from, to }) => `${meaning} ${code(from === to ? from : `${from}…${to}`)}`)
      .join(', ');
    const names = [...aliases, d.q ?? ''].filter(name => name !== '');
    return row([code(id), code(d.picture), ...numbers, specials, names.map(code).join(' '), d.source]);
  });
  const heads = [
    'id',
    'bits',
    'max',
    'min',
    'smallest normal',
    'smallest subnormal, or step',
    'bias',
    'special codes',
  ];
  return table([...heads, 'other names', 'source'], rows);
}

const TIES = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5];
const BETWEEN = [-1.75, -1.25, 1.25, 1.75];

const ROUNDING_TEXTS: readonly (readonly [Round, string, string])[] = [
  ['rne', 'nearest, ties to even', '`RND_CONV`'],
  ['rna', 'nearest, ties away from zero', '`RND_INF`'],
  ['rtz', 'toward zero', '`TRN_ZERO`'],
  ['rup', 'toward +∞', ''],
  ['rdn', 'toward −∞', '`TRN`'],
  ['odd', 'to odd when inexact', ''],
  ['rhu', 'nearest, ties up', '`RND`'],
  ['rhd', 'nearest, ties down', '`RND_MIN_INF`'],
  ['rhz', 'nearest, ties toward zero', '`RND_ZERO`'],
  ['trn', 'floor, as `rdn`', '`TRN`'],
];

function tieTable(): string[] {
  const inputs = [...TIES, ...BETWEEN];
  const rows = ROUNDING_TEXTS.map(([round, text, name]) =>
    row([code(round), text, name, ...inputs.map(x => converted('int8', fromNumber(x), { round }))]),
  );
  return table(['rounding', 'rounds', 'ap_fixed', ...inputs.map(signed)], rows);
}

const OVERFLOWS: readonly Overflow[] = ['saturate', 'special', 'wrap', 'satsym', 'satzero', 'wrapsm'];
const OVERFLOWING = [
  'e5m2',
  'e4m3',
  'e4m3fnuz',
  'e2m1',
  'p3109_k8p4se',
  'p3109_k8p4sf',
  'e8m0',
  'int4',
  'uint4',
];

function overflowTable(): string[] {
  const inputs: (readonly [string, Exact])[] = [
    ['2^200', { kind: 'finite', neg: false, mag: 1n, exp: 200 }],
    ['−2^200', { kind: 'finite', neg: true, mag: 1n, exp: 200 }],
    ['9', fromNumber(9)],
    ['−9', fromNumber(-9)],
    ['∞', { kind: 'inf', neg: false }],
    ['−∞', { kind: 'inf', neg: true }],
    ['NaN', { kind: 'nan' }],
  ];
  const rows = OVERFLOWING.flatMap(id => {
    const { kind, signed } = parseFormat(id);
    return OVERFLOWS.filter(overflow =>
      kind === 'integer'
        ? overflow !== 'wrapsm' || signed
        : overflow === 'saturate' || overflow === 'special',
    ).map(overflow =>
      row([code(id), code(overflow), ...inputs.map(([, x]) => converted(id, x, { overflow }))]),
    );
  });
  return table(['to', 'overflow', ...inputs.map(([text]) => text)], rows);
}

function converted(id: string, value: Exact, policy: Partial<Policy>): string {
  const format = parseFormat(id);
  return formatExact(format.decode(format.encode(value, policy)))
    .replace('-', '−')
    .replace('Infinity', '∞');
}

function table(heads: readonly string[], rows: readonly string[]): string[] {
  return [row(heads), `|${'---|'.repeat(heads.length)}`, ...rows];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function signed(x: number): string {
  return String(x).replace('-', '−');
}
