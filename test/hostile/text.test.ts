import { expect, test } from 'vitest';
import { HOSTILE } from '../../fuzz/hostile.ts';
import { explain, UsageError, visible } from '../../generators/cli/errors.ts';
import { comment } from '../../generators/emit/identifiers.ts';

test.each(Object.keys(HOSTILE))('%s: read, or refused in one line', async name => {
  await HOSTILE[name]!({ seed: 7, numRuns: 1500 });
});

test('a check of hostile text can fail', async () => {
  // The same runner with a property that does not hold.
  const { parseNpy } = await import('../../sim/npy.ts');
  expect(() => parseNpy(new Uint8Array(0), 'a\nb')).toThrow('a\nb: not a NumPy array');
  expect(explain(new UsageError('a\nb\u001b[2J')).text).toBe('a\\nb\\u001b[2J');
});

test('messages show what a terminal would obey, and stay short', () => {
  expect(visible('x\r\n\t\u0000\u009b\u2028\u202e')).toBe('x\\r\\n\\t\\u0000\\u009b\\u2028\\u202e');
  expect(visible('a'.repeat(10_000)).length).toBeLessThan(2100);
  expect(visible('plain é ≤ text')).toBe('plain é ≤ text');
});

test('a comment is one line of ASCII that no tool obeys', () => {
  expect(comment('a\nendmodule\r\n`x')).toBe('a endmodule `x');
  expect(comment('é Σ \u0000')).toBe('? sum  ?');
  for (const text of [
    'synopsys translate_off',
    ' verilator lint_off WIDTH',
    'SYNTHESIS off',
    'pragma protect',
  ])
    expect(comment(text)).toMatch(/^: /);
  expect(comment('verilated weights')).toBe('verilated weights');
});
