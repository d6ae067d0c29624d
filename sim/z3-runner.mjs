// Z3 as a program that stays: a question a line, as JSON, on standard input, and the answer a line on standard output. It runs in a
// process of its own, as WebAssembly cannot be interrupted otherwise. Plain JavaScript: the build copies this file.
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { init } from 'z3-solver';

// While Z3 works, nothing else runs in this thread: another one sees to it that we end with whoever started us.
const watch = `const parent = process.ppid;
setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGKILL'), 500);`;
new Worker(watch, { eval: true }).unref();

const { Z3, em } = await init();

/**
 * Answers SMT-LIB. The package's own `eval_smtlib2_string` hands its text over on the stack and returns while a thread still reads
 * it, so that now and then Z3 reads something else. Here the text stays on the heap until the answer is there.
 */
function ask(context, text) {
  const bytes = new TextEncoder().encode(`${text}\0`);
  const address = em._malloc(bytes.length);
  new Uint8Array(em.HEAPU32.buffer, address, bytes.length).set(bytes);
  try {
    return em.ccall('Z3_eval_smtlib2_string', 'string', ['number', 'number'], [context, address]).trim();
  } finally {
    em._free(address);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { script, question } = JSON.parse(line);
  // Each question has a context of its own, so that none depends on those before.
  const context = Z3.mk_context(Z3.mk_config());
  const parts = [];
  try {
    parts.push(ask(context, script));
    if (parts[0] === 'sat') parts.push(ask(context, question));
    if (parts[0] === 'unknown') parts.push(ask(context, '(get-info :reason-unknown)'));
  } catch (error) {
    parts.push(String(error?.message ?? error));
  }
  Z3.del_context(context);
  process.stdout.write(`${JSON.stringify(parts.join('\n'))}\n`);
}
process.exit(0);
