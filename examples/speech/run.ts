/**
 * A real quantized layer through generated hardware: `npm run example:speech`. Each dot product of the recurrent layer
 * of a voice detector goes through the emitted Verilog, beat by beat, beside the golden model.
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import { EXIT, Exit, explain, UsageError } from '../../generators/cli/errors.ts';
import { wholeNumber } from '../../generators/cli/options.ts';
import { color, table } from '../../generators/cli/output.ts';
import { mismatchText } from '../../generators/cli/present.ts';
import { runReport, targetsFrom } from '../../generators/cli/reportCommand.ts';
import { openSession, type Session } from '../../generators/cli/session.ts';
import { SCALE_RULES, type ScaleRule } from '../../generators/formats/quantize.ts';
import { makeFolder } from '../../sim/makeFolder.ts';
import { writeNpy } from '../../sim/npy.ts';
import { type VerifyResult, verify } from '../../sim/verify.ts';
import { buildProgram, findVerilator } from '../../sim/verilator.ts';
import { dotStimulus, sumReader } from './beats.ts';
import { dotProducts, firstRows, loadTensors, sqnr } from './tensors.ts';

/** Whose LUTs are counted unless `--target` says otherwise. */
const FAMILIES = 'xc7,ice40,ecp5';

function addOptions(command: Command): void {
  command
    .option('--scale-rule <rule>', `exponent of a block's scale: ${SCALE_RULES.join(', ')}`, 'floor')
    .option('--frames <n>', 'only the first frames of 32 ms (default all)')
    .option('--no-report', 'leave the LUTs out')
    .option('--out <dir>', 'write the dot products below this folder, as dots.npy');
}

interface Outcome {
  readonly frames: number;
  readonly outputs: number;
  readonly elements: number;
  readonly result: VerifyResult;
  readonly sqnrDb: number;
  readonly sums: Float64Array;
}

/** All dot products, through golden model and Verilog. */
async function compute(session: Session): Promise<Outcome> {
  const { design, module, verilog, options, output } = session;
  const { weights, hidden } = await loadTensors();
  const frames = wholeNumber(options, 'frames', 1, hidden.rows) ?? hidden.rows;
  const lanes = Number(design.params.lanes);
  if (weights.columns % lanes !== 0)
    throw new UsageError(`--lanes ${lanes}: expected a divisor of ${weights.columns}, the length of a row`);
  const rule = options.scaleRule as ScaleRule;
  if (!SCALE_RULES.includes(rule))
    throw new UsageError(`--scale-rule: '${rule}' is none of ${SCALE_RULES.join(', ')}`);
  await findVerilator();
  const program = { path: await buildProgram([{ design, module: module.name, verilog }]), index: 0 };
  const states = firstRows(hidden, frames);
  const stimulus = dotStimulus(design, states, weights, rule);
  const sums = new Float64Array(frames * weights.rows);
  const bar = output.progress('dot products');
  const result = await verify(design, ['verilator'], program, {
    vectors: stimulus.count,
    exhaustive: false,
    seed: 1,
    stimulus,
    onAnswers: sumReader(design, sums, weights.columns / lanes),
    onProgress: (done, total) => bar.update(done, total),
  }).finally(() => bar.stop());
  const sqnrDb = sqnr(dotProducts(states, weights), sums);
  return { frames, outputs: weights.rows, elements: weights.columns, result, sqnrDb, sums };
}

interface Cost {
  /** LUTs by family. */
  readonly luts: Readonly<Record<string, number>>;
  readonly tools: readonly string[];
  /** What went wrong, family by family. */
  readonly failures: readonly string[];
}

/** LUTs per family; one that cannot be synthesized does not take the others away. */
async function countLuts(session: Session): Promise<Cost> {
  if (session.options.report === false) return { luts: {}, tools: [], failures: [] };
  const { results, failures } = await runReport(session);
  return {
    luts: Object.fromEntries(results.map(r => [r.target, r.luts])),
    tools: [...new Set(results.map(r => r.tool))],
    failures: failures.map(f => `${f.target}: ${f.error}`),
  };
}

function textOf({ design, options }: Session, outcome: Outcome, { luts }: Cost): string {
  const { frames, outputs, elements, result, sqnrDb } = outcome;
  const { lanes, element, accumulator } = design.params;
  const count = (n: number): string => n.toLocaleString('en-US');
  const good = result.mismatches === 0;
  const rows = [
    [
      'format',
      `${element} in blocks of ${lanes}, scale rule ${options.scaleRule}, accumulator ${accumulator}`,
    ],
    ['work', `${frames} frames × ${outputs} dot products of ${elements}: ${count(result.vectors)} beats`],
    [
      'mismatches',
      `${good ? color.green('0') : color.red(count(result.mismatches))} between golden model and Verilog`,
    ],
    ['SQNR', `${sqnrDb.toFixed(2)} dB against float64 on the unquantized data`],
    ...Object.entries(luts).map(([target, n], i) => [i === 0 ? 'LUTs' : '', `${count(n)} on ${target}`]),
    [
      'time',
      `${result.seconds.toFixed(1)} s, ${count(Math.round(result.vectors / result.seconds))} beats a second`,
    ],
  ];
  return table(rows.map(([label, text]) => [color.bold(label!), text!]));
}

async function main(argv: readonly string[]): Promise<void> {
  const given = await openSession(
    'npm run example:speech --',
    'The recurrent layer of a voice detector through the emitted Verilog, on real data.',
    ['--unit', 'mx-mac', ...argv],
    addOptions,
    true,
  );
  const session: Session = { ...given, options: { target: FAMILIES, ...given.options } };
  const { design, options, output, chosen, module } = session;
  targetsFrom(options);
  const outcome = await compute(session);
  const { frames, outputs, result, sqnrDb, sums } = outcome;
  if (typeof options.out === 'string') {
    makeFolder(options.out);
    await writeNpy(join(options.out, 'dots.npy'), { shape: [frames, outputs], data: sums });
  }
  const cost = await countLuts(session);
  if (output.json) {
    output.document({
      schema: 'subbyte/speech/1',
      unit: chosen.request.id,
      params: design.params,
      goal: design.goal,
      scaleRule: options.scaleRule,
      frames,
      dots: sums.length,
      beats: result.vectors,
      mismatches: result.mismatches,
      sqnrDb,
      luts: cost.luts,
      tools: cost.tools,
      seconds: result.seconds,
    });
  } else output.print(textOf(session, outcome, cost));
  if (result.first) process.stderr.write(`${mismatchText(design, result.first, module.command)}\n`);
  if (result.mismatches > 0 || result.vectors === 0) throw new Exit(EXIT.mismatch);
  if (cost.failures.length > 0) throw new Exit(EXIT.defect, cost.failures.join('; '));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { text, code } = explain(error);
  if (text) process.stderr.write(`example:speech: ${text}\n`);
  process.exitCode = code;
});
