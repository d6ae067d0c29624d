import { HdlError } from '../hdl/diagnostics.ts';
import { type Node, type Region, type Submodule, type Table, totalWidth } from '../hdl/node.ts';
import { plan, type Step } from '../hdl/plan.ts';
import type { Schedule } from '../hdl/schedule.ts';
import {
  argumentWidth,
  Expressions,
  indexWidth,
  literal,
  needsName,
  slicesArguments,
} from './expressions.ts';
import { comment, Identifiers, wishedName } from './identifiers.ts';

/** What the module's frame gives to the body: names of the control signals that exist. */
export interface Control {
  readonly clock: string;
  /** Synchronous, active high. */
  readonly reset: string | undefined;
  /** High with each accepted beat. */
  readonly accept: string | undefined;
  /** Output that tells that a beat's result is there. */
  readonly valid: string | undefined;
  /** Holds all registers where low (stream shell). */
  readonly advance: string | undefined;
}

export interface Body {
  /** Everything between the port list and `endmodule`. */
  readonly text: string;
  /** Modules that it instantiates: name and whole text. */
  readonly submodules: readonly { readonly name: string; readonly text: string }[];
  /** Emitted name to `file:line:column` of the variable that gave it. */
  readonly names: Readonly<Record<string, string>>;
  /** Where each emitted name belongs: wires, registers, instances and outputs, those that are computed first in front. */
  readonly places: Readonly<Record<string, Place>>;
  /** Inputs of which something is not read, and what: `bits 3:0 are not needed`. */
  readonly unread: Readonly<Record<string, string>>;
}

/** The part of a module that a name belongs to. */
export interface Place {
  /** Heading of the part. */
  readonly section: string;
  /** The loop over lanes that computes it, and its number of lanes. */
  readonly loop?: { readonly label: string; readonly lanes: number };
  /** `file:line:column` of the variable; empty where it has none. */
  readonly at: string;
}

export interface BodyOptions {
  /** Name of the module; its tables are modules whose names begin with it. */
  readonly module: string;
  readonly ports: readonly string[];
  /** Bits of each output. */
  readonly outputWidths: Readonly<Record<string, number>>;
  readonly control: Control;
  readonly annotate: boolean;
  /** Further names that the frame takes. */
  readonly reserved: readonly string[];
}

const INDENT = '    ';
const MAX_DEPTH = 3;
const KEEP = '(* keep_hierarchy = "yes" *) //';
const KEPT_TABLE = `${KEEP} each bit is one LUT, better than what synthesis would make around it`;
const KEPT_CELLS = `${KEEP} ABC9 may see loops through the carries of its cells where there are none`;

/** Prints the body of a module from a scheduled netlist. */
export function emitBody(schedule: Schedule, options: BodyOptions): Body {
  return new BodyPrinter(schedule, options).print();
}

/** What makes Yosys read a file of ours as a simulator does: without cells of a family, and with no module kept apart. */
export function readAsSimulated(file: string): string[] {
  return [`read_verilog -nosynthesis ${file}`, 'setattr -mod -unset keep_hierarchy'];
}

/** Prints a submodule, which is combinational, and those that it uses. */
export function emitSubmodule(module: Submodule, name = module.name): Body['submodules'] {
  const problem = new Identifiers().problem(module.name);
  if (problem) throw new HdlError('HDL-013', `submodule name '${module.name}' ${problem}`, '', 'rename it');
  const stageOf = new Map(module.nodes.map(n => [n, 0]));
  const ports = [...module.inputs.map(n => n.name!), ...module.outputs.map(o => o.name)];
  const control = { clock: 'clk', reset: undefined, accept: undefined, valid: undefined, advance: undefined };
  const body = new BodyPrinter(
    {
      inputs: module.inputs,
      outputs: module.outputs.map(o => ({ ...o, lsb: 0 })),
      registers: [],
      nodes: module.nodes,
      stageOf,
      stages: 0,
      latency: 0,
      initiation: 1,
      writeStage: new Map(),
      periodNs: 0,
    },
    { module: name, ports, outputWidths: {}, control, annotate: false, reserved: [] },
  ).print();
  const declarations = [
    ...module.inputs.map(n => ({
      text: `input  wire ${range(n.width)}${n.name}`,
      unread: body.unread[n.name!],
    })),
    ...module.outputs.map(o => ({ text: `output wire ${range(o.node.width)}${o.name}`, unread: undefined })),
  ];
  const lines = declarations.flatMap(({ text, unread }, i) => {
    const line = `${INDENT}${text}${i < declarations.length - 1 ? ',' : ''}`;
    return unread ? waived(line, unread) : [line];
  });
  const inside =
    module.cells === undefined
      ? body.text
      : `\`ifdef SYNTHESIS\n${module.cells.verilog}\`else\n${body.text}\`endif\n`;
  const kept = module.cells?.kept ? `${KEPT_CELLS}\n` : '';
  const text = `// ${comment(module.doc)}\n${kept}module ${name} (\n${lines.join('\n')}\n);\n${inside}endmodule\n`;
  return [{ name, text }, ...body.submodules];
}

