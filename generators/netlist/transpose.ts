/**
 * Records into planes and back: a record holds the bits of one vector, a plane holds one bit of all 128. Between them lie columns:
 * one byte of all records, eight vectors with those of 16 records each. The bits of a column are its eight planes, transposed.
 */
import { PLANE } from './evaluation.ts';
import { Code, OP } from './wasm.ts';

/** Bytes of a column; its planes take as many. */
export const COLUMN = 8 * PLANE;
/** Records of which one vector holds a byte each. */
const GROUP = PLANE;

/** The most bytes of a piece: those of a vector. */
export const PIECE = 16;

/** Numbers of bytes that one instruction writes. */
const SIZES = [1, 2, 4, 8, 16] as const;
type Size = (typeof SIZES)[number];

/** A piece of a record: where it begins, its bytes, and which of them hold anything. */
export interface Piece {
  readonly start: number;
  readonly size: Size;
  readonly used: readonly boolean[];
}

/** The pieces in which records are read: whole vectors, which may reach beyond the record. `used` says it of its bytes. */
export function piecesToRead(used: readonly boolean[]): Piece[] {
  return pieces(used, () => PIECE);
}

/** The pieces in which records are written: as large as can be without reaching beyond the record. */
export function piecesToWrite(used: readonly boolean[]): Piece[] {
  const end = used.lastIndexOf(true) + 1;
  return pieces(used, start => {
    const fitting = SIZES.filter(size => start + size <= used.length);
    return fitting.find(size => start + size >= end) ?? fitting.at(-1)!;
  });
}

function pieces(used: readonly boolean[], sizeAt: (start: number) => Size): Piece[] {
  const found: Piece[] = [];
  for (let start = used.indexOf(true); start >= 0; ) {
    const size = sizeAt(start);
    found.push({ start, size, used: Array.from({ length: size }, (_, i) => used[start + i] ?? false) });
    start = used.indexOf(true, start + size);
  }
  return found;
}

/** Vectors as they go through a network: locals, or (undefined) zeros. */
type Vectors = readonly (number | undefined)[];

/** The bytes of two vectors by turns: those of their low halves. */
const LOW_HALVES = Array.from({ length: 16 }, (_, i) => (i >> 1) + 16 * (i & 1));
const HIGH_HALVES = LOW_HALVES.map(byte => byte + 8);

/**
 * So many rounds of a perfect shuffle: the bytes of the first half of the vectors and those of the second half, by turns. Vectors
 * that nothing needs, or of zeros alone, take no instruction.
 */
function shuffle(code: Code, vectors: Vectors, rounds: number, needed: readonly boolean[]): Vectors {
  const half = vectors.length / 2;
  const sources = (i: number): [number, number] => [i >> 1, (i >> 1) + half];
  let needs = needed;
  const needsOf: (readonly boolean[])[] = [];
  for (let round = rounds; round > 0; round--) {
    needsOf.unshift(needs);
    const read = new Set([...needs.keys()].filter(i => needs[i]).flatMap(sources));
    needs = vectors.map((_, i) => read.has(i));
  }
  return needsOf.reduce(
    (before: Vectors, wanted) =>
      before.map((_, i) => {
        const [first, second] = sources(i).map(j => before[j]);
        if (!wanted[i] || (first === undefined && second === undefined)) return undefined;
        push(code, first);
        push(code, second);
        code.emit(OP.shuffle, ...(i % 2 === 0 ? LOW_HALVES : HIGH_HALVES));
        return kept(code);
      }),
    vectors,
  );
}

/** Distances between two vectors of which bits change places, and the bits that stay in the first. */
const SWAPS = [
  [4, 0x0f0f0f0f],
  [2, 0x33333333],
  [1, 0x55555555],
] as const;

