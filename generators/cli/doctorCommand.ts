import { accessSync, constants } from 'node:fs';
import { cacheDirectory } from '../../sim/cache.ts';
import { makeFolder } from '../../sim/makeFolder.ts';
import { findVerilator } from '../../sim/verilator.ts';
import { yosysTool } from '../../sim/yosys.ts';
import { VERSION } from '../emit/module.ts';
import { loadRegistry } from '../reflect/catalogue.ts';
import { EXIT, Exit } from './errors.ts';
import { addCommon, makeCommand, parse } from './options.ts';
import { color, makeOutput, table } from './output.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly found: string;
  readonly without: string;
}

/** `gen doctor`: what is installed, in which version, and what is lost without it. */
export async function doctorCommand(argv: readonly string[]): Promise<void> {
  const command = makeCommand('gen doctor', 'What is installed, and what is lost without it.');
  addCommon(command);
  parse(command, argv);
  const output = makeOutput(command.opts());
  const findings = await Promise.all([node(), catalogue(), verilator(), yosys(), cache()]);
  if (output.json) output.document({ schema: 'subbyte/doctor/1', findings });
  else {
    const rows = findings.map(f => [
      f.ok ? color.green('ok') : color.red('missing'),
      f.what,
      f.found,
      f.ok ? '' : f.without,
    ]);
    output.print(table(rows));
  }
  if (findings.some(f => !f.ok)) throw new Exit(EXIT.tool);
}

async function node(): Promise<Finding> {
  const major = Number(process.versions.node.split('.')[0]);
  return {
    what: 'Node.js',
    ok: major >= 20,
    found: process.versions.node,
    without: 'nothing runs below Node.js 20',
  };
}

async function catalogue(): Promise<Finding> {
  const count = loadRegistry().reduce((n, e) => n + 1 + e.presets.length, 0);
  return {
    what: 'subbyte',
    ok: count > 0,
    found: `${VERSION}, ${count} units and presets`,
    without: 'run npm run setup',
  };
}

async function verilator(): Promise<Finding> {
  const without =
    'gen sim and gen verify need it; generating, evaluating, the interpreter and reports do not';
  return findVerilator().then(
    v => ({
      what: 'Verilator',
      ok: true,
      found: `${v.version}, with ${v.compiler.split('/').at(-1)} ${v.compilerVersion.split('\n')[0]}`,
      without,
    }),
    (e: Error) => ({ what: 'Verilator', ok: false, found: e.message, without }),
  );
}

async function yosys(): Promise<Finding> {
  const without = 'gen report needs it; everything else works';
  return yosysTool().then(
    found => ({ what: 'Yosys', ok: true, found, without }),
    (e: Error) => ({ what: 'Yosys', ok: false, found: e.message.split('\n')[0]!, without }),
  );
}

async function cache(): Promise<Finding> {
  const folder = cacheDirectory();
  const without =
    'reports and simulations are made anew each time; set SUBBYTE_CACHE to a folder that can be written';
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    return { what: 'cache', ok: true, found: folder, without };
  } catch {
    return { what: 'cache', ok: false, found: `${folder} cannot be written`, without };
  }
}
