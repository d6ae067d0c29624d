import { describe, expect, it } from 'vitest';
import { alternate, isReached, median, type Ratio, timed } from '../../bench/measure.ts';

describe('bench', () => {
  it('takes the middle', () => {
    expect(median([3])).toBe(3);
    expect(median([9, 1, 2])).toBe(2);
    expect(median([10, 1, 2, 4])).toBe(3);
  });

  it('measures two things in turn, drops the first round and divides pair by pair', async () => {
    const order: string[] = [];
    const series = (name: string, values: number[]) => async (): Promise<number> => {
      order.push(name);
      return values.shift()!;
    };
    // The machine is twice as slow in the third counted round: it meets both.
    const pairs = await alternate(3, series('a', [999, 3, 3, 8]), series('b', [1, 1, 1, 2]));
    expect(order.join('')).toBe('ababbaab');
    expect(pairs).toEqual({ ratio: 3, first: 3, second: 1 });
  });

  it('knows which side of a goal is good', () => {
    const of = (ratio: number, sense: Ratio['sense']): boolean =>
      isReached({ what: '', ratio, goal: 2, sense, parts: {} });
    expect([of(2, 'at most'), of(2.1, 'at most')]).toEqual([true, false]);
    expect([of(2, 'at least'), of(1.9, 'at least')]).toEqual([true, false]);
    expect(isReached({ what: '', ratio: 0, sense: 'at least', parts: {} })).toBe(true);
  });

  it('tells what a failing program said', async () => {
    const done = await timed(process.execPath, ['-e', 'console.log(1)']);
    expect(done.stdout).toBe('1\n');
    await expect(timed(process.execPath, ['-e', 'console.error("no"); process.exit(3)'])).rejects.toThrow(
      /ended with code 3: no/,
    );
  });
});
