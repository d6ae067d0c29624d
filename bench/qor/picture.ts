import type { Measured } from './qor.ts';
import { type Family, ROWS } from './rows.ts';

const WIDTH = 860;
const LABEL = 320;
const VALUE = 60;
const BAR = 9;
const STEP = 34;
const TOP = 56;

/**
 * Bars of LUTs on one family, as SVG: ours, the best open RTL that we know of and the behavioural Verilog, each as a share of the
 * last; a line marks the goal. Rows that were not measured are left out.
 */
export function qorPicture(family: Family, results: readonly Measured[]): string {
  const rows = ROWS.flatMap(row => {
    const found = results.find(r => r.row === row.id && r.family === family);
    return found ? [{ row, found }] : [];
  });
  const height = TOP + rows.length * STEP + 10;
  const scale = (luts: number, whole: number): number =>
    Math.round(Math.min(1.25, luts / whole) * 1000 * ((WIDTH - LABEL - VALUE) / 1.25)) / 1000;
  const bars = rows.map(({ row, found }, i) => {
    const y = TOP + i * STEP;
    const whole = found.behavioural.luts;
    const peer = row.peer[family]?.luts;
    const bar = (luts: number, at: number, kind: string): string =>
      `<rect class="${kind}" x="${LABEL}" y="${y + at}" width="${scale(luts, whole)}" height="${BAR}"/>` +
      `<text class="value" x="${LABEL + scale(luts, whole) + 4}" y="${y + at + BAR - 1}">${luts}</text>`;
    const goal = LABEL + scale(row.goal[family], whole);
    return [
      `<text x="${LABEL - 10}" y="${y + 16}" text-anchor="end">${row.title.replace('&', '&amp;')}</text>`,
      bar(found.ours.luts, 0, 'ours'),
      peer === undefined ? '' : bar(peer, BAR, 'peer'),
      bar(whole, 2 * BAR, 'naive'),
      `<line class="goal" x1="${goal}" x2="${goal}" y1="${y - 2}" y2="${y + BAR + 2}"/>`,
    ].join('');
  });
  const legend = [
    ['ours', 'subbyte'],
    ['peer', 'best open RTL'],
    ['naive', 'behavioural Verilog'],
  ].map(
    ([kind, text], i) =>
      `<rect class="${kind}" x="${LABEL + 150 * i}" y="30" width="12" height="${BAR}"/>` +
      `<text class="value" x="${LABEL + 150 * i + 17}" y="38">${text}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>LUTs on ${family} beside behavioural Verilog and the best open RTL</title>`,
    '<style>.ours{fill:#1668b8}.peer{fill:#e0a030}.naive{fill:#b8bcc2}.goal{stroke:#c02020;stroke-width:2}',
    '.value{font-size:10px;fill:#555}</style>',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="10" y="20" font-size="15">LUTs on ${family}, as a share of behavioural Verilog; the red line is the goal</text>`,
    ...legend,
    ...bars,
    '</svg>',
    '',
  ].join('\n');
}
