import type { Design, Parameters } from '../../generators/emit/design.ts';
import { built } from '../built.ts';

const { design, DEFAULT_GOAL } =
  await built<typeof import('../../generators/emit/design.ts')>('generators/emit/design');
const { findUnit, loadUnit } = await built<typeof import('../../generators/reflect/catalogue.ts')>(
  'generators/reflect/catalogue',
);
const { goldenExecution, interpreterExecution } =
  await built<typeof import('../../sim/executions.ts')>('sim/executions');
const { layoutOf, outputLayout, readWide, writeWide } =
  await built<typeof import('../../sim/codec.ts')>('sim/codec');

/** Codes by port: one, or one for each lane. */
export type Codes = Readonly<Record<string, bigint | readonly bigint[]>>;

/** A unit or preset at the given parameters, the others at their defaults. */
export async function designOf(id: string, params: Parameters = {}): Promise<Design> {
  const found = findUnit(id);
  if (!found) throw new Error(`no unit is called '${id}'`);
  const defaults = Object.fromEntries(found.entry.params.map(p => [p.name, p.default]));
  const all = { ...defaults, ...found.preset?.params, ...params };
  const unit = await loadUnit<Design['unit']>(id);
  const problems = unit.check?.(all) ?? [];
  if (problems.length > 0) throw new Error(`${id}: ${problems.join('; ')}`);
  return design(unit, all, DEFAULT_GOAL);
}

/**
 * What the golden model, or the datapath in the interpreter, answers to some beats: codes by port, lanes in a list. For a
 * unit with state the beats follow each other from reset, all accepted.
 */
export function answersOf(
  made: Design,
  beats: readonly Codes[],
  engine: 'golden' | 'interpreter' = 'golden',
): Record<string, bigint | bigint[]>[] {
  const input = layoutOf(made.inputs, true);
  const output = outputLayout(made);
  const records = new Uint32Array(beats.length * input.size);
  beats.forEach((beat, k) => {
    records[k * input.size + input.accept] = 1;
    for (const { port, offset } of input.ports) {
      const given = beat[port.name];
      if (given === undefined) throw new Error(`beat ${k} gives nothing for '${port.name}'`);
      const { width } = port.format;
      (typeof given === 'bigint' ? [given] : given).forEach((code, i) => {
        if (code < 0n || code >> BigInt(width) !== 0n)
          throw new Error(`${port.name}: ${code} is no ${width}-bit code`);
        writeWide(records, k * input.size + offset, i * width, width, code);
      });
    }
  });
  const execution = (engine === 'golden' ? goldenExecution : interpreterExecution)(made);
  const words = execution.run(records, beats.length) as Uint32Array;
  return beats.map((_, k) =>
    Object.fromEntries(
      output.ports.map(({ port, offset }) => {
        const { width } = port.format;
        const lane = (i: number): bigint => readWide(words, k * output.size + offset, i * width, width);
        return [
          port.name,
          port.lanes === 0 ? lane(0) : Array.from({ length: port.lanes }, (_, i) => lane(i)),
        ];
      }),
    ),
  );
}
