import { parseFormat } from '../formats/parse.ts';
import type { Builder } from '../hdl/builder.ts';
import { Signal, type Vector } from '../hdl/signal.ts';
import { goldenRunningSums, sumFormat } from './runningSum.ts';
import type { InputSignals, OutputPort, Ports, Unit } from './unit.ts';

/** What each `-mac` has beside the parameters of its `-dot`. */
export interface BeatsParams {
  /** Most beats of one sum, from one `first` to the next: the sum is as wide as so many can make it, and wraps beyond. @min 1 @max 1048576 @default 256 */
  beats: number;
}

interface Parts<P> extends Pick<Unit<P>, 'id' | 'summary' | 'presets'> {
  /** The stateless unit whose answers are added up: integers or fixed-point numbers, and flags of one bit. */
  readonly dot: Unit<P>;
}

/**
 * The running sum of a dot product: `first` starts a new one, `en` accepts a beat. Each exact output grows by the bits that
 * `beats` need; a flag of the dot product stays set until the next `first`.
 */
export function defineMac<P extends BeatsParams>({ dot, id, summary, presets }: Parts<P>): Unit<P> {
  return {
    id,
    family: dot.family,
    summary,
    equations: [...dot.equations.map(e => e.replace(/^(\w+) = /, '$1_beat = ')), ...sumEquations(dot)],
    source: dot.source,
    state: true,
    ...(presets ? { presets } : {}),
    ...(dot.check ? { check: p => dot.check!(p) } : {}),
    ports(p): Ports {
      const ports = dot.ports(p);
      const first = { format: 'uint1', doc: 'this beat starts a new sum, from 0' };
      const out = Object.entries(ports.out).map(([name, port]) => [name, summed(name, port, p.beats)]);
      return { in: { first, ...ports.in }, out: Object.fromEntries(out) };
    },
    golden: p => goldenRunningSums(dot.golden(p), dot.ports(p).out, p.beats),
    datapath(b, x, p) {
      const answers = dot.datapath(b, x, p);
      return b.scope('', 'The running sum', () => accumulate(b, x, answers, dot.ports(p).out, p.beats));
    },
    *corners(p) {
      for (const beat of dot.corners?.(p) ?? []) {
        yield { first: 1n, ...beat };
        yield { first: 0n, ...beat };
      }
    },
  };
}

function sumEquations(dot: { equations: readonly string[] }): string[] {
  return dot.equations.flatMap(e => {
    const name = /^(\w+) = /.exec(e)?.[1];
    return name === undefined ? [] : [`${name} ← (first ? 0 : ${name}) + ${name}_beat, exact`];
  });
}

function summed(name: string, port: OutputPort, beats: number): OutputPort {
  if (isFlag(port)) return { ...port, doc: `${port.doc}; since first` };
  return {
    format: sumFormat(port.format, beats),
    ...(port.lanes === undefined ? {} : { lanes: port.lanes }),
    doc: `the running sum of ${name === 'y' ? 'the dot products' : port.doc}, modulo its width`,
    policy: { overflow: 'wrap' },
  };
}

const isFlag = (port: OutputPort): boolean => port.format === 'uint1';

function accumulate(
  b: Builder,
  x: InputSignals,
  answers: Readonly<Record<string, Signal | Vector>>,
  ports: Ports['out'],
  beats: number,
): Record<string, Signal | Vector> {
  const first = x.signal('first');
  const result: Record<string, Signal | Vector> = {};
  for (const [name, port] of Object.entries(ports)) {
    const term = answers[name];
    if (!(term instanceof Signal)) throw new Error(`${name}: a running sum of lanes is not built`);
    if (isFlag(port)) {
      const flag = b.register(`${name}_seen`, { min: 0n, max: 1n });
      flag.next(flag.value.and(first.not()).or(term));
      result[name] = flag.after;
      continue;
    }
    const { width, signed, lsbExponent } = parseFormat(sumFormat(port.format, beats));
    const max = 2n ** BigInt(signed ? width - 1 : width) - 1n;
    const sum = b.register(
      `${name === 'y' ? 'sum' : `${name}_sum`}`,
      { min: signed ? -max - 1n : 0n, max },
      0n,
      lsbExponent,
    );
    const carried = b.mux(first, b.const(0, lsbExponent), sum.value);
    sum.next(carried.add(term).wrap(width, signed));
    result[name] = sum.after;
  }
  return result;
}
