// Runs the jobs of one tool in a thread of its own. Plain JavaScript, since a Node worker does not load TypeScript;
// the build copies this file. The package compiles the WebAssembly on the first job and keeps it.
import { parentPort, workerData } from 'node:worker_threads';

/** How each tool is called, and which lines of its log tell a step. */
const TOOLS = {
  yosys: {
    load: async () => (await import('@yowasp/yosys')).runYosys,
    step: /^\d+(?:\.\d+)?\. (Executing .*)$/,
  },
  'nextpnr-ice40': {
    load: async () => (await import('@yowasp/nextpnr-ice40')).runNextpnrIce40,
    step: /^Info: ((?:Packing|Placing|Routing|Running) .*)$/,
  },
};
const tool = TOOLS[workerData];

/** Joins what the callback stream hands over into text; calls `onLine` for each finished line. */
function collector(onLine) {
  const decoder = new TextDecoder();
  let text = '';
  let seen = 0;
  return {
    write(bytes) {
      if (bytes === null) return;
      text += decoder.decode(bytes, { stream: true });
      for (let end = text.indexOf('\n', seen); end >= 0; end = text.indexOf('\n', seen)) {
        onLine(text.slice(seen, end));
        seen = end + 1;
      }
    },
    text: () => text,
  };
}

/** Files at the top that the run has made. */
function made(tree, given) {
  const files = {};
  for (const [name, data] of Object.entries(tree)) {
    if (name in given) continue;
    if (typeof data === 'string') files[name] = data;
    else if (data instanceof Uint8Array) files[name] = new TextDecoder().decode(data);
  }
  return files;
}

parentPort.on('message', async ({ args, files }) => {
  const log = collector(line => {
    const step = tool.step.exec(line);
    if (step) parentPort.postMessage({ progress: step[1] });
  });
  const stream = bytes => log.write(bytes);
  const options = { stdin: null, stdout: stream, stderr: stream };
  try {
    const run = await tool.load();
    const tree = await run(args, files, options);
    parentPort.postMessage({ log: log.text(), files: made(tree, files) });
  } catch (error) {
    parentPort.postMessage({ log: log.text(), error: String(error?.message ?? error) });
  }
});
