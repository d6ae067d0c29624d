import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds `dist/` once before the tests. `SUBBYTE_SKIP_BUILD=1` leaves it as it is. */
export default function setup(): void {
  if (process.env.SUBBYTE_SKIP_BUILD) return;
  const script = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the build failed; its messages are above');
}