/** Transposes the 8 by 8 bits at each byte of eight vectors, of which the first `needed` are asked for. It undoes itself. */
function transpose(code: Code, vectors: Vectors, needed: number): Vectors {
  const now = [...vectors];
  for (const [distance, mask] of SWAPS) {
    // After the swaps that are left to do, a vector is part of all whose numbers differ in their bits below the distance.
    const isNeeded = (i: number): boolean => (i & ~(distance - 1)) < needed;
    for (let i = 0; i < 8; i++) {
      if ((i & distance) !== 0) continue;
      const [low, high] = [now[i], now[i + distance]];
      if (low === undefined && high === undefined) continue;
      // The bits that change places, where they stand in the second; then what is left of both.
      push(code, low);
      code.number(distance).emit(OP.shiftRight);
      push(code, high);
      code.emit(OP.xor).constant(mask).emit(OP.and);
      const changed = kept(code);
      if (isNeeded(i)) {
        push(code, low);
        code.get(changed).number(distance).emit(OP.shiftLeft).emit(OP.xor);
        now[i] = kept(code);
      }
      if (isNeeded(i + distance)) {
        push(code, high);
        code.get(changed).emit(OP.xor);
        now[i + distance] = kept(code);
      }
    }
  }
  return now;
}

function push(code: Code, vector: number | undefined): void {
  if (vector === undefined) code.constant(0);
  else code.get(vector);
}

function kept(code: Code): number {
  const local = code.vector();
  code.set(local);
  return local;
}

/** A function `(from, to)`: from a column to the first `bits` of its planes. */
export function columnToPlanes(bits: number): Code {
  const code = new Code(2);
  const column = load(code, 8);
  store(code, transpose(code, column, bits).slice(0, bits));
  return code;
}

/** A function `(from, to)`: to a column from the first `bits` of its planes, whose others are zeros. */
export function planesToColumn(bits: number): Code {
  const code = new Code(2);
  const planes = [...load(code, bits), ...new Array<undefined>(8 - bits)];
  store(code, transpose(code, planes, 8));
  return code;
}

function load(code: Code, count: number): Vectors {
  return Array.from({ length: count }, (_, i) => kept(code.get(0).load(i * PLANE)));
}

function store(code: Code, vectors: Vectors): void {
  for (const [i, vector] of vectors.entries()) {
    code.get(1);
    push(code, vector);
    code.store(i * PLANE);
  }
}

/** A function `(record, lane, columns)`: the used bytes of pieces that are `lane` bytes apart, into their columns. */
export function recordsToColumns({ used }: Piece): Code {
  return eachGroup((code, { record, lane, columns }) => {
    const rows = Array.from({ length: GROUP }, () => {
      const row = kept(code.get(record).load(0));
      code.get(record).get(lane).emit(OP.i32Add).set(record);
      return row;
    });
    for (const [i, column] of shuffle(code, rows, 4, used).entries())
      if (column !== undefined)
        code
          .get(columns)
          .get(column)
          .store(i * COLUMN);
  });
}

/** A function `(record, lane, columns)`: into pieces that are `lane` bytes apart, from the columns of the used bytes. */
export function columnsToRecords({ used, size }: Piece): Code {
  return eachGroup((code, { record, lane, columns }) => {
    const rows = used.map((isUsed, i) => (isUsed ? kept(code.get(columns).load(i * COLUMN)) : undefined));
    const all = rows.map(() => true);
    for (const vector of shuffle(code, rows, Math.log2(size), all))
      for (let place = 0; place < PIECE / size; place++) {
        code.get(record);
        push(code, vector);
        if (size === PIECE) code.store(0);
        else code.emit(OP.storeLane[size], 0, 0, place);
        code.get(record).get(lane).emit(OP.i32Add).set(record);
      }
  });
}

/** A function `(record, lane, columns)` that does the same for each 16 records, and has stepped to the next record after each. */
function eachGroup(
  body: (code: Code, locals: { record: number; lane: number; columns: number }) => void,
): Code {
  const [record, lane, columns, left] = [0, 1, 2, 3];
  const code = new Code(3, 1);
  code
    .number(COLUMN / PLANE)
    .set(left)
    .emit(OP.loop);
  body(code, { record, lane, columns });
  code.get(columns).number(PLANE).emit(OP.i32Add).set(columns);
  code.get(left).number(1).emit(OP.i32Sub).emit(OP.localTee, left).emit(OP.branchIf, 0);
  code.emit(OP.end);
  return code;
}
