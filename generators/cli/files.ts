import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { draftFor, forgetTemporary, registerTemporary, removeTemporary } from '../../sim/cleanup.ts';
import { layoutOf, outputLayout, readWide } from '../../sim/codec.ts';
import { goldenExecution } from '../../sim/executions.ts';
import { makeFolder } from '../../sim/makeFolder.ts';
import { makeStimulus } from '../../sim/stimulus.ts';
import { render } from '../../sim/templates.ts';
import type { Design } from '../emit/design.ts';
import type { Module } from '../emit/module.ts';
import { manifestOf } from '../emit/module.ts';
import { UsageError } from './errors.ts';
import type { Chosen } from './options.ts';

const BEATS = 200;

/** All files of a module by name, below its own folder. */
export function filesOf(
  chosen: Chosen,
  design: Design,
  module: Module,
  verilog: string,
): Record<string, string> {
  const files: Record<string, string> = { [`${module.name}.v`]: verilog };
  // A stream answers when it likes; its check is the co-simulation, with stalls.
  if (design.goal.shell !== 'stream') Object.assign(files, testbench(chosen, design, module));
  const hashes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sha256(text)]));
  files['manifest.json'] = `${JSON.stringify(manifestOf(design, module, chosen.request, hashes), null, 2)}\n`;
  return files;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A self-checking testbench in plain Verilog, with beats and the golden model's answers. */
function testbench(chosen: Chosen, design: Design, module: Module): Record<string, string> {
  const stimulus = makeStimulus(design, { vectors: BEATS, exhaustive: false, seed: 1, corners: BEATS / 2 });
  const records = new Uint32Array(BEATS * stimulus.layout.size);
  stimulus.fill(records, BEATS);
  const answers = goldenExecution(design).run(records, BEATS) as Uint32Array;
  const [input, output] = [layoutOf(design.inputs, true), outputLayout(design)];
  const accepts = design.hasAccept;
  const inputBits = design.inputs.reduce((n, p) => n + p.width, accepts ? 1 : 0);
  const outputBits = design.outputs.reduce((n, p) => n + p.width, 0);
  const lines: string[] = [];
  for (let beat = 0; beat < BEATS; beat++) {
    let [bits, low] = [0n, 0];
    const put = (code: bigint, width: number): void => {
      bits |= code << BigInt(low);
      low += width;
    };
    if (accepts) put(BigInt(records[beat * input.size + input.accept]! & 1), 1);
    for (const { port, offset } of input.ports)
      put(readWide(records, beat * input.size + offset, 0, port.width), port.width);
    for (const { port, offset } of output.ports)
      put(readWide(answers, beat * output.size + offset, 0, port.width), port.width);
    lines.push(bits.toString(16).padStart(Math.ceil(low / 4), '0'));
  }
  const name = module.name;
  let low = accepts ? 1 : 0;
  const slice = (bus: string, from: number, width: number): string =>
    width === 1 ? `${bus}[${from}]` : `${bus}[${from + width - 1}:${from}]`;
  const connections: { port: string; expression: string }[] = [];
  for (const p of module.ports) {
    if (p.name === 'clk' || p.name === 'rst') connections.push({ port: p.name, expression: p.name });
    if (p.name === 'en' && accepts) connections.push({ port: 'en', expression: 'drive[0]' });
    if (p.name === 'valid') connections.push({ port: 'valid', expression: '' });
  }
  for (const p of design.inputs) {
    connections.push({ port: p.name, expression: slice('drive', low, p.width) });
    low += p.width;
  }
  low = 0;
  for (const p of design.outputs) {
    connections.push({ port: p.name, expression: slice('answer', low, p.width) });
    low += p.width;
  }
  const view = {
    name,
    spdx: chosen.request.spdx,
    beats: BEATS,
    inputBits,
    outputBits,
    cycles: module.latency,
    interval: module.initiation > 1 ? module.initiation : undefined,
    connections,
  };
  return {
    [`${name}_tb.v`]: render('testbench.v.hbs', view),
    [`${name}_vectors.hex`]: `${lines.join('\n')}\n`,
  };
}

/** Writes files below a folder, each one whole or not at all. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const temporary: string[] = [];
  try {
    const renames: [string, string][] = [];
    for (const [name, text] of Object.entries(files)) {
      const target = join(folder, name);
      makeFolder(dirname(target));
      const draft = draftFor(target);
      temporary.push(draft);
      registerTemporary(draft);
      // Not in the background: a signal would remove the draft before it is there.
      writeFileSync(draft, text);
      renames.push([draft, target]);
    }
    for (const [draft, target] of renames) {
      renameSync(draft, target);
      forgetTemporary(draft);
    }
  } catch (error) {
    for (const draft of temporary) await removeTemporary(draft).catch(() => {});
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `cannot write below ${folder} (${code ?? String(error)}); give a folder that can be written with --out`,
    );
  }
}

/** The names of the files whose content on disk differs. */
export async function differences(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<string[]> {
  const differing: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    const present = await readFile(path, 'utf8').catch(() => undefined);
    if (present !== text) differing.push(present === undefined ? `${path} (missing)` : path);
  }
  return differing;
}
