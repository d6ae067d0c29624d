import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseFormat, toNumber } from '../../generators/formats/index.ts';

const directory = new URL('../data/formats/', import.meta.url);
const files = readdirSync(directory).filter(file => file.endsWith('.tsv'));

describe('decode tables of the reference libraries', () => {
  it('are all here', () => expect(files.length).toBe(21));

  it.each(files)('%s', file => {
    const format = parseFormat(file.replace('.tsv', ''));
    const lines = readFileSync(new URL(file, directory), 'utf8').trim().split('\n').slice(1);
    expect(lines.length).toBe(2 ** format.width);
    for (const line of lines) {
      const [code, text] = line.split('\t');
      const value = Number(text.replace('inf', 'Infinity').replace('nan', 'NaN'));
      const bits = Number.parseInt(code, 16);
      expect(toNumber(format.decode(BigInt(bits)))).toBe(value);
      expect(format.decodeNumber(bits)).toBe(value);
      // Each code but the redundant NaNs is what its value encodes to.
      const policy = { overflow: 'special' } as const;
      const expected = Number.isNaN(value) ? Number(format.canonicalNaN) : bits;
      expect(format.encodeNumber(value, policy)).toBe(expected);
    }
  });
});
