import type { Design } from '../generators/emit/design.ts';
import type { Layout } from './codec.ts';

/** Up to so many input bits of a unit without state, every input can be tried: 2^32 of them take minutes. */
export const MOST_BITS = 32;

/** All bits of one beat's data. */
export function inputBits(design: Design): number {
  return design.inputs.reduce((sum, p) => sum + p.width, 0);
}

/**
 * Fills records with the inputs `from`, `from + 1`, …: the bits of the number, given to the ports one after the other, the
 * first port lowest. For at most 32 input bits.
 */
export function fillInputs(layout: Layout, records: Uint32Array, from: number, count: number): void {
  const { ports, size, accept } = layout;
  let low = 0;
  for (const { port, offset } of ports) {
    const mask = port.width === 32 ? -1 : (1 << port.width) - 1;
    for (let i = 0, at = offset; i < count; i++, at += size) records[at] = ((from + i) >>> low) & mask;
    low += port.width;
  }
  for (let i = 0, at = accept; i < count; i++, at += size) records[at] = 1;
}
