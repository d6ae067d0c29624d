// `npm run verilator -- …`: Verilator as the program itself finds it, in the folder from which npm was called.
import { spawnSync } from 'node:child_process';

const path = process.env.VERILATOR || 'verilator';
const cwd = process.env.INIT_CWD || process.cwd();
const { status, signal, error } = spawnSync(path, process.argv.slice(2), { cwd, stdio: 'inherit' });
if (error) {
  console.error(`${path} does not run (${error.code ?? error.message}): npm run setup installs Verilator`);
  process.exitCode = 6;
} else process.exitCode = signal ? 1 : status;
