/** Whether a fault changes nothing: shown by ABC, which comes with Yosys. */
import type { GateNetlist } from '../generators/netlist/gates.ts';
import { Yosys, YosysError } from '../sim/yosys.ts';
import { miterOf, type View } from './miter.ts';
import { SELECT } from './schemata.ts';

export type Verdict =
  /** No input, and no sequence of inputs from reset, tells the fault. */
  | { readonly equal: true; readonly by: string }
  /** An input tells it. */
  | { readonly equal: false; readonly counterexample: string }
  /** Neither was found within the limits. */
  | { readonly equal: undefined; readonly why: string };

/** Conflicts at a node after which the solver gives up: a limit that does not depend on the machine. */
const CONFLICTS = 10_000;
/** Seconds after which an attempt is given up in any case. */
const SECONDS = 10;
/** Gates below the fault that a window shows. */
const DEPTHS = [10, 40];
/** Where the file system of the run keeps what ABC gets from Yosys, and gets back. */
const FRAME = 'frame.blif';
const MITER = 'miter.blif';
const CASE = 'case.txt';

const METHODS: Record<View, readonly (readonly string[])[]> = {
  cut: [
    ['strash', '&get', `&cec -m -C ${CONFLICTS}`],
    ['strash', 'iprove'],
  ],
  'from reset': [
    ['strash', 'scorr', 'dprove'],
    ['strash', `pdr -T ${SECONDS - 2}`],
  ],
};

/** A prover keeps its Yosys, which others may use too: a warm one is several times as fast. Close it at the end. */
export class Prover {
  readonly yosys = new Yosys();

  close(): Promise<void> {
    return this.yosys.close();
  }

  /** Compares the netlist with a fault to the one without. */
  async compare(gates: GateNetlist, fault: number, reset: string | undefined): Promise<Verdict> {
    const hasState = gates.flipFlops.length > 0;
    const cut = await this.decide(gates, fault, reset, 'cut');
    // With the flip-flops cut, a difference may need a state that never comes.
    if (!hasState || cut.equal === true) return cut;
    const whole = await this.decide(gates, fault, reset, 'from reset');
    return whole.equal === undefined && cut.equal === false
      ? { equal: undefined, why: `${whole.why}; from a state: ${cut.counterexample}` }
      : whole;
  }

  private async decide(
    gates: GateNetlist,
    fault: number,
    reset: string | undefined,
    view: View,
  ): Promise<Verdict> {
    const miter = miterOf(gates, { select: SELECT, value: fault, reset }, view);
    const state = gates.flipFlops.length === 0 ? '' : view === 'cut' ? ', registers cut' : ', from reset';
    if (miter.isSame) return { equal: true, by: `structure${state}` };
    // What is far below the fault seldom matters, and multipliers below it make proofs hard: small windows first.
    for (const depth of view === 'cut' ? DEPTHS : []) {
      const part = miterOf(gates, { select: SELECT, value: fault, reset, depth }, view);
      const verdict = await this.prove(part.blif, ['strash', '&get', '&cec -m']);
      if (verdict.equal === true) return { equal: true, by: `&cec in a window${state}` };
    }
    let why = '';
    for (const method of METHODS[view]) {
      const verdict = await this.prove(miter.blif, method);
      if (verdict.equal === true) return { equal: true, by: `${method.at(-1)!.split(' -')[0]}${state}` };
      if (verdict.equal === false) return verdict;
      why = verdict.why;
    }
    return { equal: undefined, why };
  }

  /** One run of ABC on a miter. The pass `abc` of Yosys wants its own netlist back at the end. */
  async prove(blif: string, method: readonly string[]): Promise<Verdict> {
    const commands = [
      `write_blif ${FRAME}`,
      `read_blif ${MITER}`,
      ...method,
      `write_cex -n ${CASE}`,
      `read_blif ${FRAME}`,
      'strash',
    ];
    const script = [
      'read_verilog frame.v',
      'simplemap',
      `abc -script +${commands.map(c => c.replaceAll(' ', ',')).join(';')}`,
    ].join('\n');
    const files = {
      'frame.v': 'module frame(input a, b, output y); assign y = a & b; endmodule\n',
      [MITER]: blif,
    };
    const stop = AbortSignal.timeout(SECONDS * 1000);
    try {
      const { log, files: made } = await this.yosys.run({ script, files, signal: stop });
      return verdictOf(log, made[CASE] ?? '');
    } catch (error) {
      if (stop.aborted) return { equal: undefined, why: `not decided in ${SECONDS} s` };
      if (error instanceof YosysError) return verdictOf(error.log, '');
      throw error;
    }
  }
}

/** What ABC said. Only plain words count: silence is no proof. */
export function verdictOf(log: string, counterexample: string): Verdict {
  const said = [...log.matchAll(/^ABC: (.*)$/gm)].map(m => m[1]!);
  const says = (pattern: RegExp): boolean => said.some(line => pattern.test(line));
  if (says(/^Networks are NOT EQUIVALENT|^SATISFIABLE|was asserted in frame|^Networks are not equivalent/))
    return { equal: false, counterexample: caseText(counterexample) };
  if (says(/^Networks are equivalent|^UNSATISFIABLE|^Property proved/)) return { equal: true, by: '' };
  return { equal: undefined, why: 'not decided within the limits of the solver' };
}

/** What `write_cex` wrote, as codes of the ports: `a=0x480 b=0x8040`, with a bar between beats. */
export function caseText(counterexample: string): string {
  const beats: Map<string, bigint>[] = [];
  for (const [, port, bit, beat, value] of counterexample.matchAll(/^(\w+)\[(\d+)\]@(\d+)=([01])$/gm)) {
    beats[Number(beat)] ??= new Map();
    const codes = beats[Number(beat)]!;
    codes.set(port!, (codes.get(port!) ?? 0n) | (BigInt(value!) << BigInt(bit!)));
  }
  return beats
    .map(codes => [...codes].map(([port, code]) => `${port}=0x${code.toString(16)}`).join(' '))
    .join(' | ');
}
