import { describe, expect, it } from 'vitest';
import {
  describeFormat,
  FORMATS,
  FormatError,
  formatExact,
  nearestName,
  parseFormat,
  valuesTable,
} from '../../generators/formats/index.ts';

describe('format ids', () => {
  it.each([
    ['e4m3fn', 'e4m3'],
    ['e4m3b7', 'e4m3'],
    ['e5m2ieee', 'e5m2'],
    ['e3m4ieee', 'e3m4'],
    ['e4m3b8fnuz', 'e4m3fnuz'],
    ['e4m3b11', 'e4m3b11'],
    ['e2m1fin', 'e2m1'],
    ['e5m10', 'fp16'],
    ['e8m7ieee', 'bf16'],
    ['e8m23', 'fp32'],
    ['e11m52', 'fp64'],
    ['bfloat16', 'bf16'],
    ['float32', 'fp32'],
    ['float8_e4m3fn', 'e4m3'],
    ['float8_e4m3', 'e4m3ieee'],
    ['float8_e4m3b11fnuz', 'e4m3b11fnuz'],
    ['float6_e3m2fn', 'e3m2'],
    ['float4_e2m1fn', 'e2m1'],
    ['float8_e8m0fnu', 'e8m0'],
    ['ap_fixed<16,6>', 'fix16.10'],
    ['ap_ufixed<8, 10>', 'ufix8.-2'],
    ['ap_fixed<8,-4>', 'fix8.12'],
  ])('%s is %s', (id, canonical) => {
    expect(parseFormat(id).id).toBe(canonical);
    expect(parseFormat(id)).toBe(parseFormat(canonical));
  });

  it.each(FORMATS.map(({ id }) => id))('%s is canonical, and its aliases are it', id => {
    expect(parseFormat(id).id).toBe(id);
    for (const alias of FORMATS.find(named => named.id === id)?.aliases ?? []) {
      expect(parseFormat(alias)).toBe(parseFormat(id));
    }
  });

  it.each([
    ['e4m3', 8, '448', '-448'],
    ['e5m2', 8, '57344', '-57344'],
    ['e4m3b8fin', 8, '240', '-240'],
    ['e2m2fin', 5, '7', '-7'],
    ['e3m4fin', 8, '31', '-31'],
    ['e3m0fin', 4, '16', '-16'],
    ['int256', 256, '0x1.fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffcp+254', '-0x1p+255'],
    ['uint1', 1, '1', '0'],
    ['fix16.8', 16, '127.99609375', '-128'],
    ['ufix8.-2', 8, '1020', '0'],
    ['p3109_k8p3ue', 8, '2684354560', '0'],
    ['p3109_k8p3uf', 8, '3221225472', '0'],
  ])('%s has %i bits and goes to %s', (id, width, max, min) => {
    const format = parseFormat(id);
    expect([format.width, formatExact(format.max), formatExact(format.min)]).toEqual([width, max, min]);
  });

  it.each([
    ['int0', /width is 0/, /from 1 to 256/],
    ['uint257', /width is 257/, /256/],
    ['fix8.4000', /fraction bits is 4000/, /1024/],
    ['e12m3', /exponent bits is 12/, /from 1 to 11/],
    ['e4m53', /mantissa bits is 53/, /from 0 to 52/],
    ['e4m3b5000', /bias is 5000/, /2048/],
    ['e3m0', /no code for NaN/, /e3m0fin/],
    ['e1m0fn', /only code/, /e1m0fin/],
    ['p3109_k8p8se', /precision P is 8/, /from 1 to 7/],
    ['p3109_k2p1se', /width K is 2/, /from 3 to 15/],
    ['float8_e4m3fnn', /unknown number format/, /did you mean float8_e4m3fn\?/],
    ['fp31', /unknown number format "fp31"/, /did you mean fp32\?/],
    ['', /unknown/, /ids are/],
    ['constructor', /unknown/, /ids are/],
  ])('%s is refused', (id, message, hint) => {
    const error = errorOf(() => parseFormat(id));
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  it('refuses what is not a code', () => {
    for (const id of ['e4m3', 'int8', 'e8m0', 'fp32']) {
      const format = parseFormat(id);
      for (const code of [-1, 2 ** format.width, 0.5]) {
        expect(() => format.decodeNumber(code)).toThrow(FormatError);
        if (Number.isInteger(code)) expect(() => format.decode(BigInt(code))).toThrow(FormatError);
      }
    }
  });

  it('refuses numbers where the format is too wide for them', () => {
    for (const id of ['fp64', 'int33', 'e5m2b2000']) {
      const format = parseFormat(id);
      expect(format.exactInDouble).toBe(false);
      expect(() => format.decodeNumber(0)).toThrow(FormatError);
      expect(() => format.encodeNumber(0)).toThrow(FormatError);
    }
    expect(() => valuesTable(parseFormat('fp32'))).toThrow(FormatError);
  });

  it('finds the nearest name only where one is near', () => {
    expect(nearestName('strade', ['stage', 'lanes'])).toBe('stage');
    expect(nearestName('xyz', ['stage', 'lanes'])).toBeUndefined();
  });
});

describe('descriptions', () => {
  it('show the fields, the landmarks and the names', () => {
    expect(describeFormat(parseFormat('fix8.4'))).toMatchObject({
      picture: 'siii.ffff',
      step: '0.0625',
      msbExponent: 3,
      lsbExponent: -4,
      q: 'Q4.4',
      apFixed: 'ap_fixed<8,4>',
    });
    expect(describeFormat(parseFormat('e5m2'))).toMatchObject({
      picture: 's eeeee mm',
      bias: 15,
      smallestNormal: '0.00006103515625',
      smallestSubnormal: '0x1p-16',
      specials: [
        { meaning: 'zero', from: '00', to: '00' },
        { meaning: 'negative zero', from: '80', to: '80' },
        { meaning: 'infinity', from: '7c', to: '7c' },
        { meaning: 'negative infinity', from: 'fc', to: 'fc' },
        { meaning: 'NaN', from: '7d', to: '7f' },
        { meaning: 'NaN', from: 'fd', to: 'ff' },
      ],
    });
  });

  it.each([
    'e4m3fnuz',
    'p3109_k8p4se',
    'p3109_k8p3ue',
    'e4m3',
    'e3m4',
    'e2m1',
    'e8m0',
    'fp16',
  ])('the special codes of %s are those that decode to no ordinary number', id => {
    const format = parseFormat(id);
    const special = new Set<number>();
    for (const { from, to } of describeFormat(format).specials) {
      for (let code = Number.parseInt(from, 16); code <= Number.parseInt(to, 16); code++) special.add(code);
    }
    const found = Array.from(valuesTable(format).keys()).filter(code => {
      const value = format.decodeNumber(code);
      return value === 0 || !Number.isFinite(value);
    });
    expect([...special].sort((a, b) => a - b)).toEqual(found);
  });

  it('keep the point in sight where it is inside the code', () => {
    const pictures = ['fix8.8', 'ufix8.8', 'fix8.0', 'fix8.-2', 'fix6.12', 'int4'].map(
      id => describeFormat(parseFormat(id)).picture,
    );
    expect(pictures).toEqual(['.sfffffff', '.ffffffff', 'siiiiiii', 'siiiiiii', 'sfffff', 'siii']);
  });
});

function errorOf(action: () => unknown): FormatError {
  try {
    action();
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('no error');
}
