/** Number formats: ids, exact values, rounding and conversion. Pure mathematics, runs anywhere. */
export { FORMATS, type NamedFormat, SOURCES, type SourceKey } from './catalogue.ts';
export { convert, valuesTable } from './convert.ts';
export { type CodeField, describeFormat, type FormatDescription, type SpecialCodes } from './describe.ts';
export { formatsMarkdown } from './document.ts';
export { hasOddSignificand, powerOfTwo, scaleByPowerOfTwo } from './double.ts';
export {
  add,
  bitLength,
  compare,
  formatExact,
  fromBigInt,
  fromNumber,
  isZero,
  mul,
  NAN,
  NEGATIVE_INFINITY,
  NEGATIVE_ZERO,
  nearestNumber,
  neg,
  normalize,
  oddNumber,
  POSITIVE_INFINITY,
  toNumber,
  ZERO,
} from './exact.ts';
export { nearestName } from './hint.ts';
export { parseFormat } from './parse.ts';
export { DEFAULT_POLICY } from './policy.ts';
export { mirrored, type RandomBits, roundShift } from './rounding.ts';
export { sumToOdd } from './sum.ts';
export * from './types.ts';
