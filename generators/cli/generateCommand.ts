import { join } from 'node:path';
import type { Command } from 'commander';
import { DEFAULT_GOAL, design } from '../emit/design.ts';
import { paceText } from '../emit/module.ts';
import { neededInitiation } from '../hdl/schedule.ts';
import { clockOf } from '../hdl/timing.ts';
import { loadRegistry } from '../reflect/catalogue.ts';
import { EXIT, Exit, explain } from './errors.ts';
import { differences, filesOf, writeFiles } from './files.ts';
import { addCommon, chooseParameters, findOrLoad, makeCommand, parse } from './options.ts';
import { color, makeOutput, table } from './output.ts';
import { emit, openSession, type Session } from './session.ts';

function addGenerateOptions(command: Command): void {
  command
    .option('--out <dir>', 'write below this folder (default rtl-out)')
    .option('--check', 'write nothing; fail when files on disk differ')
    .option('--dry-run', 'write nothing; list the files')
    .option('--verify', 'check it too, as gen verify does')
    .option('--report', 'report its cost too, as gen report does');
}

/** `gen --unit …` */
export async function generateCommand(argv: readonly string[]): Promise<void> {
  if (argv.includes('--all')) return generateAll(argv);
  const [doVerify, doReport] = [argv.includes('--verify'), argv.includes('--report')];
  const verification = doVerify || argv.includes('--help') ? await import('./verifyCommand.ts') : undefined;
  const reporting = doReport || argv.includes('--help') ? await import('./reportCommand.ts') : undefined;
  const session = await openSession(
    'gen',
    'Writes a unit: Verilog, manifest, testbench and vectors.',
    argv,
    command => {
      addGenerateOptions(command);
      verification?.addVerifyOptions(command);
      reporting?.addReportOptions(command);
    },
    true,
  );
  const { chosen, module, options, output } = session;
  // What cannot be done is refused before anything is written.
  const plan = await verification?.verificationPlan(session);
  if (reporting || options.target !== undefined) (await import('./reportCommand.ts')).targetsFrom(options);
  const files = filesOf(chosen, session.design, module, session.verilog);
  const folder = join(String(options.out ?? 'rtl-out'), module.name);
  if (options.check === true) await check(folder, files);
  else if (options.dryRun !== true) await writeFiles(folder, files);
  output.say(summary(session, folder, files));

  const document: Record<string, unknown> = JSON.parse(files['manifest.json']!);
  const failed: Exit[] = [];
  if (verification) {
    const result = await verification.runVerification(session, plan).catch((error: Error) => error);
    if (result instanceof Error) {
      // The rest of the job still stands.
      const { text, code } = explain(result);
      output.say(`\n${color.red('not verified')}`);
      document.verify = { error: text };
      failed.push(new Exit(code, `not verified: ${text}`));
    } else {
      output.say(`\n${result.text}`);
      document.verify = result.document;
      if (result.exitCode !== EXIT.ok) failed.push(new Exit(result.exitCode));
    }
  }
  if (reporting) {
    const result = await reporting.runReport(session);
    output.say(`\n${result.text}`);
    document.report = result.document;
    if (result.exitCode !== EXIT.ok) failed.push(new Exit(result.exitCode));
  }
  if (output.json) output.document(document);
  if (failed[0]) throw failed[0];
}

async function check(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const differing = await differences(folder, files);
  if (differing.length > 0)
    throw new Exit(
      EXIT.defect,
      `not up to date: ${differing.join(', ')}; run the same command without --check`,
    );
}

function summary(
  { module, chosen, design }: Session,
  folder: string,
  files: Readonly<Record<string, string>>,
): string {
  const { delays } = design.fabric;
  const cycles =
    module.latency === 0
      ? 'combinational'
      : `${module.latency} clock cycle${module.latency === 1 ? '' : 's'}`;
  const needed = neededInitiation(design.schedule);
  const enough = needed < module.initiation ? ` (at these stages, ${needed} would be enough)` : '';
  const ports = module.ports.map(p => [
    `  ${p.direction === 'input' ? 'in ' : 'out'}`,
    p.name,
    `${p.width}`,
    p.lanes > 1 ? `${p.lanes} × ${p.format}` : p.format,
    p.doc,
  ]);
  return [
    `${color.bold(module.name)}: ${chosen.request.summary}`,
    `latency     ${cycles}; ${paceText(module.initiation)}${enough}; about ${Math.floor(clockOf(design.schedule.periodNs, delays))} MHz by ${delays.from}`,
    `files       ${Object.keys(files)
      .map(f => join(folder, f))
      .join('\n            ')}`,
    'ports',
    table(
      [['    ', color.dim('name'), color.dim('bits'), color.dim('format'), color.dim('meaning')], ...ports],
      [false, false, true],
    ),
  ].join('\n');
}

/** Every unit and preset of the catalogue at its defaults. */
async function generateAll(argv: readonly string[]): Promise<void> {
  const command = makeCommand('gen --all', 'Writes the whole catalogue at its default parameters.');
  command
    .option('--all', 'every unit and preset')
    .option('--out <dir>', 'write below this folder (default rtl-out)')
    .option('--check', 'write nothing; fail when files on disk differ');
  addCommon(command);
  parse(command, argv);
  const options = command.opts<{ out?: string; check?: boolean; json?: boolean; quiet?: boolean }>();
  const output = makeOutput(options);
  const differing: string[] = [];
  const written: object[] = [];
  for (const id of loadRegistry().flatMap(e => [e.id, ...e.presets.map(p => p.id)])) {
    const { found, unit } = await findOrLoad(id);
    const chosen = await chooseParameters({}, id, found, unit);
    const made = emit(design(unit, chosen.params, DEFAULT_GOAL), chosen);
    const files = filesOf(chosen, made.design, made.module, made.verilog);
    const folder = join(options.out ?? 'rtl-out', made.module.name);
    if (options.check) differing.push(...(await differences(folder, files)));
    else await writeFiles(folder, files);
    written.push({ unit: id, module: made.module.name, files: Object.keys(files) });
    output.say(`${id.padEnd(20)} ${options.check ? 'compared with' : 'written to'} ${folder}`);
  }
  if (output.json) output.document({ schema: 'subbyte/catalogue/1', differing, modules: written });
  if (differing.length > 0)
    throw new Exit(EXIT.defect, `not up to date: ${differing.join(', ')}; run gen --all`);
}
