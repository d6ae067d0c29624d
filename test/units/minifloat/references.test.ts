import { describe, expect, it } from 'vitest';
import { type Format, parseFormat } from '../../../generators/formats/index.ts';
import { readBytes, readTsv, sameCode, Tally, vectorsPresent } from '../../formats/vectors.ts';
import { answersOf, type Codes, designOf } from '../answers.ts';

const ENGINES = ['golden', 'interpreter'] as const;
type Parameters = Record<string, string | number>;

/** The codes of `y` that golden model and datapath give to some beats, which must be the same. */
async function results(unit: string, params: Parameters, beats: readonly Codes[]): Promise<bigint[]> {
  const design = await designOf(unit, params);
  const [golden, datapath] = ENGINES.map(engine =>
    answersOf(design, beats, engine).map(answer => answer.y as bigint),
  );
  expect(datapath).toEqual(golden);
  return golden!;
}

const codeOf = (hex: string): bigint => BigInt(`0x${hex}`);

describe.skipIf(!vectorsPresent)('Berkeley SoftFloat', () => {
  /** The columns of its files. */
  const ROUNDINGS = ['rne', 'rtz', 'rdn', 'rup', 'rna', 'odd'];
  const NAMES: Record<string, string> = {
    f16: 'fp16',
    f32: 'fp32',
    f64: 'fp64',
    bf16: 'bf16',
    i32: 'int32',
    i64: 'int64',
    ui32: 'uint32',
  };

  /** Compares each column of a file, bit for bit: NaN is canonical there too, and as RISC-V wants it for integers. */
  async function compare(
    file: string,
    unit: string,
    params: Parameters,
    ports: readonly string[],
  ): Promise<void> {
    const rows = readTsv(`softfloat/${file}.tsv.gz`);
    expect(rows.length).toBeGreaterThan(300);
    const beats = rows.map(row => Object.fromEntries(ports.map((port, i) => [port, codeOf(row[i]!)])));
    for (const [column, round] of ROUNDINGS.entries()) {
      const wanted = rows.map(row => codeOf(row[ports.length + column]!.split(':')[0]!));
      const given = await results(unit, { ...params, round }, beats);
      const failures = rows.filter((_, k) => given[k] !== wanted[k]).map(row => `${round}: ${row.join(' ')}`);
      expect(failures).toEqual([]);
    }
  }

  const same = (format: string, ...names: string[]): Parameters => ({
    ...Object.fromEntries(names.map(name => [name, format])),
    overflow: 'special',
  });

  it.each(['f16', 'f32'])('multiplies %s alike', name =>
    compare(`${name}_mul`, 'fp-mul', same(NAMES[name]!, 'a', 'b', 'result'), ['a', 'b']));
  it.each(['f16', 'f32'])('adds %s alike', name =>
    compare(`${name}_add`, 'fp-add', same(NAMES[name]!, 'a', 'b', 'result'), ['a', 'b']));
  it('subtracts f16 alike', () =>
    compare('f16_sub', 'fp-add', { ...same('fp16', 'a', 'b', 'result'), operation: 'sub' }, ['a', 'b']));
  it.each(['f16', 'f32'])('multiplies and adds %s alike', name =>
    compare(`${name}_mulAdd`, 'fp-fma', same(NAMES[name]!, 'a', 'b', 'c', 'result'), ['a', 'b', 'c']));

  it.each([
    'bf16_to_f32',
    'f16_to_f32',
    'f32_to_bf16',
    'f32_to_bf16.level2',
    'f32_to_f16',
    'f32_to_f16.level2',
    'f64_to_f16',
    'f64_to_f16.level2',
    'f64_to_f32',
    'f16_to_i32',
    'f16_to_i32.level2',
    'f16_to_ui32',
    'f32_to_i32',
    'f32_to_i32.level2',
    'f32_to_i64',
    'f32_to_ui32',
    'i32_to_f16',
    'i32_to_f16.level2',
    'i32_to_f32',
    'i32_to_f32.level2',
    'i64_to_f32',
    'ui32_to_f16',
    'ui32_to_f32',
  ])('converts %s alike', file => {
    const [from, to] = file
      .replace('.level2', '')
      .split('_to_')
      .map(name => NAMES[name]!);
    const isInteger = (id: string): boolean => parseFormat(id).kind === 'integer';
    const unit = isInteger(from!) ? 'int-to-fp' : isInteger(to!) ? 'fp-to-int' : 'fp-convert';
    const overflow = unit === 'fp-to-int' ? 'saturate' : 'special';
    return compare(file, unit, { from: from!, to: to!, overflow }, ['x']);
  });
});