/** A line of which the linter would complain: why it is right, and the linter's rules that are off for it. */
function waived(line: string, which: string, rules: readonly string[] = ['UNUSED']): string[] {
  const indent = /^\s*/.exec(line)![0];
  const [off, on] = ['off', 'on'].map(word => rules.map(r => `/* verilator lint_${word} ${r} */`).join(' '));
  return [`${indent}${off} // ${which}`, line, `${indent}${on}`];
}

/** `[7:0] `, or nothing for one bit. */
export function range(width: number): string {
  return width === 1 ? '' : `[${width - 1}:0] `;
}

class BodyPrinter {
  private readonly identifiers = new Identifiers();
  private readonly named = new Map<Node, string>();
  private readonly factors = new Set<Node>();
  private readonly lastUse = new Map<Node, number>();
  private readonly readBits = new Map<string, Set<number>>();
  private readonly genvars = new Map<number, string>();
  private readonly depthGenvars: string[] = [];
  private readonly submodules = new Map<Submodule, string>();
  private readonly printed = new Set<Node>();
  private readonly tables = new Map<Table, string>();
  private readonly moduleNames = new Identifiers();
  /** What stands in front of the first heading. */
  private readonly atStart = new Set<Node>();
  /** Instances by label, with the node of (one of) their outputs. */
  private readonly instances = new Map<string, Node>();
  /** Names of the pipeline copies of a node, by stage. */
  private readonly copies = new Map<Node, Map<number, string>>();
  private readonly expressions: Expressions;
  private stage = 0;

  constructor(
    private readonly schedule: Schedule,
    private readonly options: BodyOptions,
  ) {
    this.expressions = new Expressions({
      identifier: node => this.identifierAt(node),
      read: (name, high, low) => this.noteRead(name, high, low),
      genvar: node => this.genvars.get(node.region!.id)!,
      isFactor: node => this.factors.has(node),
    });
    for (const { op, args } of schedule.nodes)
      if (op === 'mul')
        for (let arg of args) {
          this.factors.add(arg);
          // The same bits under another name.
          while ((arg.op === 'narrow' || arg.op === 'wrap') && arg.args[0]!.width === arg.width) {
            arg = arg.args[0]!;
            this.factors.add(arg);
          }
        }
    for (const name of options.ports) this.claimPort(name);
    for (const name of options.reserved) this.identifiers.claim(name);
  }

  /** Ports are called what their unit calls them, or not at all. */
  private claimPort(name: string): void {
    const problem = this.identifiers.problem(name);
    if (problem) throw new HdlError('HDL-013', `port name '${name}' ${problem}`, '', 'rename the port');
    this.identifiers.claim(name);
  }

  print(): Body {
    this.findLastUses();
    this.chooseNames();
    const stages = this.printStages();
    const declarations = this.printRegisters();
    const submodules = [...this.tableModules(), ...[...this.submodules].flatMap(s => emitSubmodule(...s))];
    const distinct = submodules.filter((m, i) => submodules.findIndex(o => o.text === m.text) === i);
    const names: Record<string, string> = {};
    for (const [node, name] of this.named) if (node.at && node.op !== 'input') names[name] = node.at;
    const genvars =
      this.depthGenvars.length > 0 ? ['', `${INDENT}genvar ${this.depthGenvars.join(', ')};`] : [];
    const lines = [...declarations, ...genvars, ...stages];
    const text = this.waive(lines.filter((line, n) => line !== '' || lines[n - 1] !== '')).join('\n');
    return {
      text: `${text}\n`,
      submodules: distinct,
      names,
      places: this.places(),
      unread: this.unreadInputs(),
    };
  }

