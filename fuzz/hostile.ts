import fc from 'fast-check';
import { explain, UsageError } from '../generators/cli/errors.ts';
import { chooseParameters, findOrLoad } from '../generators/cli/options.ts';
import { FORMATS } from '../generators/formats/catalogue.ts';
import { MAX_INTEGER_WIDTH, parseFormat } from '../generators/formats/parse.ts';
import { FormatError } from '../generators/formats/types.ts';
import { parseValue } from '../generators/reflect/values.ts';
import { formatNpy, parseNpy } from '../sim/npy.ts';

/** A check of one surface on which somebody else's text or bytes arrive. */
export type HostileCheck = (settings: {
  readonly seed: number;
  readonly numRuns: number;
}) => void | Promise<void>;

/** Longer than this, in milliseconds, nothing may take that is refused or read. */
const MOST_TIME = 1000;

/** Runs it; an error must be one that the user can mend, told in one line of harmless characters. */
function answered<T>(run: () => T): T | undefined {
  const from = performance.now();
  try {
    return run();
  } catch (error) {
    check(error instanceof FormatError || error instanceof UsageError, `threw ${String(error)}`);
    const { text, code } = explain(error);
    check(code === 2, `would end with ${code}`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
    check(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]{1,3000}$/u.test(text), `says ${JSON.stringify(text)}`);
    return undefined;
  } finally {
    const time = performance.now() - from;
    check(time < MOST_TIME, `took ${time.toFixed(0)} ms`);
  }
}

function check(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new Error(problem);
}

const NUMBERS = [
  '0',
  '-0',
  '1',
  '00',
  '99999999',
  '1e999',
  '0x10',
  '-1',
  '١',
  'NaN',
  '9'.repeat(400),
  ' 8',
  '8.0',
  '+3',
];
const number = fc.constantFrom(...NUMBERS);
const evil = fc.constantFrom(
  ...[
    '\n',
    '\r\n',
    '\u0000',
    '\u001b[2J',
    '`',
    '$(touch PWNED)',
    '"; system("x");',
    '*/',
    "'",
    '../',
    '\u2028',
    '\u202e',
    'é',
  ],
  ...['endmodule', '__proto__', 'constructor', '<script>', '\\', '%s', '{{x}}', '\ufeff', '\ud800'],
);

/** An id with something put in, taken out or said twice. */
function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  const part = fc.oneof(evil, number, fc.string({ maxLength: 4, unit: 'binary' }));
  return fc
    .tuple(fc.constantFrom(...texts), fc.nat(20), fc.nat(6), part)
    .map(([id, at, cut, put]) => id.slice(0, at) + put + id.slice(at + cut));
}

const IDS = FORMATS.flatMap(f => [f.id, ...f.aliases]);
const built = fc
  .tuple(
    fc.constantFrom('int', 'uint', 'fix', 'ufix', 'e', 'p3109_k', 'ap_fixed<'),
    number,
    fc.constantFrom('', '.', 'm', 'p', ','),
    number,
    fc.constantFrom('', 'b', 'se', '>', 'fn', 'ieee'),
    number,
  )
  .map(parts => parts.join(''));
const formatIds = fc.oneof(
  mutated(IDS),
  built,
  built.map(s => s.replace(/[^a-z0-9]+$/, '')),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ maxLength: 20 }),
  fc.nat(200_000).map(n => 'e'.repeat(n)),
);

