import { describe, expect, test } from 'vitest';
import { unpack } from '../../generators/blocks/float.ts';
import { DEFAULT_GOAL, design, type Parameters } from '../../generators/emit/design.ts';
import { parseFormat } from '../../generators/formats/parse.ts';
import { Builder } from '../../generators/hdl/builder.ts';
import { HDL_CODES, HdlError } from '../../generators/hdl/diagnostics.ts';
import { compile } from '../../generators/hdl/interpret.ts';
import { defineSubmodule, freeze } from '../../generators/hdl/module.ts';
import { __named } from '../../generators/hdl/naming.ts';
import type { Signal, Vector } from '../../generators/hdl/signal.ts';
import type { Unit } from '../../generators/units/unit.ts';

const told = new Set<string>();

/** The whole message of a mistake. */
function message(mistake: (b: Builder) => unknown): string {
  try {
    mistake(new Builder());
  } catch (error) {
    if (!(error instanceof HdlError)) throw error;
    told.add(error.code);
    return error.message;
  }
  throw new Error('no mistake was found');
}

const half = defineSubmodule('half', 'Half of a value.', b => ({ y: b.input('x', 4).shr(1) }));
const BIT = { min: 0n, max: 1n };

describe('each mistake is told in full', () => {
  test('HDL-001 slices', () => {
    expect(message(b => b.input('x', 4).bits(4, 1))).toMatchInlineSnapshot(
      `"HDL-001 bits 4:1 of the 4-bit 'x' | hint: stay within 3:0"`,
    );
    expect(message(b => b.input('x', 4).add(1).bit(-1))).toMatchInlineSnapshot(
      `"HDL-001 bits -1:-1 of the 5-bit 'unnamed add' | hint: stay within 4:0"`,
    );
    expect(message(b => b.inputVector('v', 3, 2).at(3))).toMatchInlineSnapshot(
      `"HDL-001 lane 3 of the 3 lanes of 'v' | hint: stay within 0…2"`,
    );
    expect(message(b => b.inputVector('v', 3, 2).slice(1, 3))).toMatchInlineSnapshot(
      `"HDL-001 3 lanes from lane 1 of the 3 lanes of 'v' | hint: stay within 0…2"`,
    );
  });

  test('HDL-002 shift amounts', () => {
    expect(message(b => b.input('x', 4).shl(b.input('by', 3, true)))).toMatchInlineSnapshot(
      `"HDL-002 shift amount 'by' can be -4 | hint: shift the other way, or add an offset"`,
    );
    expect(message(b => b.input('x', 4).shr(-1))).toMatchInlineSnapshot(
      `"HDL-002 shift amount -1 | hint: shift the other way, or add an offset"`,
    );
  });

  test('HDL-003 tables', () => {
    expect(message(b => b.table('squares', '', [0n, 1n, 4n], b.input('x', 2)))).toMatchInlineSnapshot(
      `"HDL-003 table 'squares' has 3 entries, but its index can be 0…3 | hint: add entries, or narrow the index"`,
    );
  });

  test('HDL-004 bits of what can be negative', () => {
    expect(message(b => b.input('mask', 4).and(b.input('x', 4, true)))).toMatchInlineSnapshot(
      `"HDL-004 'and' met 'x', which can be negative | hint: take its bits() first"`,
    );
    expect(message(b => b.input('x', 4, true).shlWithin(2, 4))).toMatchInlineSnapshot(
      `"HDL-004 shlWithin met 'x', which can be negative | hint: use its magnitude"`,
    );
  });

  test('HDL-005 conditions', () => {
    expect(message(b => b.mux(b.input('x', 2), 1, 2))).toMatchInlineSnapshot(
      `"HDL-005 condition 'x' can be 0…3 | hint: compare it, or take one bit"`,
    );
    expect(message(b => b.input('x', 2).negateIf(b.input('s', 1, true)))).toMatchInlineSnapshot(
      `"HDL-005 condition 's' can be -1…0 | hint: compare it, or take one bit"`,
    );
  });

  test('HDL-006 widths and integers', () => {
    expect(message(b => b.const(0.5))).toMatchInlineSnapshot(
      `"HDL-006 0.5 is not an exact integer | hint: give an integer, or a bigint"`,
    );
    expect(message(b => b.input('x', 0))).toMatchInlineSnapshot(
      `"HDL-006 port 'x' is 0 bits wide | hint: give a whole number from 1 up"`,
    );
    expect(message(b => b.inputVector('v', 0, 4))).toMatchInlineSnapshot(
      `"HDL-006 port 'v' has 0 lanes | hint: give a whole number from 1 up"`,
    );
    expect(message(b => b.input('x', 4).wrap(0, false))).toMatchInlineSnapshot(
      `"HDL-006 'x' wrapped to 0 bits | hint: give a whole number from 1 up"`,
    );
    expect(message(b => b.input('x', 4).narrow(0, 2.5))).toMatchInlineSnapshot(
      `"HDL-006 2.5 is not an exact integer | hint: give an integer, or a bigint"`,
    );
    expect(message(b => b.input('x', 7).unpack(2))).toMatchInlineSnapshot(
      `"HDL-006 the 7 bits of 'x' split into 2 lanes | hint: give a divisor of the width"`,
    );
    expect(message(b => b.pairs('twos', b.inputVector('v', 3, 4), (x, y) => x.add(y)))).toMatchInlineSnapshot(
      `"HDL-006 loop 'twos' runs over the pairs of 3 lanes | hint: give an even number"`,
    );
    expect(message(b => b.concat())).toMatchInlineSnapshot(
      `"HDL-006 concat of nothing | hint: give at least one signal"`,
    );
  });

  test('HDL-007 impossible claims', () => {
    expect(message(b => b.input('x', 4).narrow(16, 20))).toMatchInlineSnapshot(
      `"HDL-007 'x' can be 0…15, never 16…20 | hint: check the claim"`,
    );
  });

  test('HDL-008 numbers of lanes', () => {
    expect(
      message(b => b.lanes('both', [b.inputVector('u', 3, 2), b.inputVector('v', 4, 2)], (x, y) => x.add(y))),
    ).toMatchInlineSnapshot(
      `"HDL-008 loop 'both' runs over 3 lanes and 4 | hint: make the vectors equally long"`,
    );
  });

  describe('HDL-009 lanes outside of their loop', () => {
    function leak(b: Builder): { lane: Signal; gathered: Vector } {
      let lane: Signal | undefined;
      const gathered = b.lanes('each', [b.inputVector('v', 3, 2)] as const, x => {
        lane = x.add(1);
        return x;
      });
      return { lane: lane!, gathered: gathered as Vector };
    }

    test('in an operator', () => {
      expect(message(b => leak(b).lane.add(1))).toMatchInlineSnapshot(
        `"HDL-009 a lane of loop 'each' was used after the loop | hint: return it from the body"`,
      );
    });

    test('in another loop', () => {
      expect(
        message(b => {
          const { lane, gathered } = leak(b);
          return b.lanes('other', [gathered] as const, x => x.add(lane));
        }),
      ).toMatchInlineSnapshot(
        `"HDL-009 lanes of loop 'each' met lanes of loop 'other' | hint: gather one first"`,
      );
    });

    test('a vector of an outer loop', () => {
      expect(
        message(b => {
          let inner: Vector | undefined;
          const v = b.inputVector('v', 3, 2);
          b.lanes('outer', [v] as const, x => {
            inner = b.lanes('inner', [v] as const, y => x.add(y)) as Vector;
            return inner;
          });
          return b.lanes('later', [inner!] as const, x => x);
        }),
      ).toMatchInlineSnapshot(
        `"HDL-009 a lane of loop 'outer' was used after the loop | hint: return it from the body"`,
      );
    });

    test('as an output, or in a register', () => {
      expect(message(b => freeze(b, { y: leak(b).lane }))).toMatchInlineSnapshot(
        `"HDL-009 output 'y' is a lane of loop 'each' | hint: return it from the body"`,
      );
      expect(message(b => b.register('acc', { min: 0n, max: 9n }).next(leak(b).lane))).toMatchInlineSnapshot(
        `"HDL-009 next value of register 'acc' is a lane of loop 'each' | hint: return it from the body"`,
      );
      expect(
        message(b => {
          let bit: Signal | undefined;
          b.lanes('each', [b.inputVector('v', 3, 1)] as const, x => {
            bit = x;
            return x;
          });
          b.register('acc', BIT).next(b.input('x', 1), bit);
        }),
      ).toMatchInlineSnapshot(
        `"HDL-009 enable of register 'acc' is a lane of loop 'each' | hint: return it from the body"`,
      );
    });
  });

  test('HDL-010 next values', () => {
    expect(message(b => freeze(b, { y: b.register('acc', BIT).value }))).toMatchInlineSnapshot(
      `"HDL-010 register 'acc' has no next value | hint: call next()"`,
    );
    expect(
      message(b => {
        const acc = b.register('acc', BIT);
        acc.next(b.const(0));
        acc.next(b.const(1));
      }),
    ).toMatchInlineSnapshot(`"HDL-010 register 'acc' has two next values | hint: choose with mux"`);
  });

  test('HDL-011 values that do not fit', () => {
    expect(message(b => b.register('acc', { min: 0n, max: 7n }).next(b.input('x', 4)))).toMatchInlineSnapshot(
      `"HDL-011 register 'acc' holds 0…7, its next value is 0…15 | hint: widen the register, saturate, or wrap"`,
    );
    expect(message(b => b.register('acc', { min: 0n, max: 7n }, 8))).toMatchInlineSnapshot(
      `"HDL-011 register 'acc' holds 0…7, but starts from 8 | hint: start within the range"`,
    );
    expect(message(b => b.instance('halves', half, { x: b.input('x', 5) }))).toMatchInlineSnapshot(
      `"HDL-011 instance 'halves': input 'x' holds 0…15, not 0…31 | hint: narrow it"`,
    );
  });

  test('HDL-012 signals of two modules', () => {
    expect(message(b => b.input('x', 4).add(new Builder().input('y', 4)))).toMatchInlineSnapshot(
      `"HDL-012 'y' belongs to another module | hint: pass it in through a port"`,
    );
  });

  test('HDL-013 names', () => {
    expect(message(b => b.input('Data', 4))).toMatchInlineSnapshot(
      `"HDL-013 port name 'Data' is no plain identifier | hint: use lower-case letters, digits and _"`,
    );
    expect(message(b => b.register('my reg', BIT))).toMatchInlineSnapshot(
      `"HDL-013 register name 'my reg' is no plain identifier | hint: use lower-case letters, digits and _"`,
    );
    expect(message(b => b.input('x', 4).add(1).as('x+1'))).toMatchInlineSnapshot(
      `"HDL-013 signal name 'x+1' is no plain identifier | hint: use lower-case letters, digits and _"`,
    );
    expect(message(b => b.table('7seg', '', [0n, 1n], b.input('x', 1)))).toMatchInlineSnapshot(
      `"HDL-013 table name '7seg' is no plain identifier | hint: use lower-case letters, digits and _"`,
    );
    expect(message(b => b.instance('', half, { x: b.input('x', 4) }))).toMatchInlineSnapshot(
      `"HDL-013 instance name '' is no plain identifier | hint: use lower-case letters, digits and _"`,
    );
    expect(message(b => b.lanes('a-b', [b.inputVector('v', 3, 2)] as const, x => x))).toMatchInlineSnapshot(
      `"HDL-013 loop name 'a-b' is no plain identifier | hint: use lower-case letters, digits and _"`,
    );
  });

  test('HDL-014 names that are taken', () => {
    expect(message(b => [b.input('x', 4), b.input('x', 5)])).toMatchInlineSnapshot(
      `"HDL-014 port 'x' is declared twice | hint: rename one"`,
    );
    expect(message(b => [b.register('acc', BIT), b.register('acc', BIT)])).toMatchInlineSnapshot(
      `"HDL-014 register 'acc' is declared twice | hint: rename one"`,
    );
  });

  test('HDL-015 inputs of an instance', () => {
    expect(message(b => b.instance('halves', half, {}))).toMatchInlineSnapshot(
      `"HDL-015 instance 'halves' of half: input 'x' | hint: give exactly x"`,
    );
    expect(
      message(b => b.instance('halves', half, { x: b.input('x', 4), y: b.input('y', 4) })),
    ).toMatchInlineSnapshot(`"HDL-015 instance 'halves' of half: input 'y' | hint: give exactly x"`);
  });

  test('HDL-016 submodules with state', () => {
    expect(
      message(() =>
        defineSubmodule('counter', '', b => {
          const count = b.register('count', BIT);
          count.next(count.value.not());
          return { y: count.value };
        }),
      ),
    ).toMatchInlineSnapshot(`"HDL-016 submodule counter holds state | hint: keep registers in the unit"`);
  });

  test('HDL-017 false claims', () => {
    expect(
      message(b => {
        const small = b.input('x', 4).narrow(0, 9).as('digit');
        return compile(freeze(b, { small })).step({ x: 10 }, true);
      }),
    ).toMatchInlineSnapshot(`"HDL-017 'digit' was claimed to be 0…9, but was 10 | hint: mend the claim"`);
    expect(
      message(b => {
        const wide = b.input('x', 80, true).narrow(-5, 2n ** 70n);
        return compile(freeze(b, { wide })).step({ x: -6n }, true);
      }),
    ).toMatchInlineSnapshot(
      `"HDL-017 'narrow' was claimed to be -5…1180591620717411303424, but was -6 | hint: mend the claim"`,
    );
  });

  test('HDL-018 binary points', () => {
    expect(
      message(b => b.register('acc', { min: 0n, max: 15n }, 0, -4).next(b.input('x', 4))),
    ).toMatchInlineSnapshot(
      `"HDL-018 register 'acc' ends at weight 2^-4, its next value at 2^0 | hint: round or shift first"`,
    );
  });

  test('HDL-019 order within a beat', () => {
    expect(
      message(b => {
        const [first, second] = [b.register('first', BIT), b.register('second', BIT)];
        first.next(b.input('x', 1));
        second.next(first.after.not());
        return freeze(b, { y: second.after });
      }),
    ).toMatchInlineSnapshot(
      `"HDL-019 the next value of register 'second' depends on a register after the beat | hint: use the value before the beat, or what it takes next"`,
    );
  });
});

