/**
 * Terms of SMT-LIB 2.6 as text, with as much of their sorts as keeps widths right, and the script that they stand in.
 * Nothing is simplified here: the solver does that, and what is proved can be read.
 */

/** A bit vector; `text` is a term of sort `(_ BitVec width)`. */
export interface Bits {
  readonly text: string;
  readonly width: number;
}

/** A truth value. */
export interface Bool {
  readonly truth: string;
}

export const TRUE: Bool = { truth: 'true' };
export const FALSE: Bool = { truth: 'false' };

/** A constant; of a negative number, its two's complement. */
export function constant(value: bigint | number, width: number): Bits {
  const digits = BigInt.asUintN(width, BigInt(value)).toString(2).padStart(width, '0');
  return { text: `#b${digits}`, width };
}

const bool = (truth: string): Bool => ({ truth });

export const not = (a: Bool): Bool => bool(`(not ${a.truth})`);
export const and = (...all: readonly Bool[]): Bool => joined('and', all, TRUE);
export const or = (...all: readonly Bool[]): Bool => joined('or', all, FALSE);

function joined(operation: string, all: readonly Bool[], none: Bool): Bool {
  if (all.length < 2) return all[0] ?? none;
  return bool(`(${operation} ${all.map(a => a.truth).join(' ')})`);
}

/** `condition ? yes : no`. */
export const choose = (condition: Bool, yes: Bits, no: Bits): Bits => ({
  text: `(ite ${condition.truth} ${yes.text} ${no.text})`,
  width: sameWidth(yes, no),
});

export const chooseBool = (condition: Bool, yes: Bool, no: Bool): Bool =>
  bool(`(ite ${condition.truth} ${yes.truth} ${no.truth})`);

function sameWidth(a: Bits, b: Bits): number {
  if (a.width !== b.width) throw new Error(`widths differ: ${a.width} of ${a.text}, ${b.width} of ${b.text}`);
  return a.width;
}

/** An operation of two vectors of one width on a third, such as `bvadd`. */
export const binary = (operation: string, a: Bits, b: Bits): Bits => ({
  text: `(${operation} ${a.text} ${b.text})`,
  width: sameWidth(a, b),
});

export const unary = (operation: string, a: Bits): Bits => ({
  text: `(${operation} ${a.text})`,
  width: a.width,
});

/** A comparison of two vectors of one width, such as `bvult` or `=`. */
export function compare(operation: string, a: Bits, b: Bits): Bool {
  sameWidth(a, b);
  return bool(`(${operation} ${a.text} ${b.text})`);
}

export const equal = (a: Bits, b: Bits): Bool => compare('=', a, b);
export const isConstant = (a: Bits, value: bigint | number): Bool => equal(a, constant(value, a.width));
/** Bits `high` down to `low`. */
export function slice(a: Bits, high: number, low: number): Bits {
  const width = high - low + 1;
  if (low < 0 || high >= a.width || width < 1) throw new Error(`bits ${high}…${low} of ${a.width}`);
  return width === a.width ? a : { text: `((_ extract ${high} ${low}) ${a.text})`, width };
}

/** Whether bit `index` is 1. */
export const bitOf = (a: Bits, index: number): Bool => isConstant(slice(a, index, index), 1);
/** The vectors side by side, the first one highest. */
export function join(...parts: readonly Bits[]): Bits {
  if (parts.length === 1) return parts[0]!;
  return {
    text: `(concat ${parts.map(p => p.text).join(' ')})`,
    width: parts.reduce((sum, p) => sum + p.width, 0),
  };
}

/** Widened to `width` bits with copies of the sign, or zeros; or the low `width` bits. */
export function resize(a: Bits, width: number, signed: boolean): Bits {
  if (width <= a.width) return slice(a, width - 1, 0);
  return { text: `((_ ${signed ? 'sign' : 'zero'}_extend ${width - a.width}) ${a.text})`, width };
}

/** 1 where true. */
export const asBit = (a: Bool): Bits => ({ text: `(ite ${a.truth} #b1 #b0)`, width: 1 });

/** Declarations, definitions and assertions, in order. */
export class Script {
  private readonly lines: string[] = [];
  private readonly names = new Set<string>();

  comment(text: string): void {
    this.lines.push(...text.split('\n').map(line => `; ${line}`));
  }

  /** A free variable. */
  declare(name: string, width: number): Bits {
    const symbol = this.fresh(name);
    this.lines.push(`(declare-const ${symbol} (_ BitVec ${width}))`);
    return { text: symbol, width };
  }

  /** A name for a term, so that it is written once. */
  define(name: string, term: Bits): Bits {
    if (/^[^( ]+$/.test(term.text)) return term;
    return { text: this.defineTerm(name, `(_ BitVec ${term.width})`, term.text), width: term.width };
  }

  defineBool(name: string, term: Bool): Bool {
    return bool(this.defineTerm(name, 'Bool', term.truth));
  }

  /** A name for a term of any sort; answers the symbol. */
  defineTerm(name: string, sort: string, text: string): string {
    const symbol = this.fresh(name);
    this.lines.push(`(define-fun ${symbol} () ${sort} ${text})`);
    return symbol;
  }

  text(): string {
    return `${this.lines.join('\n')}\n`;
  }

  /** A symbol that is not taken yet. */
  private fresh(name: string): string {
    let unique = name;
    for (let n = 2; this.names.has(unique); n++) unique = `${name}!${n}`;
    this.names.add(unique);
    return /^[A-Za-z_][\w.!]*$/.test(unique) ? unique : `|${unique}|`;
  }
}
