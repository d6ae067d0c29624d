import { limitToFixed, roundToWeight } from '../blocks/fixed.ts';
import type { Value } from '../formats/arithmetic.ts';
import { fromBigInt } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import { roundShift } from '../formats/rounding.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { integerOf, zeroPointProblems } from './dyadic.ts';
import { defineUnit, type InputSignals, type Port, type Ports } from './unit.ts';

export interface Params {
  /** Format of the operand. @format integer @default int16 */
  from: string;
  /** Format of the result. @format integer @default int4 */
  to: string;
  /** Where gain and offset come from: a table in the module that port `ch` looks up, or ports for each beat. @default table */
  coefficients: 'table' | 'ports';
  /** For the table: the gain of each channel, at the weight 2^−shift. @min -2147483648 @max 2147483647 @default 10923,8192,21845,5461 */
  gains: number[];
  /** For the table: the offset of each channel, at the weight of the product. @default 0,-1572864,0,524288 */
  offsets: number[];
  /** For ports: format of the gain. @format integer @default int16 */
  gain: string;
  /** For ports: format of the offset. @format integer @default int32 */
  offset: string;
  /** Bits by which product and offset are shifted right. @min 0 @max 63 @default 20 */
  shift: number;
  /** Rounding. @default rne */
  round: 'rne' | 'rna' | 'rtz' | 'rup' | 'rdn' | 'odd' | 'rhu' | 'rhd' | 'rhz' | 'trn';
  /** Added after the rounding, before the result is saturated. @min -2147483648 @max 4294967295 @default 0 */
  zeroPoint: number;
}

type Beat = Readonly<{ x: Value } & Partial<Record<'ch' | 'a' | 'b', Value>>>;

const channelBits = (p: Params): number => Math.max(1, Math.ceil(Math.log2(p.gains.length)));

/** The coefficients by channel, up to the last one that `ch` can name: a channel that has none has zeros. */
function filled(p: Params, values: readonly number[]): bigint[] {
  return Array.from({ length: 2 ** channelBits(p) }, (_, i) => BigInt(values[i] ?? 0));
}

/**
 * Static quantization with a gain and an offset for each channel: one multiplication and one addition do the work of a
 * norm's weight, of dequantization and of quantization. The offset stands at the weight of the product, so that both are
 * rounded together, once.
 */
export const unit = defineUnit<Params, Beat, { y: Value }>({
  id: 'chan-affine-quant',
  family: 'fixed-point',
  summary: 'Quantizes with a static gain and offset for each channel.',
  equations: [
    'y = saturate(round((x·gain + offset) / 2^shift) + zero-point)',
    'table: gain and offset are those of channel ch, and 0 for a channel beyond the last',
    'ports: gain is a, offset is b',
  ],
  source: 'MergeQuant (arXiv 2503.07654); Outlier Suppression+ (arXiv 2304.09145)',
  state: false,
  check(p) {
    const problems: string[] = [];
    const [gains, offsets] = [p.gains.length, p.offsets.length];
    if (gains !== offsets)
      problems.push(`there are ${gains} gains and ${offsets} offsets; give one of each a channel`);
    if (gains < 1 || gains > 4096) problems.push(`there are ${gains} channels; give 1 to 4096`);
    if (parseFormat(p.to).width > 32)
      problems.push(`${p.to} has more than 32 bits; choose a narrower result`);
    return problems.length > 0 ? problems : zeroPointProblems(p.zeroPoint, p.to);
  },
  ports(p): Ports {
    const table: Record<string, Port> = {
      ch: { format: `uint${channelBits(p)}`, doc: 'channel of the operand' },
    };
    const ports: Record<string, Port> = {
      a: { format: p.gain, doc: 'gain' },
      b: { format: p.offset, doc: 'offset, at the weight of the product' },
    };
    return {
      in: { x: { format: p.from, doc: 'operand' }, ...(p.coefficients === 'table' ? table : ports) },
      out: { y: { format: p.to, doc: 'result', policy: { overflow: 'saturate' } } },
    };
  },
  golden(p) {
    const [gains, offsets] = [filled(p, p.gains), filled(p, p.offsets)];
    return {
      step({ x, ch, a, b }) {
        const [gain, offset] =
          ch === undefined ? [integerOf(a!), integerOf(b!)] : [gains[Number(ch)]!, offsets[Number(ch)]!];
        const scaled = roundShift(integerOf(x) * gain + offset, p.shift, p.round);
        return { y: fromBigInt(scaled + BigInt(p.zeroPoint)) };
      },
    };
  },
  datapath(b, x, p) {
    const { gain, offset } =
      p.coefficients === 'table' ? lookUp(b, x, p) : { gain: x.signal('a'), offset: x.signal('b') };
    return b.scope('', 'Gain and offset, rounded once', () => {
      const sum = x.signal('x').mul(gain).add(offset);
      const scaled = roundToWeight(b, sum.withLsb(-p.shift), 0, { round: p.round });
      return { y: limitToFixed(b, scaled.add(p.zeroPoint), parseFormat(p.to), 'saturate') };
    });
  },
});

function lookUp(b: Builder, x: InputSignals, p: Params): { gain: Signal; offset: Signal } {
  return b.scope('', 'Coefficients of the channel', () => {
    const channel = x.signal('ch');
    const gain = b.table('gains', 'Gain by channel', filled(p, p.gains), channel);
    const offset = b.table(
      'offsets',
      'Offset by channel, at the weight of the product',
      filled(p, p.offsets),
      channel,
    );
    return { gain, offset };
  });
}