describe('HDL-020 a datapath that does not keep to its ports', () => {
  const mistakes: [string, Unit<Parameters>['datapath'], string][] = [
    [
      'no such input',
      (_, x) => ({ y: x.signal('z') }),
      "HDL-020 the datapath asks for 'z', which is no input | hint: the inputs are x, v",
    ],
    ['lanes', (_, x) => ({ y: x.signal('v') }), "HDL-020 input 'v' has lanes | hint: ask for the vector"],
    [
      'no lanes',
      (_, x) => ({ y: x.vector('x') }),
      "HDL-020 input 'x' has no lanes | hint: ask for the signal",
    ],
    ['no output', () => ({}), "HDL-020 the datapath gives no 'y' | hint: return a signal for each output"],
  ];
  test.each(mistakes)('%s', (_, datapath, text) => {
    const unit: Unit<Parameters> = {
      id: 'wrong',
      family: 'example',
      summary: '',
      equations: [],
      source: '',
      state: false,
      ports: () => ({
        in: { x: { format: 'uint4', doc: '' }, v: { format: 'uint4', lanes: 2, doc: '' } },
        out: { y: { format: 'uint4', doc: '' } },
      }),
      golden: () => ({ step: () => ({}) }),
      datapath,
    };
    expect(message(() => design(unit, {}, DEFAULT_GOAL))).toBe(text);
  });
});

test('a mistake within a named declaration tells where', () => {
  expect(
    message(b =>
      __named('total', 'generators/units/example.ts:12:9', () => b.input('x', 4).and(b.input('y', 4, true))),
    ),
  ).toMatchInlineSnapshot(
    `"HDL-004 'and' met 'y', which can be negative | at generators/units/example.ts:12:9 | hint: take its bits() first"`,
  );
});

test('blocks know the names and places of their own signals', () => {
  const layout = parseFormat('e4m3').float!;
  expect(
    message(b => unpack(b, layout, b.input('x', 6))).replace(/:\d+:\d+/, ':line:column'),
  ).toMatchInlineSnapshot(
    `"HDL-001 bits 6:0 of the 6-bit 'x' | at generators/blocks/float.ts:line:column | hint: stay within 5:0"`,
  );
});

test('every code has a message here', () => {
  expect([...told].sort()).toEqual(Object.keys(HDL_CODES));
});
