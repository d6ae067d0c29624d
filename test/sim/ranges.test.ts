import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Range, Ranges } from '../../sim/ranges.ts';

test('each input is given away once, and none counts as played before its range is', () => {
  fc.assert(
    fc.property(
      fc.nat(50),
      fc.nat(300),
      fc.integer({ min: 1, max: 40 }),
      fc.infiniteStream(fc.nat()),
      (from, more, size, choices) => {
        const total = from + more;
        const ranges = new Ranges(from, total, size);
        const [open, done]: [Range[], Set<number>] = [[], new Set()];
        let given = from;
        for (let isLeft = true; isLeft || open.length > 0; ) {
          // Up to four ranges are being played; which of them ends next is chance.
          const range = isLeft && open.length < 4 ? ranges.take() : undefined;
          if (range) {
            expect(range.from).toBe(given);
            given += range.count;
            open.push(range);
          } else {
            isLeft = isLeft && open.length >= 4;
            const [ended] = open.splice(choices.next().value! % Math.max(1, open.length), 1);
            if (!ended) break;
            for (let i = 0; i < ended.count; i++) done.add(ended.from + i);
            ranges.settle(ended);
          }
          for (let i = from; i < ranges.played; i++) expect(done.has(i)).toBe(true);
        }
        expect(given).toBe(total);
        expect(ranges.played).toBe(total);
      },
    ),
    { numRuns: 200 },
  );
});