describe.skipIf(!vectorsPresent)('ml_dtypes', () => {
  const NAMES = [
    'float8_e3m4',
    'float8_e4m3',
    'float8_e4m3b11fnuz',
    'float8_e4m3fn',
    'float8_e4m3fnuz',
    'float8_e5m2',
    'float8_e5m2fnuz',
    'float6_e2m3fn',
    'float6_e3m2fn',
    'float4_e2m1fn',
  ];

  it.each(
    NAMES.flatMap(name => [
      [name, 'mul'],
      [name, 'add'],
    ]),
  )('%s: %s of all pairs is alike', async (name, operation) => {
    const { width } = parseFormat(name!);
    const bytes = readBytes(`ml_dtypes/${operation}_${name}.bin.gz`);
    expect(bytes.length).toBe(2 ** (2 * width));
    const beats = Array.from({ length: bytes.length }, (_, k) => ({
      a: BigInt(k >> width),
      b: BigInt(k & (2 ** width - 1)),
    }));
    const formats = { a: name!, b: name!, result: name!, overflow: 'special' };
    const given = await results(`fp-${operation}`, formats, beats);
    // The sign of their NaN is what the processor gave.
    const failures = beats.filter((_, k) => !sameCode(parseFormat(name!), given[k]!, BigInt(bytes[k]!)));
    expect(failures).toEqual([]);
  });

  /** Compares conversions; counts by reason what differs by choice (docs/formats.md). */
  async function convert(
    tally: Tally,
    from: Format,
    to: Format,
    overflow: string,
    rows: readonly (readonly [string, string])[],
  ): Promise<string[]> {
    const beats = rows.map(([x]) => ({ x: codeOf(x) }));
    const given = await results('fp-convert', { from: from.id, to: to.id, overflow }, beats);
    return rows.flatMap(([code, theirs], k) => {
      const x = from.decode(codeOf(code));
      if (sameCode(to, given[k]!, codeOf(theirs))) tally.add('equal');
      else if (x.kind === 'nan' && to.canonicalNaN === undefined && given[k] === to.encode(to.max))
        tally.add('NaN without NaN: +max');
      else if (x.kind === 'inf' && overflow === 'saturate' && given[k] === to.encode(x.neg ? to.min : to.max))
        tally.add('saturated infinity: largest finite');
      else return [`${from.id} ${code} to ${to.id} ${overflow}: ${given[k]!.toString(16)}, not ${theirs}`];
      return [];
    });
  }

  it('casts f32 and f64 alike', async () => {
    const tally = new Tally();
    const failures: string[] = [];
    for (const width of [32, 64]) {
      for (const name of NAMES) {
        const rows = readTsv(`ml_dtypes/from_f${width}_${name}.tsv.gz`);
        const [from, to] = [parseFormat(`fp${width}`), parseFormat(name)];
        for (const [column, overflow] of [
          [1, 'special'],
          [2, 'saturate'],
        ] as const) {
          const pairs = rows.map(row => [row[0]!, row[column]!] as const);
          failures.push(...(await convert(tally, from, to, overflow, pairs)));
        }
      }
    }
    expect(failures).toEqual([]);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "NaN without NaN: +max": 90,
        "equal": 152924,
        "saturated infinity: largest finite": 14,
      }
    `);
  });

  it('casts f32 to bfloat16 alike', async () => {
    const rows = readTsv('ml_dtypes/from_f32_bfloat16.tsv.gz').map(row => [row[0]!, row[1]!] as const);
    const tally = new Tally();
    expect(await convert(tally, parseFormat('fp32'), parseFormat('bf16'), 'special', rows)).toEqual([]);
    expect(tally.counts).toEqual({ equal: rows.length });
  });

  it('casts between the small formats alike', async () => {
    const tally = new Tally();
    const failures: string[] = [];
    const byFormats = new Map<string, string[][]>();
    for (const row of readTsv('ml_dtypes/xconv.tsv.gz')) {
      const key = `${row[0]} ${row[1]}`;
      byFormats.set(key, [...(byFormats.get(key) ?? []), row]);
    }
    for (const [key, rows] of byFormats) {
      const [from, to] = key.split(' ').map(name => parseFormat(name)) as [Format, Format];
      if (from.kind !== 'float' || to.kind !== 'float') {
        tally.add('rows of the scale format e8m0, for which there is no unit here', rows.length);
        continue;
      }
      for (const [column, overflow] of [
        [3, 'special'],
        [4, 'saturate'],
      ] as const) {
        const pairs = rows.map(row => [row[2]!, row[column]!] as const);
        failures.push(...(await convert(tally, from, to, overflow, pairs)));
      }
    }
    expect(failures).toEqual([]);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "NaN without NaN: +max": 330,
        "equal": 34482,
        "rows of the scale format e8m0, for which there is no unit here": 1936,
        "saturated infinity: largest finite": 36,
      }
    `);
  });
});

