import { layoutOf, readWide } from '../../sim/codec.ts';
import type { Mismatch } from '../../sim/verify.ts';
import type { Design, DesignPort } from '../emit/design.ts';
import { formatExact } from '../formats/exact.ts';

/** The code of a port as the command line writes it. */
export function hex(code: bigint, width: number): string {
  return `0x${code.toString(16).padStart(Math.ceil(width / 4), '0')}`;
}

/** The codes of a record by port name. */
export function codesOf(ports: readonly DesignPort[], record: Uint32Array): Record<string, string> {
  const layout = layoutOf(ports, false);
  return Object.fromEntries(
    layout.ports.map(({ port, offset }) => [
      port.name,
      hex(readWide(record, offset, 0, port.width), port.width),
    ]),
  );
}

/** Codes with what they mean, a port a line; several lanes in rows of eight. */
export function decoded(ports: readonly DesignPort[], record: Uint32Array, indent: string): string[] {
  const layout = layoutOf(ports, false);
  return layout.ports.flatMap(({ port, offset }) => {
    const { format, lanes, name } = port;
    const one = (i: number): string => {
      const code = readWide(record, offset, i * format.width, format.width);
      return `${hex(code, format.width)} = ${formatExact(format.decode(code))}`;
    };
    if (lanes === 0) return [`${indent}${name.padEnd(9)} ${one(0)}`];
    const rows: string[] = [];
    for (let i = 0; i < lanes; i += 4) {
      const label = i === 0 ? name.padEnd(9) : ' '.repeat(9);
      const cells = Array.from({ length: Math.min(4, lanes - i) }, (_, k) => `[${i + k}] ${one(i + k)}`);
      rows.push(
        `${indent}${label} ${cells
          .map(c => c.padEnd(22))
          .join(' ')
          .trimEnd()}`,
      );
    }
    return rows;
  });
}

/** The first mismatch for a person: where, what went in, what was expected, what came. */
export function mismatchText(design: Design, first: Mismatch, replay: string): string {
  const accepted = (first.input.at(-1)! & 1) === 1 || !design.hasAccept;
  return [
    `beat ${first.beat}: ${first.engine} disagrees with golden${accepted ? '' : ' (the beat was not accepted)'}`,
    ...decoded(design.inputs, first.input, '  '),
    '  expected',
    ...decoded(design.outputs, first.expected, '    '),
    '  got',
    ...decoded(design.outputs, first.got, '    '),
    `  replay    ${replay}`,
  ].join('\n');
}
