import { parseFormat } from '../formats/parse.ts';
import type { Format, Policy } from '../formats/types.ts';
import { Builder } from '../hdl/builder.ts';
import { type Fabric, GENERIC } from '../hdl/fabric.ts';
import { freeze, type Netlist } from '../hdl/module.ts';
import { type Schedule, schedule } from '../hdl/schedule.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { trim } from '../hdl/trim.ts';
import type { InputPort, InputSignals, Unit } from '../units/unit.ts';

/** What the user wishes, apart from what the unit computes. */
export interface Goal {
  /** Pipeline registers inside the datapath. */
  readonly stages: number;
  /** Handshake around the datapath. */
  readonly shell: 'bare' | 'valid' | 'stream';
  /** What multiplications are to be mapped to. */
  readonly multipliers: 'auto' | 'dsp' | 'logic';
  /** FPGA family that the Verilog is for; absent where it is for any. */
  readonly target?: string;
  /** Clocks from one beat to the next, at the least, for a unit with state; absent for 1: a beat may follow every clock. */
  readonly initiation?: number;
}

export const DEFAULT_GOAL: Goal = { stages: 0, shell: 'bare', multipliers: 'auto' };

/** A port of the unit with its format resolved. */
export interface DesignPort {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly format: Format;
  /** 0 for a single code. */
  readonly lanes: number;
  /** All bits. */
  readonly width: number;
  readonly doc: string;
  readonly policy: Partial<Policy>;
  /** The golden gets the codes of this input. */
  readonly asCode?: boolean;
}

export type Parameters = Readonly<Record<string, number | string | boolean | readonly number[]>>;

/** A unit at given parameters, composed and scheduled: all that the emitter and the simulations need. */
export interface Design {
  readonly unit: Unit<Parameters>;
  readonly params: Parameters;
  readonly goal: Goal;
  /** Facts about the family of the goal. */
  readonly fabric: Fabric;
  readonly inputs: readonly DesignPort[];
  readonly outputs: readonly DesignPort[];
  /** Beat by beat, before pipelining. */
  readonly netlist: Netlist;
  readonly schedule: Schedule;
  /** Whether the module has a clock. */
  readonly clocked: boolean;
  /** Whether a beat is accepted by `en` (or the handshake of a stream). */
  readonly hasAccept: boolean;
}

/** The policy of an output port that gives none; one object, as formats remember which one they were last given. */
const UNLESS_SAID: Partial<Policy> = { overflow: 'special' };

/** Clocks from one beat to the next, at the least. */
export function initiationOf({ initiation = 1 }: Goal): number {
  return initiation;
}

/** What those who play beats to a module must know of it. */
export type Played = Pick<Design, 'inputs' | 'outputs' | 'goal' | 'clocked' | 'hasAccept'>;

/** Composes the datapath of a unit. Throws HdlError for a mistake of the unit's author. */
export function design(
  unit: Unit<Parameters>,
  params: Parameters,
  goal: Goal,
  fabric: Fabric = GENERIC,
): Design {
  const ports = unit.ports(params);
  const resolve = (direction: 'input' | 'output') => {
    return ([name, port]: [string, InputPort & { policy?: Partial<Policy> }]): DesignPort => {
      const format = parseFormat(port.format);
      const lanes = port.lanes ?? 0;
      const policy = port.policy ?? UNLESS_SAID;
      return {
        name,
        direction,
        format,
        lanes,
        width: format.width * Math.max(1, lanes),
        doc: port.doc,
        policy,
        ...(port.asCode ? { asCode: true } : {}),
      };
    };
  };
  const inputs = Object.entries(ports.in).map(resolve('input'));
  const outputs = Object.entries(ports.out).map(resolve('output'));

  const b = new Builder(fabric, multipliersOf(goal, fabric), goal.stages);
  const signals = new Map<string, Signal | Vector>();
  for (const { name, format, lanes } of inputs) {
    const isInteger = format.kind === 'integer' || format.kind === 'fixed';
    const [signed, lsb] = isInteger ? [format.signed, format.lsbExponent] : [false, 0];
    signals.set(
      name,
      lanes > 0
        ? b.inputVector(name, lanes, format.width, signed, lsb)
        : b.input(name, format.width, signed, lsb),
    );
  }
  const results = unit.datapath(b, inputSignals(b, signals), params);
  const ends: Record<string, Signal | Vector> = {};
  for (const port of outputs) ends[port.name] = fitOutput(b, port, results[port.name]);
  const netlist = freeze(b, ends);
  const clocked = unit.state || goal.stages > 0 || goal.shell !== 'bare';
  return {
    unit,
    params,
    goal,
    fabric,
    inputs,
    outputs,
    netlist,
    schedule: schedule(trim(netlist), goal.stages, fabric.delays, initiationOf(goal)),
    clocked,
    hasAccept: unit.state || goal.shell !== 'bare',
  };
}

/** Where the user leaves it open and the family has no blocks, multiplications are in logic. */
function multipliersOf({ multipliers }: Goal, { multiplierBlocks }: Fabric): Goal['multipliers'] {
  return multipliers === 'auto' && !multiplierBlocks ? 'logic' : multipliers;
}

function inputSignals(b: Builder, signals: ReadonlyMap<string, Signal | Vector>): InputSignals {
  const find = (port: string): Signal | Vector => {
    const found = signals.get(port);
    const hint = `the inputs are ${[...signals.keys()].join(', ')}`;
    return found ?? b.fail('HDL-020', `the datapath asks for '${port}', which is no input`, hint);
  };
  return {
    signal(port) {
      const found = find(port);
      if ('lanes' in found) b.fail('HDL-020', `input '${port}' has lanes`, 'ask for the vector');
      return found;
    },
    vector(port) {
      const found = find(port);
      if (!('lanes' in found)) b.fail('HDL-020', `input '${port}' has no lanes`, 'ask for the signal');
      return found;
    },
  };
}

/** The result of a datapath must fit the codes of its port; its bits are then exactly those of the port. */
function fitOutput(b: Builder, port: DesignPort, result: Signal | Vector | undefined): Signal | Vector {
  if (!result) b.fail('HDL-020', `the datapath gives no '${port.name}'`, 'return a signal for each output');
  const { node } = result;
  const { format, lanes } = port;
  const isInteger = format.kind === 'integer' || format.kind === 'fixed';
  if (isInteger && result.lsb !== format.lsbExponent) {
    const text = `output '${port.name}' ends at weight 2^${format.lsbExponent}, its signal at 2^${result.lsb}`;
    b.fail('HDL-018', text, 'round or shift first');
  }
  const width = BigInt(format.width);
  const [min, max] =
    isInteger && format.signed
      ? [-(1n << (width - 1n)), (1n << (width - 1n)) - 1n]
      : [0n, (1n << width) - 1n];
  if (node.min < min || node.max > max) {
    const text = `output '${port.name}' of format ${format.id} holds ${min}…${max}, its signal is ${node.min}…${node.max}`;
    b.fail('HDL-011', text, 'round, saturate or wrap');
  }
  if (node.lanes !== lanes) {
    b.fail(
      'HDL-008',
      `output '${port.name}' has ${lanes} lanes, its signal ${node.lanes}`,
      'gather or take one lane',
    );
  }
  return 'lanes' in result ? b.widen(result, format.width) : result;
}
