import { loadRegistry } from '../reflect/catalogue.ts';
import { EXIT, Exit } from './errors.ts';
import { addCommon, addGoal, makeCommand, parse } from './options.ts';
import { color, makeOutput } from './output.ts';
import { openSession } from './session.ts';
import { addVerifyOptions, runVerification, verificationPlan } from './verifyCommand.ts';

/** What of a verification's document a line shows. */
interface Shown {
  readonly vectors: number;
  readonly exhaustive: boolean;
  readonly mismatches: number;
  readonly lint: { readonly warnings: readonly string[] };
  readonly latency: { readonly declared: number; readonly measured: number | null };
  readonly vectorsPerSecond: number;
  readonly firstMismatch?: { readonly text: string };
}

/** Every unit and preset of the catalogue at its defaults, a line each; ends with the worst of the exit codes. */
export async function verifyAll(argv: readonly string[]): Promise<void> {
  const command = makeCommand('gen verify --all', 'Verifies the whole catalogue at its default parameters.');
  command.option('--all', 'every unit and preset');
  addGoal(command);
  addVerifyOptions(command);
  addCommon(command);
  parse(command, argv);
  const output = makeOutput(command.opts());
  const rest = argv.filter(word => word !== '--all');
  const ids = loadRegistry().flatMap(e => [e.id, ...e.presets.map(p => p.id)]);
  const width = Math.max(...ids.map(id => id.length));
  const documents: object[] = [];
  const codes: number[] = [];
  for (const id of ids) {
    const session = await openSession('gen verify', '', ['--unit', id, ...rest], addVerifyOptions);
    const plan = await verificationPlan(session, { isOneOfMany: true });
    const { document, exitCode } = await runVerification(session, plan);
    documents.push(document);
    codes.push(exitCode);
    if (!output.json) output.print(line(id.padEnd(width), document as unknown as Shown, exitCode));
  }
  if (output.json) output.document({ schema: 'subbyte/verify-all/1', results: documents });
  const failed = codes.filter(code => code !== EXIT.ok);
  if (failed.length > 0) throw new Exit(Math.max(...failed), `${failed.length} of ${ids.length} do not hold`);
}

function line(id: string, shown: Shown, exitCode: number): string {
  const { vectors, exhaustive, mismatches, lint, latency, vectorsPerSecond, firstMismatch } = shown;
  const figures = [
    `${vectors.toLocaleString('en-US').padStart(11)} beats${exhaustive ? ', all' : '     '}`,
    `${mismatches} mismatches`,
    `${lint.warnings.length} warnings`,
    `latency ${latency.declared}`,
    `${vectorsPerSecond.toLocaleString('en-US').padStart(10)} beats/s`,
  ];
  const verdict = exitCode === EXIT.ok ? color.green('ok    ') : color.red('FAILED');
  const detail = firstMismatch ? `\n${firstMismatch.text}` : '';
  return `${verdict}  ${id}  ${figures.join('  ')}${detail}`;
}
