import { type Design, type DesignPort, initiationOf, type Parameters, type Played } from './design.ts';
import { comment } from './identifiers.ts';
import { type Body, type Control, emitBody, range } from './verilog.ts';

/** Version of the generator, as it stands in headers and manifests. */
export const VERSION = '0.1.0';

/** A port of the emitted module: of the unit, or of its control. */
export interface ModulePort {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly width: number;
  readonly lanes: number;
  readonly format: string;
  readonly doc: string;
}

/** What was asked for, in the words of the command line. */
export interface Request {
  /** Unit or preset id. */
  readonly id: string;
  readonly summary: string;
  /** Parameters that differ from the defaults of that id. */
  readonly changed: Parameters;
  /** Module name, where it is not to be derived. */
  readonly name?: string;
  readonly spdx: string;
  readonly annotate: boolean;
}

export interface Module {
  readonly name: string;
  readonly ports: readonly ModulePort[];
  readonly latency: number;
  readonly initiation: number;
  readonly command: string;
  readonly body: Body;
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`);

/** `mxfp4_mac`, with what differs from the defaults: `mxfp4_mac_lanes8_stages2`. */
export function moduleName(request: Request, design: Design): string {
  if (request.name !== undefined) return request.name;
  const word = (text: string): string =>
    text
      .toLowerCase()
      .replaceAll('-', 'm')
      .replace(/[^a-z0-9]+/g, '_');
  const parts = [request.id.replaceAll('-', '_')];
  for (const [key, value] of Object.entries(request.changed))
    parts.push(`${kebab(key).replaceAll('-', '')}${word(String(value))}`);
  const { goal } = design;
  if (goal.stages > 0) parts.push(`stages${goal.stages}`);
  if (initiationOf(goal) > 1) parts.push(`initiation${goal.initiation}`);
  if (goal.shell !== 'bare') parts.push(goal.shell);
  if (goal.target !== undefined) parts.push(goal.target);
  return parts.join('_');
}

/** The command that makes the module again. */
export function commandOf(request: Request, design: Design): string {
  const flags = Object.entries(request.changed).map(([key, value]) => `--${kebab(key)} ${value}`);
  if (design.goal.stages > 0) flags.push(`--stages ${design.goal.stages}`);
  if (initiationOf(design.goal) > 1) flags.push(`--initiation ${design.goal.initiation}`);
  if (design.goal.shell !== 'bare') flags.push(`--shell ${design.goal.shell}`);
  if (design.goal.target !== undefined) flags.push(`--target ${design.goal.target}`);
  if (request.name !== undefined) flags.push(`--name ${request.name}`);
  if (request.spdx !== 'CC0-1.0') flags.push(`--spdx ${request.spdx}`);
  if (request.annotate) flags.push('--annotate');
  return ['gen --unit', request.id, ...flags].join(' ');
}

export function controlOf(design: Played): Control {
  const { clocked, hasAccept, goal } = design;
  const stream = goal.shell === 'stream';
  return {
    clock: 'clk',
    reset: clocked && hasAccept ? 'rst' : undefined,
    accept: hasAccept ? (stream ? 'in_valid' : 'en') : undefined,
    valid: stream ? 'out_valid' : goal.shell === 'valid' ? 'valid' : undefined,
    advance: stream ? 'advance' : undefined,
  };
}

/** How soon a beat may follow another. */
export function paceText(initiation: number): string {
  return initiation === 1 ? 'a beat may follow every clock' : `a beat may follow every ${initiation} clocks`;
}

/** All ports of the module in the order of its port list. */
export function modulePorts(design: Design): ModulePort[] {
  const bit = (name: string, direction: 'input' | 'output', doc: string): ModulePort => {
    return { name, direction, width: 1, lanes: 1, format: 'uint1', doc };
  };
  const data = (p: DesignPort): ModulePort => {
    return {
      name: p.name,
      direction: p.direction,
      width: p.width,
      lanes: Math.max(1, p.lanes),
      format: p.format.id,
      doc: p.doc,
    };
  };
  const { clocked, hasAccept, goal } = design;
  const initiation = initiationOf(goal);
  const distance = initiation === 1 ? '' : `; in at most one of ${initiation} clocks`;
  const ports: ModulePort[] = [];
  if (clocked) ports.push(bit('clk', 'input', 'rising edge'));
  if (clocked && hasAccept) ports.push(bit('rst', 'input', 'synchronous, active high'));
  if (goal.shell === 'stream') {
    ports.push(
      bit('in_valid', 'input', 'a beat is offered'),
      bit('in_ready', 'output', `it is taken with this clock${distance}`),
    );
  } else if (hasAccept) ports.push(bit('en', 'input', `this beat is accepted${distance}`));
  ports.push(...design.inputs.map(data), ...design.outputs.map(data));
  if (goal.shell === 'stream') {
    ports.push(
      bit('out_valid', 'output', 'a result is offered'),
      bit('out_ready', 'input', 'it is taken with this clock'),
    );
  }
  if (goal.shell === 'valid') ports.push(bit('valid', 'output', 'en, with the latency of the data'));
  return ports;
}

export function emitModule(design: Design, request: Request): Module {
  const ports = modulePorts(design);
  const { initiation } = design.schedule;
  const isStream = design.goal.shell === 'stream';
  // Where a stream must wait, what is offered is not always taken.
  const control = { ...controlOf(design), ...(isStream && initiation > 1 ? { accept: 'taken' } : {}) };
  const name = moduleName(request, design);
  const body = emitBody(design.schedule, {
    module: name,
    ports: ports.map(p => p.name),
    outputWidths: Object.fromEntries(design.outputs.map(p => [p.name, p.width])),
    control,
    annotate: request.annotate,
    reserved: [
      'advance',
      ...(initiation > 1 ? ['taken', 'pause'] : []),
      ...Array.from({ length: design.schedule.latency }, (_, i) => `${control.accept}_s${i + 1}`),
    ],
  });
  return {
    name,
    ports,
    latency: design.schedule.latency,
    initiation,
    command: commandOf(request, design),
    body: isStream ? { ...body, text: streamText(initiation) + body.text } : body,
  };
}

/** The handshake of a stream. Where beats must keep a distance, it counts down to the clock that may take the next one. */
function streamText(initiation: number): string {
  const lines = [
    '    // All registers move when the result at the output is taken or there is none',
    '    wire advance = out_ready | ~out_valid;',
  ];
  if (initiation === 1) lines.push('    assign in_ready = advance;');
  else {
    const bits = (initiation - 1).toString(2).length;
    const number = (value: number): string => `${bits}'d${value}`;
    lines.push(
      `    // How often they still must move before a beat is taken: one in ${initiation} clocks is`,
      `    reg ${range(bits)}pause;`,
      `    assign in_ready = advance & (pause == ${number(0)});`,
      '    wire taken = in_valid & in_ready;',
      '',
      '    always @(posedge clk) begin',
      `        if (rst) pause <= ${number(0)};`,
      `        else if (taken) pause <= ${number(initiation - 1)};`,
      `        else if (advance && pause != ${number(0)}) pause <= pause - ${number(1)};`,
      '    end',
    );
  }
  return ['', ...lines, ''].join('\n');
}