export const HOSTILE: Readonly<Record<string, HostileCheck>> = {
  'format ids': settings =>
    fc.assert(
      fc.property(formatIds, id => {
        const format = answered(() => parseFormat(id));
        if (!format) return;
        check(
          Number.isInteger(format.width) && format.width >= 1 && format.width <= MAX_INTEGER_WIDTH,
          `${id} has ${format.width} bits`,
        );
        check(parseFormat(format.id) === format, `${id} is ${format.id}, which is another`);
        // What was read can be used.
        for (const code of [0n, 1n, (1n << BigInt(format.width)) - 1n]) answered(() => format.decode(code));
      }),
      settings,
    ),
  'numbers in flags': settings =>
    fc.assert(
      fc.property(
        fc.oneof(number, mutated(NUMBERS)),
        fc.constantFrom('integer', 'number', 'integer-list'),
        (text, type) => {
          const value = answered(() => parseValue(type as 'integer', text));
          for (const x of [value].flat())
            check(
              x === undefined || (typeof x === 'number' && !Number.isNaN(x)),
              `${JSON.stringify(text)} was read as ${x}`,
            );
          if (type === 'integer')
            check(value === undefined || Number.isSafeInteger(value), `${text} was read as ${value}`);
        },
      ),
      settings,
    ),
  parameters: async settings => {
    const { found, unit } = await findOrLoad('mx-mac');
    const value = fc.oneof(number, mutated(['8', 'e4m3', 'true', 'fp32', '[1,2]']), fc.boolean());
    const flags = [
      'lanes',
      'element',
      'acc',
      'windowLsb',
      'scaleFormat',
      'output',
      'block',
      ...found.entry.params.map(p => p.name),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.oneof(fc.constantFrom(...flags), evil), value, { maxKeys: 3 }),
        async options => {
          const own: Record<string, unknown> = Object.assign(Object.create(null), options);
          delete own.params;
          await answeredLater(() => chooseParameters(own, 'mx-mac', found, unit));
        },
      ),
      settings,
    );
  },
  'npy files': settings =>
    fc.assert(
      fc.property(npyFiles, bytes => {
        const array = answered(() => parseNpy(bytes, 'x.npy'));
        if (!array) return;
        check(array.data.byteLength <= bytes.length, 'more data than bytes');
        check(array.shape.reduce((n, m) => n * m, 1) === array.data.length, 'shape and data do not agree');
      }),
      settings,
    ),
};

async function answeredLater(run: () => Promise<unknown>): Promise<void> {
  const error = await run().then(
    () => undefined,
    (e: unknown) => e,
  );
  if (error !== undefined) answered(() => throwIt(error));
}

function throwIt(error: unknown): never {
  throw error;
}

const shapes = fc.oneof(
  fc.array(fc.nat(9), { maxLength: 3 }).map(s => `(${s.join(', ')}${s.length === 1 ? ',' : ''})`),
  fc.constantFrom(
    '(99999999999999999999,)',
    '(4294967296, 4294967296)',
    '(0, 1e9)',
    `(${'9'.repeat(400)}, 0)`,
    '(-1,)',
    '(1,)*9',
  ),
  fc.constantFrom(
    '(3L, 2L)',
    '()',
    '[2]',
    '2',
    "__import__('os').system('touch PWNED')",
    `(${'1,'.repeat(5000)})`,
  ),
);
const header = fc
  .tuple(
    fc.constantFrom(
      '<f4',
      '<f8',
      '|i1',
      '|u1',
      '<i2',
      '<i8',
      '>f4',
      '|O',
      '<U3',
      'f4',
      '__proto__',
      'constructor',
      '<c16',
      '|b1',
    ),
    fc.constantFrom('True', 'False', 'None', '1', 'false'),
    shapes,
    fc.constantFrom('', '\n', ' '.repeat(40), '\u0000', ", 'shape': (1,)", "}{'"),
  )
  .map(
    ([descr, order, shape, rest]) =>
      `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, ${rest}}\n`,
  );

const npyFiles: fc.Arbitrary<Uint8Array> = fc.oneof(
  // Any header, with some data behind it.
  fc
    .tuple(header, fc.integer({ min: 0, max: 4 }), fc.nat(70_000), fc.uint8Array({ maxLength: 80 }))
    .map(([text, major, claimed, data]) => {
      const body = Buffer.from(text, 'latin1');
      const prefix = Buffer.alloc(major === 1 ? 10 : 12);
      prefix.write('\x93NUMPY', 'latin1');
      prefix[6] = major;
      const length = claimed % 3 === 0 ? claimed : body.length;
      if (major === 1) prefix.writeUInt16LE(length & 0xffff, 8);
      else prefix.writeUInt32LE(claimed % 5 === 0 ? 0xffffffff : length, 8);
      return Buffer.concat([prefix, body, data]);
    }),
  // A right one, cut or with some bytes changed.
  fc
    .tuple(
      fc.float32Array({ maxLength: 20 }),
      fc.nat(300),
      fc.array(fc.tuple(fc.nat(160), fc.nat(255)), { maxLength: 3 }),
    )
    .map(([data, cut, changes]) => {
      const bytes = Buffer.from(formatNpy({ shape: [data.length], data: new Float32Array(data) }));
      for (const [at, to] of changes) if (at < bytes.length) bytes[at] = to;
      return cut < 200 ? bytes.subarray(0, Math.min(cut, bytes.length)) : bytes;
    }),
  fc.uint8Array({ maxLength: 200 }),
);
