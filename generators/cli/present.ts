import { layoutOf, outputLayout, readWide } from '../../sim/codec.ts';
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

/** The codes of an answer by port name, `valid` included where there is one. */
export function answerOf(design: Design, record: Uint32Array): Record<string, string> {
  const { accept } = outputLayout(design);
  return { ...codesOf(design.outputs, record), ...(accept >= 0 && { valid: `0x${record[accept]}` }) };
}

/** Codes with what they mean, a port a line; several lanes in rows of four, of which `unlike` leaves those that differ. */
export function decoded(
  ports: readonly DesignPort[],
  record: Uint32Array,
  indent: string,
  unlike?: Uint32Array,
): string[] {
  const layout = layoutOf(ports, false);
  return layout.ports.flatMap(({ port, offset }) => {
    const { format, lanes, name } = port;
    const one = (i: number): string => {
      const code = readWide(record, offset, i * format.width, format.width);
      return `${hex(code, format.width)} = ${formatExact(format.decode(code))}`;
    };
    if (lanes === 0) return [`${indent}${name.padEnd(9)} ${one(0)}`];
    const rows: string[] = [];
    const codeAt = (r: Uint32Array, i: number): bigint => readWide(r, offset, i * format.width, format.width);
    const shown = Array.from({ length: lanes }, (_, i) => i).filter(
      i => !unlike || codeAt(unlike, i) !== codeAt(record, i),
    );
    for (let i = 0; i < shown.length; i += 4) {
      const label = i === 0 ? name.padEnd(9) : ' '.repeat(9);
      const cells = shown.slice(i, i + 4).map(lane => `[${lane}] ${one(lane)}`);
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
  const { accept } = outputLayout(design);
  const outputs = (record: Uint32Array, other: Uint32Array): string[] => [
    ...decoded(design.outputs, record, '    ', other),
    ...(accept >= 0 ? [`    ${'valid'.padEnd(9)} 0x${record[accept]}`] : []),
  ];
  return [
    `beat ${first.beat}: ${first.engine} disagrees with golden${accepted ? '' : ' (the beat was not accepted)'}`,
    ...decoded(design.inputs, first.input, '  '),
    '  expected',
    ...outputs(first.expected, first.got),
    '  got',
    ...outputs(first.got, first.expected),
    `  replay    ${replay}`,
  ].join('\n');
}
