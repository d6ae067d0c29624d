import { expect, test } from 'vitest';
import { clocksOf } from '../../sim/clocks.ts';
import { designOf } from './units.ts';

/** Records of `counting`: x (8 bits), clear (1 bit), whether it is accepted. */
const BEATS = Uint32Array.from([0x12, 1, 1, 0xff, 0, 0]);

test('between beats nothing is accepted, and each bit of the inputs is another one', () => {
  const { each, spread } = clocksOf(designOf('counting', { initiation: 3 }));
  expect(each).toBe(3);
  const [beat, idle] = [
    [0x12, 1, 1],
    [0xed, 0, 0],
  ];
  const other = [0x00, 1, 0];
  expect([...spread(BEATS, 2)]).toEqual([beat, idle, idle, [0xff, 0, 0], other, other].flat());
});

test('the answers are those of the clocks of beats', () => {
  const { gather } = clocksOf(designOf('counting', { initiation: 3 }));
  expect([...gather(Uint32Array.from([7, 8, 9, 10, 11, 12]), 2)]).toEqual([7, 10]);
  const valid = clocksOf(designOf('counting', { initiation: 2, shell: 'valid' }));
  expect([...valid.gather(Uint32Array.from([7, 1, 8, 0, 9, 1, 10, 0]), 2)]).toEqual([7, 1, 9, 1]);
});

test('where a beat may follow every clock, nothing is copied', () => {
  const { each, spread, gather } = clocksOf(designOf('counting'));
  expect(each).toBe(1);
  expect(spread(BEATS, 2)).toBe(BEATS);
  expect(gather(BEATS, 2)).toBe(BEATS);
});
