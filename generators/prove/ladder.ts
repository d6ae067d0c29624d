import type { Parameters } from '../emit/design.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Format } from '../formats/types.ts';

/** Widths of formats on the way up, and the bits of exponent that a float of that width commonly has. */
const WIDTHS: ReadonlyMap<number, number> = new Map([
  [4, 2],
  [5, 2],
  [6, 3],
  [7, 3],
  [8, 4],
  [9, 4],
  [10, 5],
  [11, 5],
  [12, 5],
  [14, 5],
  [16, 5],
  [20, 6],
  [24, 7],
  [28, 8],
  [32, 8],
  [40, 9],
  [48, 10],
]);

/** A format of the same kind with so many bits, no field wider than before; undefined where there is none. */
function narrowed(format: Format, width: number): string | undefined {
  const { float, kind, signed } = format;
  const share = width / format.width;
  if (kind === 'integer') return `${signed ? '' : 'u'}int${width}`;
  if (kind === 'fixed') return `${signed ? '' : 'u'}fix${width}.${Math.round(-format.lsbExponent * share)}`;
  if (!float || !signed || format.id.startsWith('p3109')) return undefined;
  const usual = Math.min(float.exponentBits, WIDTHS.get(width)!);
  const mantissa = Math.min(float.mantissaBits, width - 1 - usual);
  const exponent = width - 1 - mantissa;
  if (mantissa < 1 || exponent > float.exponentBits) return undefined;
  const flavour =
    float.infinityCode !== undefined
      ? 'ieee'
      : { above: 'fn', 'negative-zero': 'fnuz', none: 'fin' }[float.nan.kind];
  return parseFormat(`e${exponent}m${mantissa}${flavour}`).id;
}

/**
 * The same unit in narrower formats, from the narrowest up, without the one that is asked for. `formats` are the parameters that name
 * formats; vectors become shorter with them.
 */
export function ladder(params: Parameters, formats: readonly string[]): Parameters[] {
  const given = formats.flatMap(name => {
    const id = params[name];
    return typeof id === 'string' && id !== 'exact' ? [[name, parseFormat(id)] as const] : [];
  });
  const widest = Math.max(0, ...given.map(([, format]) => format.width));
  const rungs: Parameters[] = [];
  for (const width of [...WIDTHS.keys()].filter(w => w < widest)) {
    const changed = given.flatMap(([name, format]) => {
      const id = format.width > width ? narrowed(format, width) : undefined;
      return id === undefined ? [] : [[name, id] as const];
    });
    const lanes = params.lanes;
    const shorter: Parameters =
      typeof lanes === 'number' && !Array.isArray(params.weights)
        ? { lanes: Math.max(1, Math.floor((lanes * width) / widest)) }
        : {};
    const rung = { ...params, ...shorter, ...Object.fromEntries(changed) };
    const isNew = rungs.every(other => JSON.stringify(other) !== JSON.stringify(rung));
    if (isNew && JSON.stringify(rung) !== JSON.stringify(params)) rungs.push(rung);
  }
  return rungs;
}
