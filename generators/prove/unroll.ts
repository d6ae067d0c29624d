import type { Cell, Circuit, Net } from './circuit.ts';
import {
  asBit,
  type Bits,
  type Bool,
  binary,
  bitOf,
  choose,
  compare,
  constant,
  equal,
  isConstant,
  join,
  not,
  or,
  resize,
  type Script,
  slice,
  unary,
} from './smt.ts';

/** What an input carries in a clock cycle; `undefined` leaves it free. */
export type Stimulus = (port: string, cycle: number, width: number) => Bits | undefined;

interface Driver {
  readonly index: number;
  readonly cell?: Cell;
  readonly port?: string;
  readonly width: number;
}

/** A cell that has no meaning here. */
export class NoMeaning extends Error {
  override readonly name = 'NoMeaning';
}

/**
 * The outputs of a circuit in given clock cycles, as terms over its inputs in that cycle and those before. Only what an
 * output needs is written. Registers hold anything before cycle 0, and so does each input for which the stimulus says
 * nothing: what is proved holds whatever they are.
 */
export class Unrolling {
  private readonly drivers = new Map<number, Driver>();
  private readonly given = new Map<string, string>();
  private readonly made = new Map<string, Bits>();
  private unknowns = 0;

  constructor(
    private readonly circuit: Circuit,
    private readonly script: Script,
    private readonly stimulus: Stimulus,
  ) {
    for (const [port, nets] of Object.entries(circuit.inputs))
      nets.forEach((net, index) => {
        if (typeof net === 'number') this.drivers.set(net, { port, index, width: nets.length });
      });
    for (const cell of circuit.cells) {
      const nets = cell.pins[outputPin(cell)] ?? [];
      nets.forEach((net, index) => {
        if (typeof net === 'number') this.drivers.set(net, { cell, index, width: nets.length });
      });
    }
    // The Verilog's own names make the text readable.
    for (const [name, nets] of Object.entries(circuit.names)) this.given.set(nets.join(' '), name);
  }

  output(port: string, cycle: number): Bits {
    const nets = this.circuit.outputs[port];
    if (!nets) throw new Error(`the circuit has no output '${port}'`);
    return this.word(nets, cycle);
  }

  /** Nets, low bits first, as one vector: runs of bits of one driver become slices. */
  private word(nets: readonly Net[], cycle: number): Bits {
    const parts: Bits[] = [];
    for (let at = 0; at < nets.length; ) {
      const net = nets[at]!;
      let end = at + 1;
      if (typeof net !== 'number') {
        while (end < nets.length && nets[end] === net) end++;
        parts.unshift(net === 'x' ? this.unknown(end - at) : constant(net === '1' ? -1 : 0, end - at));
      } else {
        const driver = this.driverOf(net);
        const source = driver.cell ?? driver.port;
        for (; end < nets.length; end++) {
          const next = nets[end]!;
          const other = typeof next === 'number' ? this.driverOf(next) : undefined;
          if (!other || (other.cell ?? other.port) !== source || other.index !== driver.index + end - at)
            break;
        }
        const whole = driver.cell
          ? this.value(driver.cell, cycle)
          : this.input(driver.port!, driver.width, cycle);
        parts.unshift(slice(whole, driver.index + end - at - 1, driver.index));
      }
      at = end;
    }
    return join(...parts);
  }

  private driverOf(net: number): Driver {
    const driver = this.drivers.get(net);
    if (!driver) throw new NoMeaning(`net ${net} has no driver`);
    return driver;
  }

  private unknown(width: number): Bits {
    this.unknowns++;
    return this.script.declare(`unknown_${this.unknowns}`, width);
  }

  private input(port: string, width: number, cycle: number): Bits {
    return this.once(`${port}@${cycle}`, () => {
      return this.stimulus(port, cycle, width) ?? this.script.declare(`${port}@${cycle}`, width);
    });
  }

  private once(key: string, make: () => Bits): Bits {
    const known = this.made.get(key);
    if (known) return known;
    const made = make();
    this.made.set(key, made);
    return made;
  }

  /** The output of a cell in a cycle. */
  private value(cell: Cell, cycle: number): Bits {
    return this.once(`${cell.name}#${cycle}`, () => {
      const nets = cell.pins[outputPin(cell)]!;
      const name = `${this.given.get(nets.join(' ')) ?? `n${nets[0]}`}@${cycle}`;
      if (cell.type === '$dff') {
        if (cell.parameters.CLK_POLARITY !== 1)
          throw new NoMeaning(`${cell.name}: a register on the falling edge`);
        return cycle === 0 ? this.script.declare(`${name}`, nets.length) : this.word(cell.pins.D!, cycle - 1);
      }
      return this.script.define(name, this.operation(cell, nets.length, cycle));
    });
  }