/** What `templates/module.v.hbs` shows. */
export function moduleView(design: Design, module: Module, request: Request): object {
  const { unit } = design;
  const wide = Math.max(...module.ports.map(p => range(p.width).length));
  const longest = Math.max(...module.ports.map(p => p.name.length)) + 1;
  const head = (label: string): string => label.padEnd(11);
  const rows = (label: string, texts: readonly string[]): { label: string; text: string }[] => {
    return texts.map((text, i) => ({ label: head(i === 0 ? label : ''), text: comment(text) }));
  };
  const cycles = module.latency === 1 ? '1 clock cycle' : `${module.latency} clock cycles`;
  const isPreset = request.id !== unit.id;
  const still = 'no register needs it; it is here as at every latency';
  // Also where all outputs are constant: then nothing crosses from stage to stage.
  const registered = module.body.text.includes('always @(posedge ');
  const unread: Readonly<Record<string, string>> = registered
    ? module.body.unread
    : { ...module.body.unread, clk: still, rst: still };
  return {
    name: module.name,
    summary: comment(request.summary),
    spdx: request.spdx,
    unit: isPreset ? `${unit.id} as ${request.id}` : unit.id,
    parameters: rows(
      'Parameters',
      Object.entries(design.params).map(([k, v]) => `${kebab(k)} = ${v}`),
    ),
    latency: `${module.latency === 0 ? 'none, combinational' : cycles}; ${paceText(module.initiation)}`,
    equations: rows('Computes', unit.equations),
    source: comment(unit.source),
    version: VERSION,
    command: comment(module.command),
    cycles: module.latency,
    interval: module.initiation > 1 ? module.initiation : undefined,
    ports: module.ports.map((p, i) => {
      const last = i === module.ports.length - 1;
      const text = `${p.direction === 'input' ? 'input ' : 'output'} wire ${range(p.width).padEnd(wide)}${p.name}`;
      const lanes = p.lanes > 1 ? `${p.lanes} lanes of ` : '';
      const format = p.format === 'uint1' ? '' : `${lanes}${p.format}: `;
      return {
        text,
        pad: ' '.repeat(Math.max(0, longest - p.name.length - (last ? 0 : 1))),
        doc: comment(`${format}${p.doc}`),
        unread: p.direction === 'input' ? unread[p.name] : undefined,
      };
    }),
    body: module.body.text,
    submodules: module.body.submodules,
  };
}

/** `manifest.json`, apart from the hashes of the files. */
export function manifestOf(
  design: Design,
  module: Module,
  request: Request,
  files: Readonly<Record<string, string>>,
): object {
  return {
    schema: 'subbyte/manifest/1',
    unit: request.id,
    module: module.name,
    params: design.params,
    goal: design.goal,
    latency: module.latency,
    initiation: module.initiation,
    ports: module.ports.map(({ name, direction, width, lanes, format, doc }) => ({
      name,
      direction,
      width,
      lanes,
      format,
      doc,
    })),
    generator: { name: 'subbyte', version: VERSION, command: module.command },
    names: module.body.names,
    files,
  };
}