  private places(): Record<string, Place> {
    const places: Record<string, Place> = {};
    const put = (name: string, node: Node): void => {
      const heading = this.atStart.has(node) ? 'Beginning' : headingOf(node.section.title);
      places[name] ??= placeOf(node, node.op === 'input' ? 'Inputs, registered' : heading);
    };
    for (const [node, name] of this.named) {
      if (node.op !== 'input') put(name, node);
      for (const copy of this.copies.get(node)?.values() ?? []) put(copy, node);
    }
    for (const [label, node] of this.instances) put(label, node);
    for (const { name, node } of this.schedule.outputs) put(name, node);
    const { control } = this.options;
    const handshake = [control.valid, control.advance, ...this.options.reserved];
    for (const name of handshake) if (name) places[name] ??= { section: 'Handshake', at: '' };
    return places;
  }

  /** The last stage in which each node is read. */
  private findLastUses(): void {
    const { nodes, stageOf, outputs, registers, latency } = this.schedule;
    const use = (node: Node, stage: number): void => {
      if (node.op === 'const') return;
      this.lastUse.set(node, Math.max(this.lastUse.get(node) ?? 0, stage));
    };
    for (const node of nodes) for (const arg of node.args) use(arg, stageOf.get(node)!);
    for (const { node } of outputs) use(node, latency);
    for (const r of registers) {
      const at = this.registerStage(r.name);
      use(r.next!, at);
      if (r.enable) use(r.enable, at);
    }
  }

  private registerStage(name: string): number {
    return this.schedule.writeStage.get(name)!;
  }

  /** Decides which nodes get a wire of their own, and what it is called. */
  private chooseNames(): void {
    const { nodes, stageOf, inputs, outputs, registers } = this.schedule;
    const uses = new Map<Node, number>();
    const mustName = new Set<Node>();
    for (const node of nodes) {
      node.args.forEach((arg, i) => {
        uses.set(arg, (uses.get(arg) ?? 0) + 1);
        if (needsName(node, i) || (i === 1 && this.expressions.isChosen(node))) mustName.add(arg);
      });
    }
    for (const r of registers) {
      for (const n of [r.next!, r.enable]) if (n) uses.set(n, (uses.get(n) ?? 0) + 1);
      if (r.next!.width !== this.stateNode(r.name).width) mustName.add(r.next!);
    }
    for (const { node, name } of outputs) {
      uses.set(node, (uses.get(node) ?? 0) + 1);
      if (node.lanes > 0 || (this.options.outputWidths[name] ?? node.width) !== node.width)
        mustName.add(node);
    }
    const depth = new Map<Node, number>();
    for (const node of nodes) {
      if (node.op === 'const') continue;
      const inner = Math.max(0, ...node.args.map(a => depth.get(a) ?? 0));
      const crosses = (this.lastUse.get(node) ?? 0) > stageOf.get(node)!;
      const many = (uses.get(node) ?? 0) > 1 && !(slicesArguments(node) && this.isPlainSlice(node));
      // An arithmetic shift within an expression with an unsigned operand would shift in zeros.
      const isArithmeticShift = node.op === 'shr' && node.signed && node.args[1]!.op !== 'const';
      const always =
        isArithmeticShift ||
        ['input', 'gather', 'instance', 'mul', 'register', 'after', 'table'].includes(node.op);
      const wired =
        always || node.name !== undefined || crosses || many || mustName.has(node) || inner >= MAX_DEPTH;
      depth.set(node, wired ? 0 : inner + (slicesArguments(node) ? 0 : 1));
      if (wired) this.named.set(node, '');
    }
    for (const node of inputs) this.named.set(node, node.name!);
    for (const node of nodes)
      if (node.op === 'table' && !this.tables.has(node.table))
        this.tables.set(node.table, this.moduleNames.unique(`${this.options.module}_${node.table.name}`));
    const states = new Map<string, string>();
    for (const r of registers) states.set(r.name, this.identifiers.unique(r.name));
    for (const node of nodes) {
      if (this.named.get(node) !== '') continue;
      if (node.op === 'register' || node.op === 'after')
        this.named.set(node, states.get(node.register.name)!);
      else this.named.set(node, this.identifiers.unique(wishedName(node)));
    }
    for (const [node, name] of this.named) {
      const copies = new Map<number, string>();
      // A register keeps what it held until it is written: so long it is read itself.
      const own = node.op === 'register' ? this.registerStage(node.register.name) : stageOf.get(node)!;
      for (let s = own + 1; s <= (this.lastUse.get(node) ?? 0); s++)
        copies.set(s, this.identifiers.unique(`${name}${node.op === 'register' ? '_before' : ''}_s${s}`));
      this.copies.set(node, copies);
    }
  }

