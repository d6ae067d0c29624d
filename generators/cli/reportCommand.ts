import type { Command } from 'commander';
import { Cache } from '../../sim/cache.ts';
import { type Report, type ReportResult, report, reportTable } from '../../sim/report.ts';
import { loadTarget, type Target, targetIds } from '../../sim/targets.ts';
import { Yosys } from '../../sim/yosys.ts';
import { EXIT, Exit, UsageError } from './errors.ts';
import { color } from './output.ts';
import { openSession, retarget, type Session } from './session.ts';

export function addReportOptions(command: Command): void {
  command.option('--pnr', 'place and route as well, on the families that have a router (ice40)');
  command.option(
    '--explain',
    'which parts and signals of the Verilog the cells belong to, and which signals make the longest path',
  );
}

/** The families that are asked for; also refuses what cannot be done. */
export function targetsFrom(options: Session['options']): Target[] {
  const ids = typeof options.target === 'string' ? options.target.split(',') : targetIds();
  const targets = ids.map(id => loadTarget(id));
  if (options.pnr === true && !targets.some(t => t.placeAndRoute)) {
    const able = targetIds().filter(id => loadTarget(id).placeAndRoute);
    throw new UsageError(
      `--pnr: there is no router for ${ids.join(', ')}; there is one for ${able.join(', ')}; leave --pnr out for figures after synthesis`,
    );
  }
  return targets;
}

/** A report for people and for programs. The exit code tells whether all families gave one. */
export interface ReportRun extends Report {
  readonly document: object;
  readonly text: string;
  readonly exitCode: number;
}

export async function runReport(session: Session): Promise<ReportRun> {
  const { options, design, output, chosen } = session;
  const targets = targetsFrom(options);
  const yosys = new Yosys({ workers: 2 });
  const started = performance.now();
  let done = 0;
  const bar = output.progress(`synthesis ${chosen.request.id}`);
  try {
    // Each family gets the Verilog that is for it.
    const inputFor = ({ id }: Target) => {
      const { module, verilog } = retarget(session, id);
      return { files: [{ name: `${module.name}.v`, text: verilog }], top: module.name, ports: module.ports };
    };
    const { results, failures } = await report(inputFor, targets, {
      multipliers: design.goal.multipliers,
      route: options.pnr === true,
      cache: new Cache({ onWarning: message => process.stderr.write(`${message}\n`) }),
      yosys,
      onProgress: (target, pass) => {
        if (pass === 'done') {
          done++;
          // Results from the cache need no word.
          if (performance.now() - started > 2000)
            output.note(`synthesis for ${target} is done, ${done} of ${targets.length}`);
        }
        bar.update(done, targets.length);
      },
    });
    const explained = options.explain === true ? await explainAll(session, results, yosys) : undefined;
    const document = {
      schema: 'subbyte/report/1',
      unit: chosen.request.id,
      params: design.params,
      goal: design.goal,
      results: explained?.results ?? results,
      ...(failures.length > 0 && { failures }),
    };
    const failed = failures.map(f => `${f.target}: failed: ${f.error}`);
    const table = results.length > 0 ? [reportTable(results, { color: color.isColorSupported })] : [];
    const text = [...table, ...(explained?.texts ?? []), ...failed].join('\n');
    return { document, text, results, failures, exitCode: failures.length > 0 ? EXIT.defect : EXIT.ok };
  } finally {
    bar.stop();
    await yosys.close();
  }
}

/** The results after synthesis with where their cells come from, and that as text. */
async function explainAll(
  session: Session,
  results: readonly ReportResult[],
  yosys: Yosys,
): Promise<{ results: object[]; texts: string[] }> {
  const { explain } = await import('../../sim/explain.ts');
  const { explanationText } = await import('../../sim/explainText.ts');
  const texts: string[] = [];
  const cache = new Cache();
  const explained = results.map(async result => {
    const { stage, target } = result;
    if (stage !== 'synthesis') return result;
    const made = await explain(
      retarget(session, target),
      loadTarget(target),
      { ...result, stage },
      { yosys, cache },
    );
    return { ...result, explain: made };
  });
  const all = await Promise.all(explained);
  for (const result of all)
    if ('explain' in result)
      texts.push(explanationText(result.target, result.explain, { color: color.isColorSupported }));
  return { results: all, texts: texts.map(text => `${text}\n`) };
}

export async function reportCommand(argv: readonly string[]): Promise<void> {
  const session = await openSession(
    'gen report',
    'What the unit costs on each FPGA family, after synthesis by Yosys.',
    argv,
    addReportOptions,
    true,
  );
  const { document, text, exitCode } = await runReport(session);
  if (session.output.json) session.output.document(document);
  else session.output.print(text);
  if (exitCode !== EXIT.ok) throw new Exit(exitCode);
}
