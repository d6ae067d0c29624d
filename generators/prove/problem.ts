import type { Design, DesignPort } from '../emit/design.ts';
import type { Circuit } from './circuit.ts';
import { and, type Bits, type Bool, isConstant, not, or, Script, slice, TRUE } from './smt.ts';
import type { Part, Statement, Subject } from './statement.ts';
import { Unrolling } from './unroll.ts';

/** The names of the signals of control, as the emitter gives them; undefined where there is none. */
export interface ControlNames {
  readonly reset?: string | undefined;
  /** Input: a beat is accepted. */
  readonly accept?: string | undefined;
  /** Output: an answer is valid. */
  readonly valid?: string | undefined;
}

/** One question to a solver: `unsat` means that the statement holds for all inputs of the case. */
export interface Case {
  readonly name: string;
  /** SMT-LIB 2.6, `check-sat` included. */
  readonly script: string;
}

export interface Problem {
  readonly words: string;
  readonly cases: readonly Case[];
  /** The ports of which the solver tells the codes of a counterexample, in the order of the script. */
  readonly told: readonly DesignPort[];
  /** Asks for these codes. */
  readonly question: string;
}

/**
 * The proof that the circuit answers each beat as the statement says, as many clock cycles later as the design declares. Each
 * case assumes that its inputs are in its part and that some output is wrong. The parts and the rest, which is the last case,
 * are all inputs there are.
 */
export function makeProblem(
  design: Design,
  circuit: Circuit,
  statement: Statement,
  control: ControlNames,
): Problem {
  const script = new Script();
  const { latency } = design.schedule;
  const { shell } = design.goal;
  script.comment(`Unit ${design.unit.id}: ${JSON.stringify(design.params)}`);
  const words = statement.words(design.params, design.outputs);
  script.comment(words);
  script.comment('');
  script.comment('Inputs of the beat');
  const codes = new Map<string, Bits>();
  for (const { name, width } of design.inputs) codes.set(name, script.declare(name, width));
  const accepted = control.accept ? script.declare(control.accept, 1) : undefined;

  script.comment(
    `The module as Yosys reads it; name@k is a wire in cycle k${latency > 0 ? `, and the answer comes in cycle ${latency}` : ''}`,
  );
  const unrolling = new Unrolling(circuit, script, (port, cycle, width) => {
    if (port === control.reset) return { text: `#b${'0'.repeat(width)}`, width };
    if (shell === 'stream' && port === 'out_ready') return { text: '#b1', width: 1 };
    if (cycle !== 0) return undefined;
    return port === control.accept ? accepted : codes.get(port);
  });
  for (const { name, width } of design.outputs) {
    const answer = unrolling.output(name, latency);
    const text = script.defineTerm(`${name}!answer`, `(_ BitVec ${width})`, answer.text);
    codes.set(name, { text, width: answer.width });
  }
  const isAccepted = accepted ? isConstant(accepted, 1) : TRUE;
  const handshake: Bool[] = [];
  if (control.valid && accepted) {
    const valid = unrolling.output(control.valid, latency);
    handshake.push({ truth: `(= ${valid.text} ${accepted.text})` });
  }
  if (shell === 'stream') handshake.push(isConstant(unrolling.output('in_ready', 0), 1));

  script.comment('The statement');
  const subject = subjectOf(design, script, codes);
  const holds = statement.holds(subject);
  const missing = design.outputs.find(port => !(port.name in holds));
  if (missing) throw new Error(`${design.unit.id}: nothing is stated about '${missing.name}'`);
  const right = and(
    ...Object.entries(holds).map(([port, truth]) => script.defineBool(`${port}!holds`, truth)),
  );
  const correct = script.defineBool('correct', and(...handshake, or(not(isAccepted), right)));
  const parts = statement.parts?.(subject) ?? [];
  const told = [...design.inputs, ...design.outputs];
  const question = `(get-value (${told.map(port => codes.get(port.name)!.text).join(' ')}))`;
  return { words, told, question, cases: casesOf(script.text(), parts, correct) };
}

function casesOf(body: string, parts: readonly Part[], correct: Bool): Case[] {
  const logic = body.includes('FloatingPoint') ? 'QF_BVFP' : 'QF_BV';
  const of = (name: string, when: Bool): Case => ({
    name,
    script: [
      '(set-option :produce-models true)',
      `(set-logic ${logic})`,
      `${body}; Case: ${name}`,
      ...(when.truth === 'true' ? [] : [`(assert ${when.truth})`]),
      `(assert ${not(correct).truth})`,
      '(check-sat)',
      '',
    ].join('\n'),
  });
  if (parts.length === 0) return [of('all inputs', TRUE)];
  const rest = not(or(...parts.map(part => part.when)));
  return [...parts.map(({ name, when }) => of(name, when)), of('all other inputs', rest)];
}

function subjectOf(design: Design, script: Script, codes: ReadonlyMap<string, Bits>): Subject {
  const ports = new Map([...design.inputs, ...design.outputs].map(port => [port.name, port]));
  const portOf = (name: string): DesignPort => {
    const port = ports.get(name);
    if (!port) throw new Error(`${design.unit.id} has no port '${name}'`);
    return port;
  };
  return {
    script,
    params: design.params,
    outputs: design.outputs,
    has: name => ports.has(name),
    format: name => portOf(name).format,
    lanes(name) {
      const { format, lanes } = portOf(name);
      const whole = codes.get(name)!;
      return Array.from({ length: Math.max(1, lanes) }, (_, i) =>
        slice(whole, (i + 1) * format.width - 1, i * format.width),
      );
    },
    code(name) {
      if (portOf(name).lanes > 0) throw new Error(`port '${name}' has lanes`);
      return codes.get(name)!;
    },
  };
}
