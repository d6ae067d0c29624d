#!/usr/bin/env node
import { cleanUp } from '../../sim/cleanup.ts';
import { nearestName } from '../formats/hint.ts';
import { EXIT, explain, UsageError } from './errors.ts';

type Run = (argv: readonly string[]) => Promise<void>;

/** Each command loads only what it needs, so that `gen` starts at once. */
const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Run> }>> = {
  list: { summary: 'the catalogue', load: async () => (await import('./catalogueCommands.ts')).listCommand },
  show: {
    summary: 'one unit: equations, parameters, ports',
    load: async () => (await import('./catalogueCommands.ts')).showCommand,
  },
  formats: {
    summary: 'the number formats, or one with all its codes',
    load: async () => (await import('./catalogueCommands.ts')).formatsCommand,
  },
  convert: {
    summary: 'convert codes from one format to another',
    load: async () => (await import('./catalogueCommands.ts')).convertCommand,
  },
  eval: {
    summary: 'run the golden model on stimulus',
    load: async () => (await import('./stimulusCommands.ts')).evalCommand,
  },
  sim: {
    summary: 'run the emitted Verilog on stimulus',
    load: async () => (await import('./stimulusCommands.ts')).simCommand,
  },
  verify: {
    summary: 'lint, then golden against the other executions',
    load: async () => (await import('./verifyCommand.ts')).verifyCommand,
  },
  prove: {
    summary: 'prove the Verilog equal to a statement in SMT-LIB, for all inputs',
    load: async () => (await import('./proveCommand.ts')).proveCommand,
  },
  report: {
    summary: 'resources and depth per FPGA family',
    load: async () => (await import('./reportCommand.ts')).reportCommand,
  },
  doctor: {
    summary: 'what is installed, and what is lost without it',
    load: async () => (await import('./doctorCommand.ts')).doctorCommand,
  },
};

function usage(): string {
  const commands = Object.entries(COMMANDS).map(
    ([name, { summary }]) => `  gen ${name.padEnd(9)} ${summary}`,
  );
  return [
    'Generates Verilog for quantized datapaths, checks it bit for bit, and reports what it costs.',
    '',
    '  gen --unit <id> [parameters] [--stages N | --freq MHz] [--out DIR] [--verify] [--report]',
    ...commands,
    '',
    'gen <command> --help tells the flags; gen --unit <id> --help those of a unit.',
    'Exit codes: 0 done · 1 defect of the program, or files differ (--check) · 2 wrong usage · 3 lint · 4 mismatch · 5 clock or budget · 6 tool missing',
  ].join('\n');
}

async function main(argv: readonly string[]): Promise<void> {
  const [first, ...rest] = argv;
  if (
    first === undefined ||
    first === 'help' ||
    ((first === '--help' || first === '-h') && argv.length === 1)
  ) {
    process.stdout.write(`${usage()}\n`);
    return;
  }
  if (first === '--version') {
    const { VERSION } = await import('../emit/module.ts');
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  if (first.startsWith('-')) return (await import('./generateCommand.ts')).generateCommand(argv);
  const command = COMMANDS[first];
  if (!command) {
    const near = nearestName(first, Object.keys(COMMANDS));
    throw new UsageError(
      `unknown command '${first}'${near ? `; did you mean 'gen ${near}'?` : ''} (gen --help shows all)`,
    );
  }
  await (await command.load())(rest);
}

// Whoever reads our output may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});

// Whoever stops us finds no temporary file and no simulation left, and a cursor that shows.
for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 })) {
  process.once(signal, () => {
    cleanUp();
    if (process.stderr.isTTY) process.stderr.write('\u001b[?25h\n');
    // The signal ends us for those who look at how we ended; a system without signals gets the code.
    process.kill(process.pid, signal);
    process.exit(128 + number);
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { text, code } = explain(error);
  if (text) process.stderr.write(`gen: ${text}\n`);
  process.exitCode = code;
});
