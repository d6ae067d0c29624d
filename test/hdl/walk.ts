import type { Beat, Bits } from '../../fuzz/programs.ts';
import { evaluate } from '../../generators/hdl/evaluate.ts';
import type { Netlist } from '../../generators/hdl/module.ts';
import type { Node, Region, Register } from '../../generators/hdl/node.ts';
import type { Schedule } from '../../generators/hdl/schedule.ts';

/** The value of each register at a node of a beat. */
type StateAt = (node: Node & { op: 'register' | 'after' }, beat: number) => bigint;

/** Index of the current lane of each loop around a node. */
type LaneIndex = ReadonlyMap<Region, number>;

/**
 * Values of a netlist's nodes by `evaluate`, one node at a time: slow and plain, and apart from the compiled
 * interpreter. `modulo` takes each value modulo its width, which is what a trimmed netlist means.
 */
export class Walker {
  private readonly memo = new Map<string, Bits>();

  constructor(
    private readonly beats: readonly Beat[],
    private readonly state: StateAt,
    private readonly modulo: boolean,
    private readonly onValue: (node: Node, value: bigint) => void = () => {},
  ) {}

  value(node: Node, beat: number, lanes: LaneIndex = new Map()): Bits {
    let key = `${node.id}@${beat}`;
    for (let r = node.region; r !== null; r = r.parent) key += `,${lanes.get(r)}`;
    const known = this.memo.get(key);
    if (known !== undefined) return known;
    const made = this.compute(node, beat, lanes);
    const bits = this.modulo ? fitted(node, made) : made;
    for (const x of typeof bits === 'bigint' ? [bits] : bits) this.onValue(node, x);
    this.memo.set(key, bits);
    return bits;
  }

  scalar(node: Node, beat: number, lanes: LaneIndex = new Map()): bigint {
    return this.value(node, beat, lanes) as bigint;
  }

  private compute(node: Node, beat: number, lanes: LaneIndex): Bits {
    const arg = (i: number): Bits => this.value(node.args[i]!, beat, lanes);
    const list = (i: number): readonly bigint[] => arg(i) as readonly bigint[];
    switch (node.op) {
      case 'input':
        return this.beats[beat]![node.port]!;
      case 'register':
      case 'after':
        return this.state(node, beat);
      case 'lane': {
        const i = lanes.get(node.region!)!;
        if (node.lanes > 0) return list(0).slice(i * node.lanes, (i + 1) * node.lanes);
        return list(0)[node.stride * i + node.offset]!;
      }
      case 'gather':
        return Array.from({ length: node.over.count }, (_, i) =>
          this.value(node.args[0]!, beat, new Map([...lanes, [node.over, i]])),
        ).flat();
      case 'element':
        return list(0)[node.index]!;
      case 'subvector':
        return list(0).slice(node.start, node.start + node.lanes);
      case 'pack':
        return list(0).reduceRight((bits, x) => {
          const { width } = node.args[0]!;
          return (bits << BigInt(width)) | BigInt.asUintN(width, x);
        }, 0n);
      case 'unpack': {
        const bits = arg(0) as bigint;
        return Array.from({ length: node.lanes }, (_, i) => {
          const x = bits >> BigInt(i * node.width);
          return node.signed ? BigInt.asIntN(node.width, x) : BigInt.asUintN(node.width, x);
        });
      }
      case 'instance': {
        const { module, inputs } = node.instance;
        const ports = Object.fromEntries(inputs.map((name, i) => [name, arg(i)]));
        const inner = new Walker([ports], this.state, false);
        return inner.value(module.outputs.find(o => o.name === node.output)!.node, 0);
      }
      default:
        return evaluate(
          node,
          node.args.map((_, i) => arg(i) as bigint),
        );
    }
  }
}

function fitted(node: Node, value: Bits): Bits {
  const one = (x: bigint): bigint =>
    node.signed ? BigInt.asIntN(node.width, x) : BigInt.asUintN(node.width, x);
  return typeof value === 'bigint' ? one(value) : value.map(one);
}

/** Beat by beat, without stages. */
export function walk(
  netlist: Netlist,
  beats: readonly Beat[],
  accepted: readonly boolean[],
  modulo: boolean,
  onValue?: (node: Node, value: bigint) => void,
): Record<string, Bits>[] {
  const state = new Map<string, bigint>(netlist.registers.map(r => [r.name, r.init]));
  const after = new Map<string, bigint>();
  const walker = new Walker(
    beats,
    ({ op, register }) => (op === 'register' ? state : after).get(register.name)!,
    modulo,
    onValue,
  );
  return beats.map((_, beat) => {
    for (const r of netlist.registers)
      after.set(r.name, taken(walker, r, beat, accepted) ?? state.get(r.name)!);
    const row = netlist.outputs.map(o => [o.name, walker.value(o.node, beat)] as const);
    for (const [name, value] of after) state.set(name, value);
    return Object.fromEntries(row);
  });
}

/** What a register takes with a beat, if anything. */
function taken(w: Walker, r: Register, beat: number, accepted: readonly boolean[]): bigint | undefined {
  if (!accepted[beat] || (r.enable && w.scalar(r.enable, beat) === 0n)) return undefined;
  return w.scalar(r.next!, beat);
}

/**
 * Clock by clock: in each clock, every stage works on its own beat, and a register is read and written in the stages
 * that the schedule says. `spacing` is how many clocks after a beat the next one comes.
 */
export function walkClocks(
  schedule: Schedule,
  beats: readonly Beat[],
  accepted: readonly boolean[],
  spacing = schedule.initiation,
): Record<string, Bits>[] {
  const { nodes, registers, stageOf, writeStage, outputs, latency } = schedule;
  const state = new Map<string, bigint>(registers.map(r => [r.name, r.init]));
  const seen = new Map<string, bigint>();
  const key = (op: string, name: string, beat: number): string => `${op} ${name} ${beat}`;
  const walker = new Walker(
    beats,
    ({ op, register: { name } }, beat) => {
      const value = seen.get(key(op, name, beat));
      if (value === undefined) throw new Error(`beat ${beat} needs ${op} '${name}' before its stage`);
      return value;
    },
    true,
  );
  const states = nodes.filter(n => n.op === 'register' || n.op === 'after');
  const isBeat = (beat: number): boolean => Number.isInteger(beat) && beat >= 0 && beat < beats.length;
  for (let clock = 0; clock < beats.length * spacing + latency + 1; clock++) {
    for (const n of states) {
      const beat = (clock - stageOf.get(n)!) / spacing;
      if (isBeat(beat) && (n.op === 'register' || n.op === 'after'))
        seen.set(key(n.op, n.register.name, beat), state.get(n.register.name)!);
    }
    const next = new Map<string, bigint>();
    for (const r of registers) {
      const beat = (clock - writeStage.get(r.name)!) / spacing;
      const value = isBeat(beat) ? taken(walker, r, beat, accepted) : undefined;
      if (value !== undefined) next.set(r.name, value);
    }
    for (const [name, value] of next) state.set(name, value);
  }
  return beats.map((_, beat) => Object.fromEntries(outputs.map(o => [o.name, walker.value(o.node, beat)])));
}
