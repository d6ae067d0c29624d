import type { Builder } from '../hdl/builder.ts';
import { defineSubmodule } from '../hdl/module.ts';
import { type Cells, type Submodule, widthOf } from '../hdl/node.ts';
import type { Signal } from '../hdl/signal.ts';

/**
 * Adders that add their right operand, its complement or nothing, where the table before the carry has room for the choice but synthesis does not
 * put it there. They are set by hand in cells of the family (`Fabric.selectingAdder`).
 */

/** Submodules by their width: one of each, so that it is written once. */
const adders = new Map<number, Submodule>();

/** What becomes of a number in a sum: it counts where `use` holds, and as its complement where `negative` does. */
export interface Choice {
  readonly use: Signal;
  readonly negative: Signal;
}

/** `x`, a bit, and what is chosen of `y`: `y`, −1 − y, or 0 or −1 where it is not used. */
export function addSelected(
  b: Builder,
  x: Signal,
  carry: Signal,
  y: Signal,
  { use, negative }: Choice,
): Signal {
  // What is chosen may be y, −1 − y, 0 or −1.
  const [y0, y1] = y.range;
  const least = [y0, -1n - y1, -1n].reduce((m, v) => (v < m ? v : m));
  const most = [y1, -1n - y0, 0n].reduce((m, v) => (v > m ? v : m));
  const range = [x.range[0] + carry.range[0] + least, x.range[1] + carry.range[1] + most] as const;
  const width = widthOf(...range);
  const [left, right] = [x, y].map(s => s.withLsb(0).wrap(width, false));
  const { sum } = b.instance('selecting', adder(width), { x: left!, y: right!, carry, used: use, negative });
  return sum!
    .wrap(width, true)
    .narrow(...range)
    .withLsb(x.lsb);
}

function adder(width: number): Submodule {
  const known = adders.get(width);
  if (known) return known;
  const doc = `Adds to a number of ${width} bits, and a bit, another one, its complement or nothing; one half of a CCU2C for each bit`;
  const made = defineSubmodule(
    `add_selected_${width}`,
    doc,
    b => {
      const [x, y] = ['x', 'y'].map(name => b.input(name, width));
      const [carry, used, negative] = ['carry', 'used', 'negative'].map(name => b.input(name, 1));
      const right = y!.gate(used!);
      const chosen = b.mux(negative!, right.not(), right).as('chosen');
      return { sum: x!.add(chosen).add(carry!).wrap(width, false) };
    },
    cellsOfEcp5(width),
  );
  adders.set(width, made);
  return made;
}

/**
 * In CCU2C, two bits each. Its table says whether a carry passes, `x ^ ((y & used) ^ negative)`. Where it does not, the carry is the same table
 * with `used` and `negative` zero, and so `x`.
 */
function cellsOfEcp5(width: number): Cells {
  const groups = Math.ceil(width / 2);
  const whole = (name: string): string => (width % 2 === 1 ? `{1'b0, ${name}}` : name);
  const bit = (n: 0 | 1): string =>
    `.A${n}(a[2 * i + ${n}]), .B${n}(b[2 * i + ${n}]), .C${n}(used), .D${n}(negative), .S${n}(s[2 * i + ${n}])`;
  const verilog = `    wire [${2 * groups - 1}:0] a = ${whole('x')};
    wire [${2 * groups - 1}:0] b = ${whole('y')};
    wire [${2 * groups - 1}:0] s;
    wire [${groups}:0] carries;
    assign carries[0] = carry;
    genvar i;
    generate
        for (i = 0; i < ${groups}; i = i + 1) begin : carry_lanes
            // Both tables: A ^ ((B & C) ^ D)
            CCU2C #(.INIT0(16'h956A), .INIT1(16'h956A), .INJECT1_0("NO"), .INJECT1_1("NO")) cells (
                .CIN(carries[i]), .COUT(carries[i + 1]),
                ${bit(0)},
                ${bit(1)}
            );
        end
    endgenerate
    assign sum = s[${width - 1}:0];
`;
  return { verilog, luts: 0, carryBits: width };
}