  private isPlainSlice(node: Node): boolean {
    return node.op === 'bits' || node.op === 'element' || node.op === 'subvector' || node.op === 'wrap';
  }

  private stateNode(name: string): Node {
    return this.schedule.nodes.find(
      n => (n.op === 'register' || n.op === 'after') && n.register.name === name,
    )!;
  }

  /** How a node is called in the stage that is being printed. */
  private identifierAt(node: Node): string | undefined {
    return this.nameIn(node, this.stage);
  }

  private nameIn(node: Node, stage: number): string | undefined {
    return this.copies.get(node)?.get(stage) ?? this.named.get(node);
  }

  private noteRead(name: string, high: number, low: number): void {
    const bits = this.readBits.get(name) ?? new Set();
    this.readBits.set(name, bits);
    for (let i = low; i <= high; i++) bits.add(i);
  }

  private printStages(): string[] {
    const { nodes, stageOf, outputs, registers, latency, stages } = this.schedule;
    const lines: string[] = [];
    let section = '';
    for (let stage = 0; stage <= latency; stage++) {
      this.stage = stage;
      const here = nodes.filter(
        n => stageOf.get(n) === stage && !['const', 'input', 'register', 'after'].includes(n.op),
      );
      const steps = plan(here);
      if (stages > 0 && steps.length > 0) lines.push('', `${INDENT}// Stage ${stage}`);
      for (const step of steps) {
        const { title } = firstNode(step).section;
        const text = this.step(step, INDENT);
        if (title === '' && section === '') for (const node of nodesOf(step)) this.atStart.add(node);
        if (text.length > 0 && title !== section) {
          lines.push('', `${INDENT}// ${headingOf(title)}`);
          section = title;
        }
        lines.push(...text);
      }
      const clocked = registers.filter(r => this.registerStage(r.name) === stage);
      for (const r of clocked) {
        const q = this.stateNode(r.name);
        const name = this.named.get(q)!;
        const isReadEarlier = q.op === 'register' && stageOf.get(q)! < stage;
        lines.push(
          '',
          ...(isReadEarlier ? [this.loopNote(name, stageOf.get(q)!, stage)] : []),
          ...this.stateProcess(
            name,
            r.init,
            q,
            this.expressions.assigned(r.next!, q.width),
            r.enable && this.expressions.operand(r.enable),
          ),
        );
      }
      lines.push(...this.crossings(stage));
    }
    lines.push('');
    this.stage = latency;
    for (const { name, node } of outputs) {
      const width = this.options.outputWidths[name] ?? node.width;
      const value = node.lanes > 0 ? this.expressions.operand(node) : this.expressions.assigned(node, width);
      lines.push(`${INDENT}assign ${name} = ${value};`);
    }
    const { control } = this.options;
    if (control.valid) lines.push(`${INDENT}assign ${control.valid} = ${this.acceptAt(latency)};`);
    return lines;
  }

  private acceptAt(stage: number): string {
    const { accept } = this.options.control;
    return stage === 0 ? accept! : `${accept}_s${stage}`;
  }

  private guard(): string {
    const { advance } = this.options.control;
    return advance ? `if (${advance}) ` : '';
  }

  private loopNote(name: string, from: number, to: number): string {
    const { initiation } = this.schedule;
    return `${INDENT}// Read in stages ${from} to ${to}, and written here: ${name} stays as it is meanwhile, as no beat follows within ${initiation} clocks`;
  }

