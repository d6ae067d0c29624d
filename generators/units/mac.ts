import { parseFormat } from '../formats/parse.ts';
import type { Builder } from '../hdl/builder.ts';
import { Signal, type Vector } from '../hdl/signal.ts';
import { tooWide } from './formats.ts';
import { goldenRunningSums, isFlag, sumFormat } from './runningSum.ts';
import type { InputSignals, OutputPort, Ports, Unit } from './unit.ts';

/** What each `-mac` has beside the parameters of its `-dot`. */
export interface BeatsParams {
  /** Most beats of one sum, from one `first` to the next: the sum is as wide as so many can make it, and wraps beyond. @min 1 @max 1048576 @default 256 */
  beats: number;
}

interface Parts<P> extends Pick<Unit<P>, 'id' | 'summary' | 'presets'> {
  /** The stateless unit whose answers are added up: integers or fixed-point numbers, and flags of one bit. */
  readonly dot: Unit<P>;
  /** The input port from which the sum `y` starts, in place of 0. */
  readonly start?: string;
  /** Outputs that are the same for all beats of a sum: shown as of the last one, not added up. */
  readonly shown?: readonly string[];
}

/**
 * The running sum of a dot product: `first` starts a new one, `en` accepts a beat. Each exact output grows by the bits that
 * `beats` need; a flag of the dot product stays set until the next `first`.
 */
export function defineMac<P extends BeatsParams>({
  dot,
  id,
  summary,
  presets,
  start,
  shown = [],
}: Parts<P>): Unit<P> {
  const unit: Unit<P> = {
    id,
    family: dot.family,
    summary,
    equations: [
      ...dot.equations.map(e =>
        e.replace(/^(\w+) = /, (whole, name: string) => (shown.includes(name) ? whole : `${name}_beat = `)),
      ),
      ...sumEquations(dot, start, shown),
    ],
    source: dot.source,
    state: true,
    ...(presets ? { presets } : {}),
    check(p) {
      const problems = dot.check?.(p) ?? [];
      if (problems.length > 0) return problems;
      return Object.values(unit.ports(p).out).flatMap(port => tooWide(port.format));
    },
    ports(p): Ports {
      const ports = dot.ports(p);
      const first = { format: 'uint1', doc: `this beat starts a new sum, from ${start ?? 0}` };
      const from = startOf(ports, start);
      const out = Object.entries(ports.out).map(([name, port]) => [
        name,
        shown.includes(name)
          ? { ...port, doc: `${port.doc}, as of the last beat` }
          : summed(name, port, p.beats, name === 'y' ? from?.format : undefined),
      ]);
      return { in: { first, ...ports.in }, out: Object.fromEntries(out) };
    },
    golden(p) {
      const ports = dot.ports(p);
      return goldenRunningSums(dot.golden(p), ports.out, p.beats, startOf(ports, start), shown);
    },
    datapath(b, x, p) {
      const answers = dot.datapath(b, x, p);
      return b.scope('', 'The running sum', () =>
        accumulate(b, x, answers, dot.ports(p), p.beats, start, shown),
      );
    },
    *corners(p) {
      for (const beat of dot.corners?.(p) ?? []) {
        yield { first: 1n, ...beat };
        yield { first: 0n, ...beat };
      }
    },
  };
  return unit;
}

function startOf(ports: Ports, start: string | undefined): { port: string; format: string } | undefined {
  return start === undefined ? undefined : { port: start, format: ports.in[start]!.format };
}

function sumEquations(
  dot: { equations: readonly string[] },
  start: string | undefined,
  shown: readonly string[],
): string[] {
  return dot.equations.flatMap(e => {
    const name = /^(\w+) = /.exec(e)?.[1];
    const from = name === 'y' ? (start ?? '0') : '0';
    return name === undefined || shown.includes(name)
      ? []
      : [`${name} ← (first ? ${from} : ${name}) + ${name}_beat, exact`];
  });
}

function summed(name: string, port: OutputPort, beats: number, start: string | undefined): OutputPort {
  if (isFlag(name, port)) return { ...port, doc: `${port.doc}; since first` };
  return {
    format: sumFormat(port.format, beats, start),
    ...(port.lanes === undefined ? {} : { lanes: port.lanes }),
    doc: `the running sum of ${name === 'y' ? 'the dot products' : port.doc}, modulo its width`,
    policy: { overflow: 'wrap' },
  };
}

function accumulate(
  b: Builder,
  x: InputSignals,
  answers: Readonly<Record<string, Signal | Vector>>,
  ports: Ports,
  beats: number,
  start: string | undefined,
  shown: readonly string[],
): Record<string, Signal | Vector> {
  const first = x.signal('first');
  const from = startOf(ports, start);
  const result: Record<string, Signal | Vector> = {};
  for (const [name, port] of Object.entries(ports.out)) {
    const term = answers[name];
    if (!(term instanceof Signal)) throw new Error(`${name}: a running sum of lanes is not built`);
    if (shown.includes(name)) {
      const [min, max] = term.range;
      const last = b.register(`${name}_last`, { min: min < 0n ? min : 0n, max }, 0n, term.lsb);
      last.next(term);
      result[name] = last.after;
      continue;
    }
    if (isFlag(name, port)) {
      const flag = b.register(`${name}_seen`, { min: 0n, max: 1n });
      flag.next(flag.value.and(first.not()).or(term));
      result[name] = flag.after;
      continue;
    }
    const { width, signed, lsbExponent } = parseFormat(
      sumFormat(port.format, beats, name === 'y' ? from?.format : undefined),
    );
    const max = 2n ** BigInt(signed ? width - 1 : width) - 1n;
    const sum = b.register(
      `${name === 'y' ? 'sum' : `${name}_sum`}`,
      { min: signed ? -max - 1n : 0n, max },
      0n,
      lsbExponent,
    );
    const initial = from && name === 'y' ? x.signal(from.port) : b.const(0, lsbExponent);
    const carried = b.mux(first, initial, sum.value);
    sum.next(carried.add(term).wrap(width, signed));
    result[name] = sum.after;
  }
  return result;
}
