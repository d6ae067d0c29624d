import { sumOfSelected, sumsOfEither } from '../blocks/selectSum.ts';
import { exactDot, minus, plus, type Value, type Values } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { signedSumFormat, TRIT } from './trits.ts';
import { defineUnit, type InputSignals, type Ports } from './unit.ts';

export interface Params {
  /** Products of a beat. @min 1 @max 1024 @default 16 */
  lanes: number;
  /** Format of the real and imaginary parts. @format integer fixed @default int8 */
  a: string;
  /** One scale for all weights gives the two parts of the result; with scales of their own for real and imaginary weights, the four sums come out unscaled, for a multiplication behind. @default shared */
  scales: 'shared' | 'split';
  /** Whether the numbers are conjugated, as in Fairy±i. @default true */
  conjugate: boolean;
}

type Beat = Readonly<Record<'a_re' | 'a_im' | 'b', Values>>;

/** The parts of i^k. */
const RE = [1, 0, -1, 0];
const IM = [0, 1, 0, -1];

/**
 * Dot product of complex numbers and weights that are 1, i, −1 or −i: each product is the number with its parts swapped
 * or not, and each part negated or not. The four sums of `--scales split` are the same with and without conjugation.
 */
export const unit = defineUnit<Params, Beat, Record<string, Value>>({
  id: 'cquad-dot',
  family: 'multiplier-free',
  summary: 'Exact complex dot product with weights ±1 and ±i.',
  equations: [
    'w[i] = i^b[i]',
    'shared, conjugated: y_re + i·y_im = Σ conj(a[i])·w[i], exact',
    'shared: y_re + i·y_im = Σ a[i]·w[i], exact',
    'split: y_rr = Σ a_re[i]·w_re[i], y_ii = Σ a_im[i]·w_im[i], y_ri = Σ a_re[i]·w_im[i], y_ir = Σ a_im[i]·w_re[i]',
  ],
  source: 'Fairy±i (iFairy)',
  state: false,
  check: p =>
    p.scales === 'split' && !p.conjugate
      ? [
          '--conjugate false does nothing with --scales split, whose four sums serve both products: leave it out',
        ]
      : [],
  ports(p): Ports {
    const part = { format: p.a, lanes: p.lanes };
    const y = { format: signedSumFormat(p.a, p.lanes) };
    const inputs: Ports['in'] = {
      a_re: { ...part, doc: 'real parts' },
      a_im: { ...part, doc: 'imaginary parts' },
      b: { format: 'uint2', lanes: p.lanes, doc: 'weights, as powers of i' },
    };
    if (p.scales === 'shared')
      return {
        in: inputs,
        out: {
          y_re: { ...y, doc: 'real part of the sum' },
          y_im: { ...y, doc: 'imaginary part of the sum' },
        },
      };
    return {
      in: inputs,
      out: {
        y_rr: { ...y, doc: 'real parts times real weights' },
        y_ii: { ...y, doc: 'imaginary parts times imaginary weights' },
        y_ri: { ...y, doc: 'real parts times imaginary weights' },
        y_ir: { ...y, doc: 'imaginary parts times real weights' },
      },
    };
  },
  golden(p) {
    const dot = exactDot(parseFormat(p.a), parseFormat(TRIT), p.lanes);
    const [re, im] = [new Float64Array(p.lanes), new Float64Array(p.lanes)];
    return {
      step({ a_re, a_im, b }) {
        for (let i = 0; i < p.lanes; i++) {
          re[i] = RE[b[i] as number]!;
          im[i] = IM[b[i] as number]!;
        }
        const sums = { y_rr: dot(a_re, re), y_ii: dot(a_im, im), y_ri: dot(a_re, im), y_ir: dot(a_im, re) };
        if (p.scales === 'split') return sums;
        const { y_rr, y_ii, y_ri, y_ir } = sums;
        if (p.conjugate) return { y_re: plus(y_rr, y_ii), y_im: minus(y_ri, y_ir) };
        return { y_re: minus(y_rr, y_ii), y_im: plus(y_ri, y_ir) };
      },
    };
  },
  datapath: (b, x, p) => (p.scales === 'shared' ? sharedSums(b, x, p.conjugate) : splitSums(b, x)),
});

/** Each lane of a sum takes one of the two parts, as it is or negated: a function of four bits. */
function sharedSums(b: Builder, x: InputSignals, conjugate: boolean): Record<string, Signal> {
  const [re, im, weights] = [x.vector('a_re'), x.vector('a_im'), x.vector('b')];
  const [high, differ, alike] = [
    [2, 3],
    [1, 2],
    [0, 3],
  ] as const;
  const sums = sumsOfEither(
    b,
    [re, im],
    weights,
    [1, 3],
    [
      { name: 're', title: 'Real part', negative: conjugate ? high : differ },
      { name: 'im', title: 'Imaginary part', negative: conjugate ? alike : high },
    ],
  );
  return { y_re: sums[0], y_im: sums[1] };
}

function splitSums(b: Builder, x: InputSignals): Record<string, Signal> {
  const sum = (name: string, title: string, part: Vector, odd: boolean) =>
    b.scope(name, title, () =>
      sumOfSelected(b, `${name}_term`, part, x.vector('b'), k => {
        return { use: odd ? k.bit(0) : k.bit(0).not(), negative: k.bit(1) };
      }),
    );
  const [re, im] = [x.vector('a_re'), x.vector('a_im')];
  return {
    y_rr: sum('rr', 'Real parts times real weights', re, false),
    y_ii: sum('ii', 'Imaginary parts times imaginary weights', im, true),
    y_ri: sum('ri', 'Real parts times imaginary weights', re, true),
    y_ir: sum('ir', 'Imaginary parts times real weights', im, false),
  };
}
