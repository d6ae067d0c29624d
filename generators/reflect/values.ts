/** What a parameter is, and how a piece of text becomes its value: shared by the declarations and the presets. */
import { oneLine } from './tags.ts';

export type ParamType = 'integer' | 'number' | 'boolean' | 'string' | 'choice' | 'integer-list';
export type ParamValue = number | boolean | string | readonly number[];

/** What `@format` may ask for: the kinds of number formats (`Format.kind`), or the word `exact` in place of a format. */
export const FORMAT_KINDS: readonly string[] = ['integer', 'fixed', 'float', 'scale', 'exact'];

/** One parameter of a unit, as the command line, the help and the documents show it. */
export interface ParamSpec {
  /** The property of `Params`: `windowLsb`. */
  readonly name: string;
  /** The same for the command line: `window-lsb`. */
  readonly flag: string;
  readonly type: ParamType;
  readonly default: ParamValue;
  /** Smallest value of a number, or of each item of a list. */
  readonly min?: number;
  readonly max?: number;
  /** The permitted values of a `choice`, or of an `integer` that is given as a union of numbers. */
  readonly choices?: readonly (string | number)[];
  /** For a string that names a number format: what fits, of `FORMAT_KINDS`. */
  readonly formats?: readonly string[];
  /** The description, on one line. */
  readonly doc: string;
}

/** `windowLsb` → `window-lsb`, `LSBWeight` → `lsb-weight`. */
export function flagOf(name: string): string {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}

/** Reads the text of a default; `undefined` when it is not of that type. */
export function parseValue(type: ParamType, text: string): ParamValue | undefined {
  switch (type) {
    case 'integer':
      return parseInteger(text);
    case 'number':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'integer-list': {
      const inner = oneLine(text.replace(/^\[|\]$/g, ''));
      const items = inner === '' ? [] : inner.split(/\s*,\s*|\s+/).map(parseInteger);
      return items.every(v => v !== undefined) ? items : undefined;
    }
    default:
      return text.replace(/^(['"`])(.*)\1$/, '$2');
  }
}

function parseInteger(text: string): number | undefined {
  const value = /^[+-]?(\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

type Rules = Pick<ParamSpec, 'type' | 'min' | 'max' | 'choices'>;

/** Why a value does not fit a parameter, as the end of a sentence; `undefined` when it fits. */
export function misfit(rules: Rules, value: unknown): string | undefined {
  const { type, min, max, choices } = rules;
  const items: readonly unknown[] = type === 'integer-list' && Array.isArray(value) ? value : [value];
  if (type === 'integer-list' && !Array.isArray(value)) return `${show(value)} is not a list of integers`;
  for (const v of items) {
    if (choices && !choices.some(c => c === v)) return `${show(v)} is none of ${choices.join(', ')}`;
    if (type === 'boolean' && typeof v !== 'boolean') return `${show(v)} is neither true nor false`;
    if (type === 'string' && typeof v !== 'string') return `${show(v)} is not a text`;
    if (type !== 'integer' && type !== 'number' && type !== 'integer-list') continue;
    if (typeof v !== 'number' || (type !== 'number' && !Number.isSafeInteger(v))) {
      return `${show(v)} is not ${type === 'number' ? 'a number' : 'an integer'}`;
    }
    if (min !== undefined && v < min) return `${v} is below the minimum ${min}`;
    if (max !== undefined && v > max) return `${v} is above the maximum ${max}`;
  }
  return undefined;
}

function show(value: unknown): string {
  return typeof value === 'string' ? `\`${value}\`` : String(value);
}
