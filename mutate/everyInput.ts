/** Faults of a unit without state on every input there is: that decides what no solver does. */
import type { Design } from '../generators/emit/design.ts';
import type { GateNetlist } from '../generators/netlist/gates.ts';
import { NetlistMachine } from '../generators/netlist/machine.ts';
import { LANES } from '../generators/netlist/program.ts';
import { inputLayout } from '../sim/codec.ts';
import { fillInputs, inputBits, MOST_BITS } from '../sim/inputSpace.ts';
import { recordsOf } from '../sim/netlist.ts';
import type { Range } from '../sim/ranges.ts';
import { comparisonOf } from './miter.ts';
import { SELECT } from './schemata.ts';

/** Inputs that are played together: few enough for the caches. */
const CHUNK = 64 * LANES;
/** Faults that are played together: the outputs of one word. */
const MOST = 32;
/** Inputs between two reports, and chances for other things to happen. */
const STEP = 2 ** 22;

/** Whether all inputs of a netlist can be tried in minutes. */
export function canTryEveryInput(design: Design, gates: GateNetlist): boolean {
  return gates.flipFlops.length === 0 && inputBits(withoutChoice(design)) <= MOST_BITS;
}

/**
 * Plays faults against the netlist without any, on every input (or a range of these, as `fillInputs` numbers them). Gives for each
 * fault that shows the first input at which it does, as codes of the ports; for no other fault does any input tell.
 */
export async function tryEveryInput(
  design: Design,
  gates: GateNetlist,
  faults: readonly number[],
  { from, count }: Range = { from: 0, count: 2 ** inputBits(withoutChoice(design)) },
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Map<number, string>> {
  const own = withoutChoice(design);
  const layout = inputLayout(own);
  const shown = new Map<number, string>();
  for (let at = 0; at < faults.length; at += MOST) {
    let open = faults.slice(at, at + MOST);
    let machine = comparing(own, gates, open);
    for (let done = 0; done < count && open.length > 0; done += CHUNK) {
      const records = machine.inputs(CHUNK, 0);
      fillInputs(layout, records, from + done, CHUNK);
      const differs = machine.playBeats(undefined, CHUNK, 0);
      const inputs = Math.min(CHUNK, count - done);
      if (differs.subarray(0, inputs).some(word => word !== 0)) {
        for (const [bit, fault] of open.entries()) {
          const input = differs.findIndex((word, i) => i < inputs && ((word >>> bit) & 1) === 1);
          if (input >= 0) shown.set(fault, codesOf(own, from + done + input));
        }
        open = open.filter(fault => !shown.has(fault));
        machine = comparing(own, gates, open);
      }
      if (done % STEP === 0) {
        onProgress(done, count);
        await new Promise(resolve => setImmediate(resolve));
      }
    }
  }
  return shown;
}

/** A machine that answers each input with a bit for each fault: whether it shows. */
function comparing(own: Design, gates: GateNetlist, faults: readonly number[]): NetlistMachine {
  const { inputs, inWords } = recordsOf(own);
  const records = { inputs, inWords, outWords: 1, outputs: { differs: 0 } };
  return new NetlistMachine(comparisonOf(gates, SELECT, faults), records);
}

const withoutChoice = (design: Design): Design => ({
  ...design,
  inputs: design.inputs.filter(p => p.name !== SELECT),
});

/** An input by its number, as `fillInputs` has it: `a=0x480 b=0x8040`. */
function codesOf(own: Design, number: number): string {
  let rest = BigInt(number);
  const codes = own.inputs.map(({ name, width }) => {
    const code = BigInt.asUintN(width, rest);
    rest >>= BigInt(width);
    return `${name}=0x${code.toString(16)}`;
  });
  return codes.join(' ');
}
