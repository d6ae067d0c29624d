/** Bytes of a WebAssembly module: as much of the binary format as straight-line vector code and a few loops need. */

export const TYPE = { i32: 0x7f, v128: 0x7b } as const;

/** Instructions by name, as bytes. */
export const OP = {
  end: [0x0b],
  loop: [0x03, 0x40],
  branchIf: [0x0d],
  call: [0x10],
  localGet: [0x20],
  localSet: [0x21],
  localTee: [0x22],
  i32Const: [0x41],
  i32Add: [0x6a],
  i32Sub: [0x6b],
  i32Multiply: [0x6c],
  load: [0xfd, 0x00],
  store: [0xfd, 0x0b],
  constant: [0xfd, 0x0c],
  not: [0xfd, 0x4d],
  and: [0xfd, 0x4e],
  andNot: [0xfd, 0x4f],
  or: [0xfd, 0x50],
  xor: [0xfd, 0x51],
  select: [0xfd, 0x52],
  /** Bytes of two vectors in another order, which sixteen immediates give. */
  shuffle: [0xfd, 0x0d],
  /** So many bytes out of one place of a vector. */
  storeLane: { 1: [0xfd, 0x58], 2: [0xfd, 0x59], 4: [0xfd, 0x5a], 8: [0xfd, 0x5b] },
  shiftLeft: [0xfd, 0xab, 0x01],
  shiftRight: [0xfd, 0xad, 0x01],
} as const;

/** An unsigned number in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

/** A signed number of 32 bits in LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

/** The body of a function while it is written. */
export class Code {
  readonly bytes: number[] = [];
  private vectors = 0;
  private numbers = 0;

  /** `parameters` are 32-bit numbers, locals 0, 1, …; `numbers` more of them follow. */
  constructor(
    readonly parameters: number,
    numbers = 0,
  ) {
    this.numbers = numbers;
  }

  /** A new local for a vector. */
  vector(): number {
    return this.parameters + this.numbers + this.vectors++;
  }

  emit(op: readonly number[], ...immediates: readonly number[]): this {
    for (const byte of op) this.bytes.push(byte);
    for (const value of immediates) for (const byte of unsigned(value)) this.bytes.push(byte);
    return this;
  }

  number(value: number): this {
    this.bytes.push(...OP.i32Const, ...signed(value));
    return this;
  }

  get(local: number): this {
    return this.emit(OP.localGet, local);
  }

  set(local: number): this {
    return this.emit(OP.localSet, local);
  }

  /** A vector with the same 32 bits in each quarter. */
  constant(word: number): this {
    this.emit(OP.constant);
    for (let i = 0; i < 16; i++) this.bytes.push((word >>> (8 * (i % 4))) & 255);
    return this;
  }

  /** Loads a vector from an address on the stack, plus an offset. */
  load(offset: number): this {
    return this.emit(OP.load, 4, offset);
  }

  store(offset: number): this {
    return this.emit(OP.store, 4, offset);
  }

  body(): number[] {
    const groups = [
      ...(this.numbers > 0 ? [[...unsigned(this.numbers), TYPE.i32]] : []),
      ...(this.vectors > 0 ? [[...unsigned(this.vectors), TYPE.v128]] : []),
    ];
    const locals = [...unsigned(groups.length), ...groups.flat()];
    return sized(concat([locals, this.bytes, OP.end]));
  }
}

function sized(bytes: readonly number[]): number[] {
  return concat([unsigned(bytes.length), bytes]);
}

/** One list of many; not by spreading, which a long list overflows. */
function concat(lists: readonly (readonly number[])[]): number[] {
  const all: number[] = [];
  for (const list of lists) for (const byte of list) all.push(byte);
  return all;
}

const text = (name: string): number[] => sized([...name].map(c => c.charCodeAt(0)));

/** A module of functions without results that share one memory, which is imported; `exported` names some of them. */
export function moduleBytes(
  functions: readonly Code[],
  exported: Readonly<Record<string, number>>,
  pages: number,
): Uint8Array<ArrayBuffer> {
  const arities = [...new Set(functions.map(f => f.parameters))];
  const section = (id: number, items: readonly (readonly number[])[]): number[] =>
    concat([[id], sized(concat([unsigned(items.length), ...items]))]);
  const types = arities.map(n => [0x60, ...unsigned(n), ...new Array<number>(n).fill(TYPE.i32), 0]);
  const memory = [...text('env'), ...text('memory'), 2, 0, ...unsigned(pages)];
  return Uint8Array.from(
    concat([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, types),
      section(2, [memory]),
      section(
        3,
        functions.map(f => unsigned(arities.indexOf(f.parameters))),
      ),
      section(
        7,
        Object.entries(exported).map(([name, index]) => [...text(name), 0, ...unsigned(index)]),
      ),
      section(
        10,
        functions.map(f => f.body()),
      ),
    ]),
  );
}
