import { describe, expect, test } from 'vitest';
import { DEFAULT_GOAL, design, type Parameters } from '../../generators/emit/design.ts';
import { emitModule } from '../../generators/emit/module.ts';
import { unit } from '../../generators/units/fx-avgpool.ts';
import type { Unit } from '../../generators/units/unit.ts';

describe('a signed sum in front of a multiplier', () => {
  test('is printed with signed terms, as synthesizers move it into the block', () => {
    const params = { lanes: 9, from: 'int8', to: 'int8', round: 'rhu', overflow: 'saturate' };
    const composed = design(unit as unknown as Unit<Parameters>, params, DEFAULT_GOAL);
    const request = { id: 'fx-avgpool', summary: '', changed: {}, spdx: 'CC0-1.0', annotate: false };
    const { text } = emitModule(composed, request).body;
    const factor = /\$signed\((\w+)\) \* /.exec(text)![1]!;
    expect(text).toMatch(
      new RegExp(`wire signed \\[11:0\\] ${factor} = \\$signed\\(\\w+\\) \\+ \\$signed\\(12'd4\\);`),
    );
  });
});