  private stateProcess(
    name: string,
    init: bigint,
    q: Node,
    next: string,
    enable: string | undefined,
  ): string[] {
    const { control } = this.options;
    const conditions = [control.advance, control.accept && this.acceptAt(this.stage), enable].filter(
      c => c !== undefined,
    );
    return [
      `${INDENT}always @(posedge ${control.clock}) begin`,
      `${INDENT}${INDENT}if (${control.reset}) ${name} <= ${literal(init, q.width)};`,
      `${INDENT}${INDENT}else ${conditions.length > 0 ? `if (${conditions.join(' && ')}) ` : ''}${name} <= ${next};`,
      `${INDENT}end`,
    ];
  }

  /** The last stage that must know whether a beat was accepted. */
  private lastAccept(): number {
    const { control } = this.options;
    if (!control.accept) return 0;
    const state = this.schedule.registers.map(r => this.registerStage(r.name));
    return Math.max(0, ...state, control.valid ? this.schedule.latency : 0);
  }

  /** The pipeline registers behind a stage. */
  private crossings(stage: number): string[] {
    const { control } = this.options;
    const data: string[] = [];
    for (const [node, copies] of this.copies) {
      const to = copies.get(stage + 1);
      if (to === undefined) continue;
      const from = this.nameIn(node, stage)!;
      this.noteRead(from, totalWidth(node) - 1, 0);
      data.push(`${to} <= ${from};`);
    }
    const lines: string[] = [];
    if (stage < this.lastAccept()) {
      const next = this.acceptAt(stage + 1);
      lines.push('', `${INDENT}always @(posedge ${control.clock}) begin`);
      lines.push(`${INDENT}${INDENT}if (${control.reset}) ${next} <= 1'b0;`);
      lines.push(`${INDENT}${INDENT}else ${this.guard()}${next} <= ${this.acceptAt(stage)};`, `${INDENT}end`);
    }
    if (data.length > 0) {
      lines.push('', `${INDENT}always @(posedge ${control.clock}) ${this.guard()}begin`);
      lines.push(...data.map(d => INDENT + INDENT + d), `${INDENT}end`);
    }
    return lines;
  }

  private step(step: Step, indent: string): string[] {
    if (step.node) return this.declaration(step.node, indent);
    const { region, body, gathers } = step.loop;
    const lines: string[] = [];
    for (const g of gathers)
      lines.push(`${indent}wire ${range(totalWidth(g))}${this.named.get(g)};${this.note(g)}`);
    const i = this.genvarOf(region);
    const label = this.identifiers.unique(`${region.label}_lanes`);
    const outer = region.parent ? indent : indent + INDENT;
    if (!region.parent) lines.push(`${indent}generate`);
    lines.push(`${outer}for (${i} = 0; ${i} < ${region.count}; ${i} = ${i} + 1) begin : ${label}`);
    const inner = outer + INDENT;
    const inside = body.flatMap(s => this.step(s, inner));
    if (inside.length === 0 && gathers.length === 0) return [];
    lines.push(...inside);
    for (const g of gathers) {
      const arg = g.args[0]!;
      const width = totalWidth(arg.lanes > 0 ? arg : g) / (arg.lanes > 0 ? 1 : g.lanes);
      const target =
        g.lanes * g.width === width
          ? this.named.get(g)!
          : width === 1
            ? `${this.named.get(g)}[${i}]`
            : `${this.named.get(g)}[${width} * ${i} +: ${width}]`;
      const value = arg.lanes > 0 ? this.expressions.operand(arg) : this.expressions.assigned(arg, g.width);
      lines.push(`${inner}assign ${target} = ${value};`);
    }
    lines.push(`${outer}end`);
    if (!region.parent) lines.push(`${indent}endgenerate`);
    return lines;
  }

  /** One genvar for each depth of nesting serves all loops. */
  private genvarOf(region: Region): string {
    let depth = 0;
    for (let r = region.parent; r !== null; r = r.parent) depth++;
    const name = this.depthGenvars[depth] ?? this.identifiers.unique('ijkl'[depth] ?? 'i');
    this.depthGenvars[depth] = name;
    this.genvars.set(region.id, name);
    return name;
  }

  private declaration(node: Node, indent: string): string[] {
    const name = this.named.get(node);
    if (name === undefined) return [];
    if (node.op === 'instance') return this.instance(node, indent);
    if (node.op === 'table') return this.lookUp(node, name, indent);
    const sign = node.signed && node.lanes === 0 ? 'signed ' : '';
    return [
      `${indent}wire ${sign}${range(totalWidth(node))}${name} = ${this.expressions.compute(node)};${this.note(node)}`,
    ];
  }

