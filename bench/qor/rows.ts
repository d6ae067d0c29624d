/** The functions whose hardware is measured: our unit, the same in behavioural Verilog, and what we want to reach. */

export const FAMILIES = ['xc7', 'ice40', 'ecp5'] as const;
export type Family = (typeof FAMILIES)[number];

/** What others' Verilog costs, as reports count it. */
export interface Peer {
  readonly luts: number;
  readonly levels: number;
}

export interface Row {
  /** Stands for the row in results, and never changes. */
  readonly id: string;
  readonly title: string;
  /** What `gen --unit` takes. */
  readonly unit: readonly string[];
  readonly baseline: {
    /** Module and file in `baselines/`. */
    readonly top: string;
    readonly params?: Readonly<Record<string, number>>;
  };
  /** The best open RTL that we know for this function; absent where we know of none. */
  readonly peer: Partial<Readonly<Record<Family, Peer>>>;
  /** LUTs that we want to be at or below. */
  readonly goal: Readonly<Record<Family, number>>;
  /** The same for cells of the family that are set by hand, where that is another goal. */
  readonly goalInCells?: Partial<Readonly<Record<Family, number>>>;
}

const families = (xc7: number, ice40: number, ecp5: number): Readonly<Record<Family, number>> => ({
  xc7,
  ice40,
  ecp5,
});

/** LUTs and levels of the best open RTL, by family in the order of `FAMILIES`, as far as known. */
const peers = (...costs: readonly (readonly [luts: number, levels: number])[]): Row['peer'] =>
  Object.fromEntries(costs.map(([luts, levels], i) => [FAMILIES[i]!, { luts, levels }]));

const dot = (format: string): readonly string[] => ['fp-dot', '--a', format, '--b', format];
const multiply = (format: string, ...more: readonly string[]): readonly string[] => [
  'fp-mul',
  ...['--a', format, '--b', format, '--result', format],
  ...more,
];

