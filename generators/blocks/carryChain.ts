import type { CarryCell } from '../hdl/fabric.ts';

/** Carry chains of AMD's families, as text of Verilog: for cells that are set by hand. */

export interface CarryChain {
  /** Bits in whole cells, as the vectors `di`, `s`, `o` and `co` have to have them. */
  readonly bits: number;
  /** The cells, for a `generate` with the genvar `i`: where `s` holds, a carry passes, else it is `di`; `o` is the sum. */
  readonly cells: string;
}

/** A chain of at least `width` bits, whose first carry is a wire or a constant. */
export function carryChain(cell: CarryCell, width: number, firstCarry: string): CarryChain {
  const each = cell === 'CARRY4' ? 4 : 8;
  const groups = Math.ceil(width / each);
  // The first carry has an input of its own on 7 series.
  const isApart = cell === 'CARRY4' && firstCarry !== ZERO;
  const top =
    cell === 'CARRY8'
      ? `.CI_TOP(${ZERO})`
      : `.CYINIT(${isApart ? `i == 0 ? ${firstCarry} : ${ZERO}` : ZERO})`;
  const part = `[${each} * i +: ${each}]`;
  const cells = `        for (i = 0; i < ${groups}; i = i + 1) begin : carry_lanes
            wire ci;
            if (i == 0) assign ci = ${isApart ? ZERO : firstCarry};
            else assign ci = co[${each} * i - 1];
            ${cell} cells (
                .CI(ci), ${top},
                .DI(di${part}), .S(s${part}), .O(o${part}), .CO(co${part})
            );
        end
`;
  return { bits: each * groups, cells };
}

const ZERO = "1'b0";
