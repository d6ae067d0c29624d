import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';
import { nameSignals } from './generators/reflect/names.ts';
import { holdsSignals } from './generators/reflect/transpile.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Signals learn their names here too, for tests that import the TypeScript of a unit or a block. */
const signalNames: Plugin = {
  name: 'signal-names',
  enforce: 'pre',
  transform(code, id) {
    const path = relative(root, id.split('?')[0]).replaceAll('\\', '/');
    return path.endsWith('.ts') && holdsSignals(path)
      ? { code: nameSignals(code, path), map: null }
      : undefined;
  },
};

// What ships is what is tested: the tests of units, simulation and command line import `dist/`, which the global
// setup builds once before them. The tests of formats, the DSL and the reflection import the sources.
export default defineConfig({
  plugins: [signalNames],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/reflect/build.setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
  },
});
