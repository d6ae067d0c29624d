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
const SECONDS = 16;
/** The same for the attempt that is worth more. */
const LONG = 60;
/** Where the file system of the run keeps what ABC gets from Yosys, and gets back. */
const FRAME = 'frame.blif';
const MITER = 'miter.blif';
const CASE = 'case.txt';

/** A question to ABC: how the flip-flops are taken, how deep the window is, and what is to decide it. */
interface Attempt {
  readonly view: View;
  /** Of the window, in gates; without it, the whole is looked at, and a difference is one. */
  readonly depth?: number;
  readonly method: readonly string[];
  /** After which it is given up in any case. */
  readonly seconds?: number;
}

const CEC = ['strash', '&get', `&cec -m -C ${CONFLICTS}`];
/** Gives up by itself, so that Yosys stays warm. */
const pdr = (seconds: number): readonly string[] => ['strash', `pdr -T ${seconds - 2}`];

/** What is far below the fault seldom matters, and multipliers there make proofs hard: small windows first. */
const STATELESS: readonly Attempt[] = [
  { view: 'cut', depth: 10, method: ['strash', '&get', '&cec -m'] },
  { view: 'cut', depth: 40, method: ['strash', '&get', '&cec -m'] },
  { view: 'cut', method: CEC },
  { view: 'cut', method: ['strash', 'iprove'] },
];

/** With the flip-flops cut, a difference may need a state that never comes: only one from reset counts. */
const WITH_STATE: readonly Attempt[] = [
  { view: 'cut', depth: 10, method: ['strash', '&get', '&cec -m'] },
  { view: 'from reset', depth: 0, method: pdr(SECONDS) },
  // What decides most, given time: which exponents a sum can have, from those of what is added.
  { view: 'from reset', depth: 20, method: pdr(LONG), seconds: LONG },
  { view: 'from reset', method: pdr(SECONDS) },
  { view: 'cut', depth: 40, method: ['strash', '&get', '&cec -m'] },
  { view: 'cut', method: CEC },
];

/** A prover keeps its Yosys, which others may use too: a warm one is several times as fast. Close it at the end. */
export class Prover {
  readonly yosys = new Yosys();

  close(): Promise<void> {
    return this.yosys.close();
  }

  /** Compares the netlist with a fault to the one without. */
  async compare(gates: GateNetlist, fault: number, reset: string | undefined): Promise<Verdict> {
    const hasState = gates.flipFlops.length > 0;
    let why = '';
    for (const { view, depth, method, seconds } of hasState ? WITH_STATE : STATELESS) {
      const choice = { select: SELECT, value: fault, reset, ...(depth === undefined ? {} : { depth }) };
      const miter = miterOf(gates, choice, view);
      const state = hasState ? (view === 'cut' ? ', registers cut' : ', from reset') : '';
      if (miter.isSame) return { equal: true, by: `structure${state}` };
      const verdict = await this.prove(miter.blif, method, seconds);
      const part = depth === undefined ? '' : ' in a window';
      if (verdict.equal === true)
        return { equal: true, by: `${method.at(-1)!.split(' -')[0]}${part}${state}` };
      if (depth !== undefined) continue;
      if (verdict.equal === undefined) why ||= verdict.why;
      else if (view === 'from reset' || !hasState) return verdict;
    }
    return { equal: undefined, why };
  }

  /** One run of ABC on a miter. The pass `abc` of Yosys wants its own netlist back at the end. */
  async prove(blif: string, method: readonly string[], seconds = SECONDS): Promise<Verdict> {
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
    const stop = AbortSignal.timeout(seconds * 1000);
    try {
      const { log, files: made } = await this.yosys.run({ script, files, signal: stop });
      return verdictOf(log, made[CASE] ?? '');
    } catch (error) {
      if (stop.aborted) return { equal: undefined, why: `not decided in ${seconds} s` };
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
