import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findVerilator } from '../../sim/verilator.ts';
import { folderOfTests, gen } from './run.ts';

const missing = await findVerilator().then(
  () => undefined,
  (error: Error) => error.message,
);
if (missing) console.log(`the lint of unread inputs is skipped: ${missing}`);

const folder = folderOfTests();
const file = join(folder, 'high-half.ts');
writeFileSync(
  file,
  `import { defineUnit } from 'subbyte/units/unit';
export interface Params {}
export const unit = defineUnit<Params, { x: number }, { y: number }>({
  id: 'high-half', family: 'example', summary: 'High half.', equations: ['y = floor(x / 16)'], source: 'arithmetic', state: false,
  ports: () => ({ in: { x: { format: 'uint8', doc: 'a byte' } }, out: { y: { format: 'uint4', doc: 'its high half' } } }),
  golden: () => ({ step: ({ x }) => ({ y: Math.floor(x / 16) }) }),
  datapath: (_, inputs) => ({ y: inputs.signal('x').shr(4) }),
});
`,
);

test.skipIf(missing).each([
  ['bare', '0'],
  ['valid', '0'],
  ['valid', '2'],
  ['stream', '0'],
  ['stream', '1'],
])(
  'bits and clocks that a unit does not need are no lint warnings: %s shell, %s stages',
  async (shell, stages) => {
    const { code, stdout } = await gen([
      'verify',
      '--unit',
      file,
      '--shell',
      shell,
      '--stages',
      stages,
      '--json',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      lint: { warnings: [] },
      vectors: 256,
      exhaustive: true,
      mismatches: 0,
    });
    expect(code).toBe(0);
  },
);
