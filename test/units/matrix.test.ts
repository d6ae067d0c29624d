import { expect, test } from 'vitest';
import { built } from '../built.ts';
import { MATRIX } from './matrix/index.ts';

const { loadRegistry } = await built<typeof import('../../generators/reflect/catalogue.ts')>(
  'generators/reflect/catalogue',
);

test('each unit and preset of the catalogue has a row in the matrix', () => {
  const named = new Set(MATRIX.map(row => row.unit));
  const ids = loadRegistry().flatMap(e => [e.id, ...e.presets.map(p => p.id)]);
  expect(
    ids.filter(id => !named.has(id)),
    'without a row in test/units/matrix',
  ).toEqual([]);
});
