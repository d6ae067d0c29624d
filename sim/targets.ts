import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import leven from 'leven';
import * as v from 'valibot';
import type { Fabric } from '../generators/hdl/fabric.ts';
import { GENERIC_DELAYS } from '../generators/hdl/timing.ts';
import { projectRoot } from './root.ts';

const PLACEHOLDERS = new Set(['{top}', '{flags}', '{define}']);

const compiles = (pattern: string): boolean => {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
};

const Command = v.pipe(
  v.string(),
  v.check(text => (text.match(/\{[a-z]*\}/g) ?? []).every(p => PLACEHOLDERS.has(p)), 'unknown placeholder'),
);
const Weights = v.record(
  v.pipe(v.string(), v.check(compiles, 'not a regular expression')),
  v.pipe(v.number(), v.gtValue(0)),
);
const Bits = v.pipe(v.number(), v.integer(), v.minValue(1));
const Mode = v.strictObject({
  flags: v.string(),
  define: v.optional(v.string()),
  device: v.optional(v.string()),
  note: v.optional(v.string()),
});

const Device = v.strictObject({ flags: v.string(), device: v.string() });

const Delay = v.pipe(v.number(), v.minValue(0));

/** One file of `constraints/targets`; the same shape as `constraints/targets.schema.json`. */
export const TargetSchema = v.strictObject({
  $schema: v.optional(v.string()),
  id: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9]*$/)),
  name: v.string(),
  vendor: v.string(),
  devices: v.array(v.string()),
  lutInputs: v.pipe(v.number(), v.integer(), v.minValue(3), v.maxValue(8)),
  adderAbsorbs: v.boolean(),
  sumComplements: v.boolean(),
  carriesOut: v.optional(v.literal(true)),
  threeOperands: v.optional(v.picklist(['CARRY4', 'CARRY8'])),
  selectingAdder: v.optional(v.picklist(['CCU2C'])),
  lutCell: v.optional(v.picklist(['SB_LUT4'])),
  twoOutputs: v.optional(v.picklist(['LUT6_2'])),
  multiplierBlocks: v.boolean(),
  timing: v.optional(
    v.strictObject({
      lut: Delay,
      chain: Delay,
      carry: Delay,
      register: Delay,
      margin: Delay,
      basis: v.picklist(['routed', 'published']),
      from: v.string(),
    }),
  ),
  dsp: v.optional(v.strictObject({ factors: v.tuple([Bits, Bits]), sum: Bits, leastProduct: Bits })),
  synthesis: v.strictObject({
    prepare: v.optional(v.array(Command), []),
    map: v.array(Command),
    variants: v.optional(
      v.pipe(
        v.array(
          v.strictObject({
            name: v.string(),
            commands: v.optional(v.array(Command), []),
            flags: v.optional(v.string(), ''),
          }),
        ),
        v.minLength(2),
      ),
    ),
    fallback: v.optional(v.strictObject({ name: v.string(), commands: v.array(Command), why: v.string() })),
    modes: v.strictObject({ auto: Mode, dsp: Mode, logic: Mode }),
    // Of Yosys (`+/…`), or below `constraints/`.
    models: v.optional(v.array(v.pipe(v.string(), v.regex(/^(\+\/|models\/)[\w./]+\.v$/)))),
    expectedWarnings: v.optional(v.array(v.strictObject({ pattern: v.string(), why: v.string() })), []),
  }),
  count: v.strictObject({ luts: Weights, carries: Weights, ffs: Weights, dsps: Weights, brams: Weights }),
  sequential: v.array(v.string()),
  delay: v.strictObject({
    works: v.boolean(),
    commands: v.optional(v.array(Command), []),
    map: v.optional(v.array(v.string())),
    note: v.string(),
  }),
  placeAndRoute: v.optional(v.strictObject({ auto: Device, dsp: Device, logic: Device })),
  notes: v.array(v.string()),
  sources: v.pipe(v.array(v.string()), v.minLength(1)),
});

/** Facts about an FPGA family: how Yosys maps to it and how its cells are counted. */
export type Target = v.InferOutput<typeof TargetSchema>;

/** What the user wants multipliers to become. */
export type Multipliers = keyof Target['synthesis']['modes'];

/** A target id that no file describes; the message names the nearest known one. */
export class UnknownTargetError extends Error {
  override name = 'UnknownTargetError';
}

const folder = join(projectRoot, 'constraints', 'targets');

/** Ids of all known families, in alphabetical order. */
export function targetIds(): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .map(name => name.slice(0, -'.json'.length))
    .sort();
}

/** Checks one target description. Throws an `Error` that names each wrong field; `source` says where it came from. */
export function parseTarget(value: unknown, source: string): Target {
  const result = v.safeParse(TargetSchema, value);
  if (result.success) return result.output;
  const problems = result.issues.map(issue => `${v.getDotPath(issue) ?? 'file'}: ${issue.message}`);
  throw new Error(`${source}: ${problems.join('; ')}`);
}

/** What datapaths ask about a family. */
export function fabricOf({
  id,
  name,
  adderAbsorbs,
  sumComplements,
  carriesOut,
  threeOperands,
  selectingAdder,
  lutCell,
  twoOutputs,
  multiplierBlocks,
  dsp,
  lutInputs,
  timing,
}: Target): Fabric {
  const basis = timing?.basis === 'routed' ? 'which was fitted to routed units' : 'made of published delays';
  const from = `the timing model of ${name}, ${basis}`;
  const delays = timing ? { ...timing, lutInputs, from } : GENERIC_DELAYS;
  const optional = {
    ...(carriesOut ? { carriesOut } : {}),
    ...(threeOperands ? { threeOperands } : {}),
    ...(selectingAdder ? { selectingAdder } : {}),
    ...(lutCell ? { lutCell } : {}),
    ...(twoOutputs ? { twoOutputs } : {}),
    ...(dsp ? { dsp } : {}),
  };
  return { target: id, lutInputs, adderAbsorbs, sumComplements, multiplierBlocks, delays, ...optional };
}

/** The text of a simulation model that is ours, by the name that a target gives. */
export function ownModel(file: string): string {
  return readFileSync(join(projectRoot, 'constraints', file), 'utf8');
}

/** Reads `constraints/targets/<id>.json`. Throws `UnknownTargetError`, or an `Error` when the file is not valid. */
export function loadTarget(id: string): Target {
  const known = targetIds();
  if (!known.includes(id)) {
    const nearest = known.toSorted((a, b) => leven(id, a) - leven(id, b))[0];
    throw new UnknownTargetError(
      `unknown target "${id}"; did you mean "${nearest}"? Known: ${known.join(', ')}`,
    );
  }
  const source = `constraints/targets/${id}.json`;
  const target = parseTarget(JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')), source);
  if (target.id !== id) throw new Error(`${source}: id is "${target.id}"`);
  return target;
}
