import type { Step, Value } from './steps.ts';
import { Code, OP } from './wasm.ts';

/** Bytes of a plane: one bit of all lanes. */
export const PLANE = 16;
/** Steps of one function: with more, compilers of WebAssembly run out of registers, and each step takes longer. */
const FUNCTION_STEPS = 100;

/** What is stored where when all steps are done. */
export interface Store {
  readonly value: Value;
  readonly address: number;
}

export interface Places {
  /** Addresses of the nets that stand in memory before the evaluation. */
  readonly memory: ReadonlyMap<number, number>;
  readonly stores: readonly Store[];
  /** From here on lie the nets that one function leaves to another. */
  readonly spill: number;
}

/** The steps as functions, and how many planes they take in memory for what they leave to each other. */
export function evaluationCode(
  steps: readonly Step[],
  { memory, stores, spill }: Places,
): { functions: Code[]; spilled: number } {
  const count = Math.max(1, Math.ceil(steps.length / FUNCTION_STEPS));
  const stepOf = new Map(
    steps.map((step, i) => [step.output, { step, place: Math.floor(i / FUNCTION_STEPS) }]),
  );
  const storesOf = Array.from({ length: count }, (): Store[] => []);
  for (const store of stores) {
    const { net } = store.value;
    storesOf[(net === undefined ? undefined : stepOf.get(net)?.place) ?? count - 1]!.push(store);
  }
  const { readers, lastReader } = readersOf(steps, stores);
  const crosses = (net: number): boolean => lastReader.get(net)! > stepOf.get(net)!.place;
  const slots = new Slots(spill);
  const addressOf = new Map(memory);

  const functions = storesOf.map((own, place) => {
    const code = new Code(0);
    const locals = new Map<number, number>();
    const push = (net: number | undefined): void => {
      if (net === undefined) {
        code.constant(0);
        return;
      }
      const local = locals.get(net);
      if (local !== undefined) {
        code.get(local);
        return;
      }
      const made = stepOf.get(net);
      if (made?.place === place) {
        compute(made.step);
        return;
      }
      const address = addressOf.get(net);
      if (address === undefined) {
        // A net that nothing drives.
        code.constant(0);
        return;
      }
      const kept = code.vector();
      locals.set(net, kept);
      code.number(0).load(address).emit(OP.localTee, kept);
    };
    const compute = ({ operation, inputs }: Step): void => {
      for (const net of inputs) push(net);
      code.emit(OP[operation]);
    };
    for (const step of steps.slice(place * FUNCTION_STEPS, (place + 1) * FUNCTION_STEPS)) {
      const net = step.output;
      const isLeft = crosses(net);
      // What is read once is computed where it is read.
      if (readers.get(net) === 1 && !isLeft) continue;
      compute(step);
      const local = code.vector();
      code.set(local);
      locals.set(net, local);
      if (isLeft) {
        const address = slots.take(lastReader.get(net)!);
        addressOf.set(net, address);
        code.number(0).get(local).store(address);
      }
    }
    for (const { value, address } of own) {
      code.number(0);
      push(value.net);
      if (value.inverted) code.emit(OP.not);
      code.store(address);
    }
    slots.release(place);
    return code;
  });
  return { functions, spilled: slots.planes };
}

/** How often each net is read, and by which function last. */
function readersOf(
  steps: readonly Step[],
  stores: readonly Store[],
): { readers: ReadonlyMap<number, number>; lastReader: ReadonlyMap<number, number> } {
  const readers = new Map<number, number>();
  const lastReader = new Map(steps.map(({ output }, i) => [output, Math.floor(i / FUNCTION_STEPS)]));
  const read = (net: number | undefined, times: number): void => {
    if (net !== undefined) readers.set(net, (readers.get(net) ?? 0) + times);
  };
  for (const [i, { inputs }] of steps.entries())
    for (const net of inputs) {
      read(net, 1);
      if (net !== undefined) lastReader.set(net, Math.floor(i / FUNCTION_STEPS));
    }
  // What is stored is kept until the end of its function.
  for (const { value } of stores) read(value.net, 2);
  return { readers, lastReader };
}

/** Planes of memory for nets between the function that makes them and the last that reads them. */
class Slots {
  private readonly free: number[] = [];
  private readonly heldUntil = new Map<number, number[]>();
  planes = 0;

  constructor(private readonly first: number) {}

  /** An address that is free until this function has run. */
  take(last: number): number {
    const address = this.free.pop() ?? this.first + PLANE * this.planes++;
    this.heldUntil.set(last, [...(this.heldUntil.get(last) ?? []), address]);
    return address;
  }

  /** This function has been written: what it was the last to read makes room. */
  release(place: number): void {
    this.free.push(...(this.heldUntil.get(place) ?? []));
  }
}
