import { Builder } from '../../generators/hdl/builder.ts';
import { compile } from '../../generators/hdl/interpret.ts';
import { freeze } from '../../generators/hdl/module.ts';
import type { Signal } from '../../generators/hdl/signal.ts';

/** A block between inputs and outputs of its own, ready to run. */
export function machineOf(
  widths: Readonly<Record<string, number | { readonly width: number; readonly signed: boolean }>>,
  compose: (b: Builder, inputs: Readonly<Record<string, Signal>>) => Record<string, Signal>,
): (inputs: Readonly<Record<string, number | bigint>>) => Record<string, number | bigint> {
  const b = new Builder();
  const inputs = Object.fromEntries(
    Object.entries(widths).map(([name, w]) => [
      name,
      typeof w === 'number' ? b.input(name, w) : b.input(name, w.width, w.signed),
    ]),
  );
  const machine = compile(freeze(b, compose(b, inputs)));
  return values => machine.step(values, true) as Record<string, number | bigint>;
}
