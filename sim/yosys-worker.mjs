// Runs Yosys jobs in a thread of its own. Plain JavaScript, since a Node worker does not load TypeScript;
// the build copies this file. The package compiles the WebAssembly on the first job and keeps it.
import { parentPort } from 'node:worker_threads';
import { runYosys } from '@yowasp/yosys';

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
    const pass = /^\d+(?:\.\d+)?\. (Executing .*)$/.exec(line);
    if (pass) parentPort.postMessage({ progress: pass[1] });
  });
  const stream = bytes => log.write(bytes);
  const options = { stdin: null, stdout: stream, stderr: stream };
  try {
    const tree = await runYosys(args, files, options);
    parentPort.postMessage({ log: log.text(), files: made(tree, files) });
  } catch (error) {
    parentPort.postMessage({ log: log.text(), error: String(error?.message ?? error) });
  }
});