  private note(node: Node): string {
    return this.options.annotate && node.at ? ` // ${node.at}` : '';
  }

  private instance(node: Node & { op: 'instance' }, indent: string): string[] {
    if (this.printed.has(node)) return [];
    const { stageOf, nodes } = this.schedule;
    const { instance } = node;
    const lines: string[] = [];
    const wires = new Map<string, string>();
    for (const n of nodes) {
      if (n.op !== 'instance' || stageOf.get(n) !== stageOf.get(node) || !sameUse(n, node)) continue;
      this.printed.add(n);
      wires.set(n.output, this.named.get(n)!);
    }
    for (const { name, node: port } of instance.module.outputs) {
      const wire = wires.get(name) ?? this.identifiers.unique(`${instance.label}_${name}`);
      wires.set(name, wire);
      lines.push(`${indent}wire ${port.signed ? 'signed ' : ''}${range(port.width)}${wire};`);
    }
    const module = this.submoduleName(instance.module);
    const label = this.identifiers.unique(instance.label);
    this.instances.set(label, node);
    const ports = [
      ...instance.module.inputs.map((port, i) => [
        port.name!,
        this.expressions.assigned(node.args[i]!, argumentWidth(node, i)),
      ]),
      ...wires,
    ].map(([port, text]) => `.${port}(${text})`);
    lines.push(`${indent}${module} ${label} (${ports.join(', ')});`);
    return lines;
  }

  /** A submodule in cells is one of this module, as tables are: other modules have the same for themselves. */
  private submoduleName(submodule: Submodule): string {
    const { name, cells } = submodule;
    const known = this.submodules.get(submodule);
    if (known !== undefined) return known;
    const own = cells === undefined ? name : this.moduleNames.unique(`${this.options.module}_${name}`);
    this.submodules.set(submodule, own);
    return own;
  }

  /** Declares the registers; their number of bits is known after all stages were printed. */
  private printRegisters(): string[] {
    const { control } = this.options;
    const lines: string[] = [];
    for (const r of this.schedule.registers) {
      const q = this.stateNode(r.name);
      lines.push(`${INDENT}reg ${q.signed ? 'signed ' : ''}${range(q.width)}${this.named.get(q)};`);
    }
    for (let stage = 1; stage <= this.lastAccept(); stage++)
      lines.push(`${INDENT}reg ${control.accept}_s${stage};`);
    for (const [node, copies] of this.copies) {
      const sign = node.signed && node.lanes === 0 ? 'signed ' : '';
      for (const name of copies.values())
        lines.push(`${INDENT}reg ${sign}${range(totalWidth(node))}${name};`);
    }
    return lines.length > 0
      ? ['', `${INDENT}// State and pipeline registers; _s<n> is the value in stage n`, ...lines]
      : [];
  }

  /** A table is a module with one case statement, which synthesizers and simulators know as a look-up. */
  private tableModules(): { name: string; text: string }[] {
    return [...this.tables].map(([table, name]) => {
      const node = this.schedule.nodes.find(n => n.op === 'table' && n.table === table)!;
      const index = indexWidth(table);
      const [input, output] = [range(index), range(node.width)];
      const pad = Math.max(input.length, output.length);
      const rows = table.values.map((value, i) => {
        const label = i === table.values.length - 1 ? 'default' : literal(BigInt(i), index);
        return `${INDENT.repeat(3)}${label}: value = ${literal(value, node.width)};`;
      });
      const lines = [
        `// ${comment(table.doc)}`,
        ...(table.kept ? [KEPT_TABLE] : []),
        `module ${name} (`,
        `${INDENT}input  wire ${input.padEnd(pad)}code,`,
        `${INDENT}output reg  ${output.padEnd(pad)}value`,
        ');',
        `${INDENT}always @* begin`,
        `${INDENT}${INDENT}case (code)`,
        ...rows,
        `${INDENT}${INDENT}endcase`,
        `${INDENT}end`,
        'endmodule',
      ];
      return { name, text: `${lines.join('\n')}\n` };
    });
  }

