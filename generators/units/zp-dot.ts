import { sumOfProducts } from '../blocks/accumulate.ts';
import { exactDot, minus, plus, sumOf, times, type Value, type Values } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { fixedFormat, integersOf } from './formats.ts';
import { defineUnit, type Golden, type InputSignals, type Port, type Ports } from './unit.ts';

export interface Params {
  /** Products of a beat. @min 1 @max 256 @default 16 */
  lanes: number;
  /** Format of the activations. @format integer @default uint8 */
  a: string;
  /** Format of the weights. @format integer @default int8 */
  b: string;
  /** Format of the bias. @format integer @default int32 */
  bias: string;
  /** Which zero points the hardware applies: none, for symmetric weights, where the bias holds that of the activations; that of the weights, the bias holding the rest; or both, as they come. @default sym */
  mode: 'sym' | 'asym' | 'full';
}

interface Beat {
  readonly a: Values;
  readonly b: Values;
  readonly zx?: Value;
  readonly zw?: Value;
  readonly bias: Value;
}

type Range = readonly [bigint, bigint];

/** What one lane adds, between two bounds. */
function laneRange(p: Params): Range {
  const around = ([min, max]: Range): Range => [min - max, max - min];
  const [a, b] = [integersOf(parseFormat(p.a)), integersOf(parseFormat(p.b))];
  const x = p.mode === 'full' ? around(a) : a;
  const w = p.mode === 'sym' ? b : around(b);
  const corners = x.flatMap(i => w.map(j => i * j));
  return [corners.reduce((m, c) => (c < m ? c : m)), corners.reduce((m, c) => (c > m ? c : m))];
}

export function sumRange(p: Params): Range {
  const [min, max] = laneRange(p);
  return [min * BigInt(p.lanes), max * BigInt(p.lanes)];
}

/** Σ a has a format of its own, as other rows of weights share it. */
function activationSumFormat(p: Params): string {
  const [min, max] = integersOf(parseFormat(p.a));
  return fixedFormat(min * BigInt(p.lanes), max * BigInt(p.lanes), 0);
}

/**
 * Dot product of integers with zero points: activations a stand for s·(a − zx), weights b for s·(b − zw). Of
 * Σ (a − zx)(b − zw) = Σ a·b − zw·Σ a − zx·Σ b + lanes·zx·zw, whatever does not depend on the activations is known
 * beforehand and belongs into the bias: −zx·Σ b in mode `sym`, where zw is 0, and −zx·Σ b + lanes·zx·zw in mode `asym`,
 * which also gives Σ a, as all rows of weights share it. Mode `full` takes both zero points and needs no preparation.
 */
export const unit = defineUnit<Params, Beat, { y: Value; sumx?: Value }>({
  id: 'zp-dot',
  family: 'fixed-point',
  summary: 'Exact dot product of integers with zero points and a bias.',
  equations: [
    'y = Σ a[i]·b[i] + bias in mode sym, Σ a[i]·b[i] − zw·Σ a[i] + bias in mode asym, Σ (a[i] − zx)·(b[i] − zw) + bias in mode full',
    'sumx = Σ a[i], in mode asym',
  ],
  source: 'A White Paper on Neural Network Quantization (arXiv 2106.08295), section 2.3',
  state: false,
  check(p) {
    const widthOf = (id: string): number => parseFormat(id).width;
    const outside = [p.a, p.b].filter(id => widthOf(id) < 2 || widthOf(id) > 24);
    const wide =
      widthOf(p.bias) > 64 ? [`bias ${p.bias} has more than 64 bits; choose a narrower format`] : [];
    return [...outside.map(id => `${id} has ${widthOf(id)} bits; choose a format of 2 to 24`), ...wide];
  },
  ports(p): Ports {
    const zx: Record<string, Port> = { zx: { format: p.a, doc: 'zero point of the activations' } };
    const zw: Record<string, Port> = { zw: { format: p.b, doc: 'zero point of the weights' } };
    const [min, max] = sumRange(p);
    const [biasMin, biasMax] = integersOf(parseFormat(p.bias));
    const sumx = { format: activationSumFormat(p), doc: 'sum of the activations' };
    return {
      in: {
        a: { format: p.a, lanes: p.lanes, doc: 'activations' },
        b: { format: p.b, lanes: p.lanes, doc: 'weights' },
        ...(p.mode === 'full' ? zx : {}),
        ...(p.mode === 'sym' ? {} : zw),
        bias: { format: p.bias, doc: 'bias, with the part of the zero points that is known beforehand' },
      },
      out: {
        y: { format: fixedFormat(min + biasMin, max + biasMax, 0), doc: 'sum of the products, corrected' },
        ...(p.mode === 'asym' ? { sumx } : {}),
      },
    };
  },
  golden(p): Golden<Beat, { y: Value; sumx?: Value }> {
    const dot = exactDot(parseFormat(p.a), parseFormat(p.b), p.lanes);
    if (p.mode === 'full') {
      return {
        step({ a, b, zx, zw, bias }) {
          let sum = bias;
          for (let i = 0; i < a.length; i++) sum = plus(sum, times(minus(a[i]!, zx!), minus(b[i]!, zw!)));
          return { y: sum };
        },
      };
    }
    if (p.mode === 'sym') return { step: ({ a, b, bias }) => ({ y: plus(dot(a, b), bias) }) };
    return {
      step({ a, b, zw, bias }) {
        const sumx = sumOf(a);
        return { y: plus(minus(dot(a, b), times(zw!, sumx)), bias), sumx };
      },
    };
  },
  datapath(b, x, p) {
    const { sum, ...others } = corrected(b, x, p);
    const [min, max] = sumRange(p);
    return { y: sum.narrow(min, max).add(x.signal('bias')), ...others };
  },
  *corners(p) {
    // The longest sums, of each sign: all lanes at the ends of their ranges, with the zero points at the same or the others.
    const ends = (id: string): bigint[] => {
      const { width, signed } = parseFormat(id);
      const half = 1n << BigInt(width - 1);
      return signed ? [half, half - 1n] : [0n, 2n * half - 1n];
    };
    let beats: Record<string, bigint | bigint[]>[] = [{}];
    for (const [name, { format, lanes }] of Object.entries(unit.ports(p).in)) {
      beats = ends(format).flatMap(code => {
        const codes = lanes === undefined ? code : Array.from({ length: lanes }, () => code);
        return beats.map(beat => ({ ...beat, [name]: codes }));
      });
    }
    yield* beats;
  },
});

/** The sum without the bias. */
function corrected(b: Builder, x: InputSignals, p: Params): { sum: Signal; sumx?: Signal } {
  const [activations, weights] = [x.vector('a'), x.vector('b')];
  if (p.mode === 'full') {
    return b.scope('', 'Σ (a − zx)·(b − zw)', () => {
      const products = b.lanes('product', [activations, weights] as const, (a, w) =>
        a.sub(x.signal('zx')).mul(w.sub(x.signal('zw'))),
      );
      return { sum: products.as('products').sum('sum') };
    });
  }
  const dot = b.scope('', 'Σ a·b', () => sumOfProducts(b, p.a, p.b, activations, weights).sum);
  if (p.mode === 'sym') return { sum: dot };
  return b.scope('', 'Correction by zw·Σ a', () => {
    const activationSum = activations.sum('activation_sum');
    const correction = activationSum.mul(x.signal('zw'));
    return { sum: dot.sub(correction), sumx: activationSum };
  });
}
