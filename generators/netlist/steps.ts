import type { Bit, Gate } from './gates.ts';

/** What one step computes, each in one vector operation but `select`, which takes three on most processors. */
export type Operation = 'and' | 'andNot' | 'or' | 'xor' | 'select' | 'not';

/** One step of an evaluation: what it reads, nets or (undefined) zero, and the net that it makes. */
export interface Step {
  readonly operation: Operation;
  /** `andNot` complements the second; `select` takes the first where the third is 1, else the second. */
  readonly inputs: readonly (number | undefined)[];
  readonly output: number;
}

/** Where the value of a bit is found: a net or (undefined) zero, which may hold its complement. */
export interface Value {
  readonly net: number | undefined;
  readonly inverted: boolean;
}

/** Steps that evaluate a netlist, in order, and where they leave the value of each bit. */
export interface Evaluation {
  readonly steps: readonly Step[];
  readonly find: (bit: Bit) => Value;
}

const ZERO: Value = { net: undefined, inverted: false };
const complement = ({ net, inverted }: Value): Value => ({ net, inverted: !inverted });

/** Types of gates as an AND of two inputs: which of the inputs is complemented, and whether the output is. */
const ANDS: Readonly<Record<string, readonly [boolean, boolean, boolean]>> = {
  $_AND_: [false, false, false],
  $_NAND_: [false, false, true],
  $_OR_: [true, true, true],
  $_NOR_: [true, true, false],
  $_ANDNOT_: [false, true, false],
  $_ORNOT_: [true, false, true],
};

/**
 * The steps of gates that stand in the order of evaluation. No step is spent on an inverter: a net is computed as it is or as its
 * complement, whichever takes one operation, and who reads it knows. `ones` are nets that are always 1.
 */
export function stepsOf(gates: readonly Gate[], ones: ReadonlySet<number>): Evaluation {
  const values = new Map<number, Value>([...ones].map(net => [net, complement(ZERO)]));
  const find = (bit: Bit): Value => {
    if (typeof bit !== 'number') return bit === '1' ? complement(ZERO) : ZERO;
    return values.get(bit) ?? { net: bit, inverted: false };
  };
  // Nets of our own have numbers below those of the netlist.
  let own = 0;
  const steps: Step[] = [];
  const compute = (operation: Operation, inputs: readonly Value[], output: number): number => {
    steps.push({ operation, inputs: inputs.map(i => i.net), output });
    return output;
  };

  for (const { type, inputs, output } of gates) {
    const [a, b, s] = inputs.map(find) as [Value, Value, Value];
    const and = ANDS[type];
    if (and) {
      const [first, second] = [and[0] ? complement(a) : a, and[1] ? complement(b) : b];
      const neither = first.inverted && second.inverted;
      if (neither) compute('or', [first, second], output);
      else if (first.inverted) compute('andNot', [second, first], output);
      else compute(second.inverted ? 'andNot' : 'and', [first, second], output);
      values.set(output, { net: output, inverted: and[2] !== neither });
    } else if (type === '$_XOR_' || type === '$_XNOR_') {
      compute('xor', [a, b], output);
      values.set(output, {
        net: output,
        inverted: (a.inverted !== b.inverted) !== (type === '$_XNOR_'),
      });
    } else if (type === '$_MUX_' || type === '$_NMUX_') {
      const [chosen, other] = s.inverted ? [a, b] : [b, a];
      const alike =
        chosen.inverted === other.inverted
          ? other
          : { net: compute('not', [other], --own), inverted: chosen.inverted };
      compute('select', [chosen, alike, s], output);
      values.set(output, { net: output, inverted: chosen.inverted !== (type === '$_NMUX_') });
    } else if (type === '$_BUF_') values.set(output, a);
    else if (type === '$_NOT_') values.set(output, complement(a));
    else throw new Error(`no step computes a gate of type ${type}`);
  }
  return { steps, find };
}