  /** One look-up. */
  private lookUp(node: Node & { op: 'table' }, name: string, indent: string): string[] {
    const label = this.identifiers.unique(`${name}_table`);
    this.instances.set(label, node);
    const code = this.expressions.assigned(node.args[0]!, argumentWidth(node, 0));
    return [
      `${indent}wire ${node.signed ? 'signed ' : ''}${range(node.width)}${name};${this.note(node)}`,
      `${indent}${this.tables.get(node.table)} ${label} (.code(${code}), .value(${name}));`,
    ];
  }

  /** Which inputs are not read, or not wholly, and what to say of them. */
  private unreadInputs(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const node of this.schedule.inputs) {
      const text = this.unreadText(node.name!, totalWidth(node));
      if (text) found[node.name!] = text;
    }
    return found;
  }

  /** `bits 3:0 are not needed`; undefined where each bit is read. */
  private unreadText(name: string, width: number): string | undefined {
    const bits = this.readBits.get(name);
    const unread = Array.from({ length: width }, (_, i) => i).filter(i => !bits?.has(i));
    if (unread.length === 0) return undefined;
    if (unread.length === width) return 'nothing reads it';
    return unread.length === 1 ? `bit ${unread[0]} is not needed` : `bits ${ranges(unread)} are not needed`;
  }

  /** Where only some bits of a wire are read, says so and keeps the linter quiet on that one line. */
  private waive(lines: readonly string[]): string[] {
    const out: string[] = [];
    // A loop compares each lane alike; where the lanes are constants, some of these comparisons are settled.
    const constants = [...this.named].filter(([n]) => dependsOnConstants(n)).map(([, name]) => name);
    const isSettled = (line: string): boolean =>
      / (?:<|<=|>|>=|==|!=) /.test(line) && constants.some(name => new RegExp(`\\b${name}\\b`).test(line));
    for (const line of lines) {
      if (isSettled(line)) {
        out.push(...waived(line, 'for some lanes the answer is known', ['UNSIGNED', 'CMPCONST']));
        continue;
      }
      const match = /^(\s*)(?:wire|reg) (?:signed )?(?:\[(\d+):0\] )?(\w+)(?: =.*)?;/.exec(line);
      const width = match ? Number(match[2] ?? 0) + 1 : 0;
      const which = match && !this.isAccept(match[3]!) ? this.unreadText(match[3]!, width) : undefined;
      if (!match || !which) {
        out.push(line);
        continue;
      }
      out.push(...waived(line, which));
    }
    return out;
  }

  /** The copies of `en` are read where they are declared for. */
  private isAccept(name: string): boolean {
    return name.startsWith(`${this.options.control.accept}_s`);
  }
}

/** A heading as it stands in the Verilog. */
function headingOf(title: string): string {
  return comment(title) || 'Result';
}

function placeOf(node: Node, section: string): Place {
  const { at } = node;
  const region = node.op === 'gather' ? node.over : node.region;
  let lanes = 1;
  for (let r = region; r !== null; r = r.parent) lanes *= r.count;
  return region === null ? { section, at } : { section, at, loop: { label: region.label, lanes } };
}

/** Whether a value out of a loop, or inside of one, is the same at all times. */
function dependsOnConstants(node: Node): boolean {
  if (node.op === 'const') return true;
  return node.args.length > 0 && node.op !== 'instance' && node.args.every(dependsOnConstants);
}

function nodesOf(step: Step): Node[] {
  return step.node ? [step.node] : [...step.loop.body.flatMap(nodesOf), ...step.loop.gathers];
}

function firstNode(step: Step): Node {
  return (
    step.node ??
    step.loop.body.find(s => s.node)?.node ??
    step.loop.gathers[0] ??
    firstNode(step.loop.body[0]!)
  );
}

/** Whether two nodes are outputs of one and the same instance. */
function sameUse(n: Node, node: Node & { op: 'instance' }): boolean {
  return (
    n.op === 'instance' &&
    n.instance.label === node.instance.label &&
    n.instance.module === node.instance.module &&
    n.args.every((a, i) => a === node.args[i])
  );
}

/** 0, 1, 2, 7 → `2:0, 7`. */
function ranges(bits: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const bit of bits) {
    const last = runs.at(-1);
    if (last && last[1] === bit - 1) last[1] = bit;
    else runs.push([bit, bit]);
  }
  return runs.map(([low, high]) => (low === high ? `${low}` : `${high}:${low}`)).join(', ');
}