describe.skipIf(!vectorsPresent)('gfloat', () => {
  const NAMES: Record<string, string> = {
    ocp_e4m3: 'e4m3',
    ocp_e5m2: 'e5m2',
    ocp_e3m2: 'e3m2',
    ocp_e2m3: 'e2m3',
    ocp_e2m1: 'e2m1',
    binary16: 'fp16',
    bfloat16: 'bf16',
  };
  const ROUNDINGS = ['rne', 'rtz', 'rdn', 'rup', 'rna', 'odd'];
  const index = vectorsPresent ? readTsv('gfloat/INDEX.tsv').map(row => row[0]!) : [];
  const tally = new Tally();

  it.each(index)('rounds to %s alike', async name => {
    const to = parseFormat(NAMES[name] ?? name);
    const rows = readTsv(`gfloat/round_${name}.tsv.gz`);
    const beats = rows.map(row => ({ x: codeOf(row[0]!) }));
    const failures: string[] = [];
    for (let column = 0; column < 12; column++) {
      const [round, overflow] = [ROUNDINGS[column % 6]!, column < 6 ? 'special' : 'saturate'];
      const given = await results('fp-convert', { from: 'fp64', to: to.id, round, overflow }, beats);
      rows.forEach((row, k) => {
        const theirs = row[column + 1]!;
        const largest = to.encode(parseFormat('fp64').decode(codeOf(row[0]!)), { round: 'rtz' });
        if (theirs === '--') tally.add('refused there');
        else if (sameCode(to, given[k]!, codeOf(theirs))) tally.add('equal');
        else if (round === 'odd' && overflow === 'special' && given[k] === largest)
          tally.add('odd overflow is infinity or NaN there, here the largest finite value');
        else if (round === 'rna' && BigInt.asUintN(to.width - 1, given[k]!) === 0n)
          tally.add('the double below half the smallest subnormal is rounded up there');
        else failures.push(`${row[0]} ${round} ${overflow}: ${given[k]!.toString(16)}, not ${theirs}`);
      });
    }
    expect(failures).toEqual([]);
  });

  it('differs only where docs/formats.md says so', () => {
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "equal": 938677,
        "odd overflow is infinity or NaN there, here the largest finite value": 451,
        "refused there": 706,
        "the double below half the smallest subnormal is rounded up there": 90,
      }
    `);
  });

  // gfloat rounds to four bits more, ties to even, before it adds its random bits; here the bits are cut off. So the number
  // first goes through a format with four bits more.
  it.each(index)('rounds stochastically to %s alike', async name => {
    const to = parseFormat(NAMES[name] ?? name);
    const { exponentBits, mantissaBits, bias } = to.float!;
    const finer = `e${exponentBits + 1}m${mantissaBits + 4}b${bias}ieee`;
    const all = readTsv(`gfloat/round_${name}.tsv.gz`);
    const rows = all.filter(row => row[14] !== '--');
    const first = { from: 'fp64', to: finer, overflow: 'special' };
    const through = await results(
      'fp-convert',
      first,
      rows.map(row => ({ x: codeOf(row[0]!) })),
    );
    const beats = rows.map((row, k) => ({ x: through[k]!, rnd: codeOf(row[13]!) }));
    const second = { from: finer, to: to.id, round: 'stochastic', randomBits: 4 };
    const given = await results('fp-convert', second, beats);
    const failures = rows.filter((row, k) => !sameCode(to, given[k]!, codeOf(row[14]!)));
    expect(failures).toEqual([]);
    expect(rows.length).toBeGreaterThan(300);
  });
});
