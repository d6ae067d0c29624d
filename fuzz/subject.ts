import {
  type Design,
  design as designOf,
  type Goal,
  initiationOf,
  type Parameters,
} from '../generators/emit/design.ts';
import { emitModule, moduleView } from '../generators/emit/module.ts';
import { GENERIC } from '../generators/hdl/fabric.ts';
import { compile, fitsNumber, type Value } from '../generators/hdl/interpret.ts';
import type { Signal, Vector } from '../generators/hdl/signal.ts';
import type { Ports, Unit } from '../generators/units/unit.ts';
import { fabricOf, loadTarget } from '../sim/targets.ts';
import { render } from '../sim/templates.ts';
import {
  type Beat,
  type Bits,
  type Composed,
  compose,
  composeInto,
  generator,
  type OperationName,
  type Program,
  randomBeats,
} from './programs.ts';

/** Beats that are played to each program. */
export const BEATS = 20;
/** Cycles after them, in which the last answers come out of the longest pipeline. */
export const DRAIN = 10;
const MOST_STAGES = 4;
/** Clocks from one beat to the next, at the most. */
const MOST_INITIATION = 4;

/** A program with the goal that it is emitted for: all that a failure needs to come again. */
export interface Case {
  readonly program: Program;
  readonly goal: Goal;
  /** How many beats are played, up to `BEATS`. */
  readonly beats: number;
}

/** A goal for the program, out of its seed. */
export function caseOf(program: Program): Case {
  const random = generator(program.seed ^ 0x5bd1e995);
  const shells = ['bare', 'bare', 'valid', 'stream'] as const;
  const shell = shells[random() % shells.length]!;
  const stages = random() % 3 === 0 ? 0 : random() % (MOST_STAGES + 1);
  const initiation = 1 + (random() % MOST_INITIATION);
  // A family whose carry is slow, so that long adders are divided, and none.
  const target = random() % 3 === 0 ? { target: 'ice40' } : {};
  return { program, goal: { stages, shell, multipliers: 'auto', initiation, ...target }, beats: BEATS };
}

/** A case on its way through the executions. */
export interface Subject extends Omit<Case, 'beats'> {
  readonly origin: Case;
  /** Of its module. */
  readonly name: string;
  readonly design: Design;
  readonly used: ReadonlySet<OperationName>;
  /** The module without those that it uses. */
  readonly text: string;
  readonly submodules: readonly { readonly name: string; readonly text: string }[];
  readonly beats: readonly Beat[];
  /** For each beat: whether it counts (`en`, or `in_valid` of a stream, to which each clock offers another one). */
  readonly accepted: readonly boolean[];
  /** For a stream, in each cycle: whether the result is taken. */
  readonly taken: readonly boolean[];
  /** What plain arithmetic says. */
  readonly expected: readonly Record<string, Bits>[];
  readonly reference: Composed['run'];
}

const integer = (signed: boolean, width: number, lsb: number): string =>
  lsb === 0 ? `${signed ? '' : 'u'}int${width}` : `${signed ? '' : 'u'}fix${width}.${-lsb}`;

/** Composes, schedules and emits a case. Whatever this throws is a failure of the program under test. */
export function subjectOf(origin: Case, name: string): Subject {
  const { program } = origin;
  const composed = compose(program);
  // Without state, a beat may follow every clock.
  const goal = composed.netlist.registers.length > 0 ? origin.goal : { ...origin.goal, initiation: 1 };
  const unit = unitOf(program, composed, name);
  const fabric = goal.target === undefined ? GENERIC : fabricOf(loadTarget(goal.target));
  const design = designOf(unit, {}, goal, fabric);
  const request = {
    id: name,
    summary: 'A random program',
    changed: {},
    name,
    spdx: 'CC0-1.0',
    annotate: false,
  };
  const module = emitModule(design, request);
  const { submodules } = module.body;
  const alone = { ...module, body: { ...module.body, submodules: [] } };
  const spacing = goal.shell === 'stream' ? 1 : initiationOf(goal);
  const { beats, accepted } = randomBeats(program, Math.ceil(origin.beats / spacing));
  const random = generator(program.seed ^ 0x2545f491);
  return {
    origin,
    program,
    goal,
    name,
    design,
    used: composed.used,
    text: render('module.v.hbs', moduleView(design, alone, request)),
    submodules,
    beats,
    accepted,
    taken: Array.from({ length: BEATS + DRAIN }, (_, i) => i >= origin.beats || random() % 4 !== 0),
    expected: composed.run(beats, accepted),
    reference: composed.run,
  };
}

/** A program as an entry of the catalogue. Its golden model is not asked: the reference of a program works on codes. */
function unitOf(program: Program, { netlist }: Composed, name: string): Unit<Parameters> {
  const ports: Ports = {
    in: Object.fromEntries(
      program.ports.map(({ width, signed, lanes, lsb }, i) => {
        return [`x${i}`, { format: integer(signed, width, lsb), lanes, doc: 'random' }] as const;
      }),
    ),
    out: Object.fromEntries(
      netlist.outputs.map(({ name: port, node, lsb }) => {
        return [port, { format: integer(node.signed, node.width, lsb), lanes: node.lanes, doc: 'random' }];
      }),
    ),
  };
  return {
    id: name,
    family: 'example',
    summary: 'A random program',
    equations: [],
    source: 'the fuzzer',
    state: netlist.registers.length > 0,
    ports: () => ports,
    golden: () => {
      throw new Error('a random program has no golden model on values');
    },
    datapath: (b, x) => {
      const input = (port: string, { lanes }: { readonly lanes: number }): Signal | Vector =>
        lanes === 0 ? x.signal(port) : x.vector(port);
      return composeInto(b, program, input, `${name}_part`).outputs;
    },
  };
}

/** What the interpreter answers, beat by beat. */
export function interpret({ design, beats, accepted }: Subject): Record<string, Bits>[] {
  const machine = compile(design.netlist);
  const inputs = design.netlist.inputs.map(node => ({ name: node.name!, small: fitsNumber(node) }));
  return beats.map((beat, n) => {
    const given: Record<string, Value> = {};
    for (const { name, small } of inputs) {
      const bits = beat[name]!;
      given[name] = typeof bits === 'bigint' ? one(bits, small) : bits.map(x => one(x, small));
    }
    const row = machine.step(given, accepted[n]!);
    return Object.fromEntries(
      Object.entries(row).map(([port, x]) => [port, typeof x === 'object' ? x.map(BigInt) : BigInt(x)]),
    );
  });
}

/** What the interpreter says that is not what plain arithmetic says. */
export function interpreterProblem(subject: Subject): string | undefined {
  for (const [n, row] of interpret(subject).entries()) {
    for (const [port, want] of Object.entries(subject.expected[n]!))
      if (String(row[port]) !== String(want)) return `beat ${n}: ${port} is ${row[port]}, expected ${want}`;
  }
  return undefined;
}

const one = (x: bigint, small: boolean): number | bigint => (small ? Number(x) : x);