export const ROWS: readonly Row[] = [
  {
    id: 'fp-mul-e2m1',
    title: 'E2M1 product, exact, sign and magnitude',
    unit: ['fp-mul', '--a', 'e2m1', '--b', 'e2m1', '--result', 'exact', '--sign-apart'],
    baseline: { top: 'fp_mul_exact', params: {} },
    peer: peers([17, 6], [38, 9], [52, 7]),
    goal: families(9, 24, 28),
  },
  {
    id: 'fp-mul-e4m3',
    title: 'E4M3 product, rounded, saturating',
    unit: multiply('e4m3'),
    baseline: { top: 'fp_mul', params: { E: 4, M: 3 } },
    peer: peers([118, 18], [169, 36], [246, 29]),
    goal: families(85, 125, 160),
  },
  {
    id: 'fp-mul-e4m3-flush',
    title: 'E4M3 product, without subnormals',
    unit: multiply('e4m3', '--subnormals', 'flush'),
    baseline: { top: 'fp_mul', params: { E: 4, M: 3, FLUSH: 1 } },
    peer: peers([51, 13], [78, 23], [114, 17]),
    goal: families(45, 62, 80),
  },
  {
    id: 'fp-mul-e5m2',
    title: 'E5M2 product, rounded',
    unit: multiply('e5m2', '--overflow', 'special'),
    baseline: { top: 'fp_mul', params: { E: 5, M: 2, IEEE: 1 } },
    peer: peers([103, 20], [134, 35], [174, 25]),
    goal: families(75, 105, 130),
  },
  {
    id: 'fp-add-bf16',
    title: 'bfloat16 sum',
    unit: ['fp-add', '--overflow', 'special'],
    baseline: { top: 'fp_add', params: { E: 8, M: 7 } },
    peer: peers([315, 34], [433, 60], [494, 49]),
    goal: families(185, 270, 320),
  },
  {
    id: 'fp-add-fp32',
    title: 'fp32 sum',
    unit: ['fp-add', '--a', 'fp32', '--b', 'fp32', '--result', 'fp32', '--overflow', 'special'],
    baseline: { top: 'fp_add', params: { E: 8, M: 23 } },
    peer: peers([889, 51], [1267, 124], [1431, 79]),
    goal: families(430, 640, 760),
  },
  {
    id: 'fp-fma-bf16',
    title: 'bfloat16 fused multiply-add',
    unit: ['fp-fma', '--overflow', 'special'],
    baseline: { top: 'fp_fma', params: { E: 8, M: 7 } },
    peer: peers([549, 48], [764, 103]),
    goal: families(430, 600, 700),
  },
  {
    id: 'lmul-bf16',
    title: 'L-Mul product of bfloat16',
    unit: ['lmul', '--operand', 'bf16'],
    baseline: { top: 'lmul' },
    peer: peers([61, 9], [78, 21], [93, 15]),
    goal: families(40, 48, 52),
  },
  {
    id: 'fp-dot-e2m1',
    title: 'FP4 E2M1 dot product, 32 lanes, exact',
    unit: dot('e2m1'),
    baseline: { top: 'fp_dot', params: { E: 2, M: 1, W: 14 } },
    peer: peers([1422, 18], [2049, 29], [3031, 31]),
    goal: families(620, 1150, 1300),
    goalInCells: { xc7: 480 },
  },
  {
    id: 'fp-dot-e2m3',
    title: 'FP6 E2M3 dot product, 32 lanes, exact',
    unit: dot('e2m3'),
    baseline: { top: 'fp_dot', params: { E: 2, M: 3, W: 18 } },
    peer: peers([2959, 23], [4053, 34]),
    goal: families(1700, 2700, 3000),
  },
  {
    id: 'fp-dot-e3m2',
    title: 'FP6 E3M2 dot product, 32 lanes, exact',
    unit: dot('e3m2'),
    baseline: { top: 'fp_dot', params: { E: 3, M: 2, W: 24 } },
    peer: peers([2984, 23]),
    goal: families(1750, 2900, 3200),
  },
  {
    id: 'fp-dot-e4m3',
    title: 'FP8 E4M3 dot product, 32 lanes, exact',
    unit: dot('e4m3'),
    baseline: { top: 'fp_dot', params: { E: 4, M: 3, W: 42, NAN: 1 } },
    peer: peers([5974, 31]),
    goal: families(3600, 5200, 6000),
  },
  {
    id: 'fx-dot-int8',
    title: 'int8 dot product, 32 lanes, no multiplier block',
    unit: ['fx-dot'],
    baseline: { top: 'fx_dot' },
    peer: peers([6098, 29], [7660, 31]),
    goal: families(3300, 5500, 5800),
    goalInCells: { xc7: 2200 },
  },
  {
    id: 'ternary-dot',
    title: 'Ternary × int8 dot product, 32 lanes',
    unit: ['ternary-dot'],
    baseline: { top: 'ternary_dot' },
    peer: peers(),
    goal: families(430, 580, 600),
    goalInCells: { xc7: 320 },
  },
  {
    id: 'cquad-dot',
    title: 'Complex {±1, ±i} × int8 dot product, 16 lanes',
    unit: ['cquad-dot'],
    baseline: { top: 'cquad_dot' },
    peer: peers(),
    goal: families(400, 570, 600),
    goalInCells: { xc7: 300 },
  },
  {
    id: 'xnor-dot-64',
    title: 'XNOR dot product, 64 signs',
    unit: ['xnor-dot'],
    baseline: { top: 'xnor_dot' },
    peer: peers([122, 8], [163, 11], [252, 16]),
    goal: families(85, 120, 150),
  },
  {
    id: 'xnor-dot-256',
    title: 'XNOR dot product, 256 signs',
    unit: ['xnor-dot', '--lanes', '256'],
    baseline: { top: 'xnor_dot', params: { N: 256, W: 10 } },
    peer: peers([576, 15]),
    goal: families(360, 500, 640),
  },
  {
    id: 'fx-mul-int8',
    title: 'int8 product, no multiplier block',
    unit: ['fx-mul', '--a', 'int8', '--b', 'int8'],
    baseline: { top: 'fx_mul' },
    peer: peers([120, 8], [150, 9], [262, 22]),
    goal: families(100, 125, 150),
    goalInCells: { xc7: 66 },
  },
];