  private operation(cell: Cell, width: number, cycle: number): Bits {
    const pin = (name: string): Bits => this.word(cell.pins[name]!, cycle);
    const isSigned = (name: string): boolean => cell.parameters[`${name}_SIGNED`] === 1;
    const { type } = cell;
    if (type === '$mux') return choose(isConstant(pin('S'), 1), pin('B'), pin('A'));
    if (type === '$pmux') {
      // The cases of a `case` exclude each other.
      const [choices, selects] = [cell.pins.B!, cell.pins.S!];
      return selects.reduceRight<Bits>(
        (otherwise, select, i) =>
          choose(
            isConstant(this.word([select], cycle), 1),
            this.word(choices.slice(i * width, (i + 1) * width), cycle),
            otherwise,
          ),
        pin('A'),
      );
    }
    const flag = (truth: Bool): Bits => resize(asBit(truth), width, false);
    const a = pin('A');
    const isZero = (x: Bits): Bool => isConstant(x, 0);
    const reduced = REDUCTIONS[type];
    if (reduced) return flag(reduced(a));
    const single = UNARY[type];
    if (single) return unary(single, resize(a, width, isSigned('A')));
    if (type === '$pos') return resize(a, width, isSigned('A'));
    if (type === '$logic_not') return flag(isZero(a));

    const b = pin('B');
    // As in Verilog, an operation is signed where both operands are.
    const signed = isSigned('A') && isSigned('B');
    const plain = BINARY[type];
    if (plain) {
      const result = binary(plain, resize(a, width, signed), resize(b, width, signed));
      return type === '$xnor' ? unary('bvnot', result) : result;
    }
    if (type === '$logic_and')
      return flag({ truth: `(and ${not(isZero(a)).truth} ${not(isZero(b)).truth})` });
    if (type === '$logic_or') return flag(or(not(isZero(a)), not(isZero(b))));
    const comparison = COMPARISONS[type];
    if (comparison) {
      const widest = Math.max(a.width, b.width);
      return flag(comparison(signed)(resize(a, widest, signed), resize(b, widest, signed)));
    }
    const shift = SHIFTS[type];
    if (shift && !isSigned('B')) {
      // Wide enough for the value and for the distance, which SMT-LIB wants in the same width.
      const inner = Math.max(a.width, width, b.width + 1);
      const extended = resize(
        resize(a, Math.max(a.width, width), isSigned('A')),
        inner,
        type === '$sshr' && isSigned('A'),
      );
      return resize(binary(shift(isSigned('A')), extended, resize(b, inner, false)), width, false);
    }
    throw new NoMeaning(`${cell.name}: a cell of type ${type} has no meaning here`);
  }
}

function outputPin({ type }: Cell): string {
  return type.includes('dff') ? 'Q' : 'Y';
}

const UNARY: Readonly<Record<string, string>> = { $not: 'bvnot', $neg: 'bvneg' };

const BINARY: Readonly<Record<string, string>> = {
  $and: 'bvand',
  $or: 'bvor',
  $xor: 'bvxor',
  $xnor: 'bvxor',
  $add: 'bvadd',
  $sub: 'bvsub',
  $mul: 'bvmul',
};

type Comparison = (signed: boolean) => (a: Bits, b: Bits) => Bool;

const ordered =
  (name: string): Comparison =>
  signed =>
  (a, b) =>
    compare(`bv${signed ? 's' : 'u'}${name}`, a, b);

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  $eq: () => equal,
  $eqx: () => equal,
  $ne: () => (a, b) => not(equal(a, b)),
  $nex: () => (a, b) => not(equal(a, b)),
  $lt: ordered('lt'),
  $le: ordered('le'),
  $gt: ordered('gt'),
  $ge: ordered('ge'),
};

const parity = (a: Bits): Bool => {
  const bits = Array.from({ length: a.width }, (_, i) => slice(a, i, i));
  return bitOf(
    bits.reduce((x, y) => binary('bvxor', x, y)),
    0,
  );
};

const REDUCTIONS: Readonly<Record<string, (a: Bits) => Bool>> = {
  $reduce_or: a => not(isConstant(a, 0)),
  $reduce_bool: a => not(isConstant(a, 0)),
  $reduce_and: a => isConstant(a, -1),
  $reduce_xor: parity,
  $reduce_xnor: a => not(parity(a)),
};

const SHIFTS: Readonly<Record<string, (signed: boolean) => string>> = {
  $shl: () => 'bvshl',
  $sshl: () => 'bvshl',
  $shr: () => 'bvlshr',
  $sshr: signed => (signed ? 'bvashr' : 'bvlshr'),
};
