import { FormatError } from '../formats/types.ts';
import { HdlError } from '../hdl/diagnostics.ts';

/** Exit codes of every command. */
export const EXIT = { ok: 0, defect: 1, usage: 2, lint: 3, mismatch: 4, budget: 5, tool: 6 } as const;

/** Something that the user can mend: what was wrong, what was expected, what to do. One line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Ends the command with a code, after everything was printed. */
export class Exit extends Error {
  override readonly name = 'Exit';
  constructor(
    readonly code: number,
    message = '',
  ) {
    super(message);
  }
}

/** The line to print for an error, and the exit code. Only a defect of the program shows a stack. */
export function explain(error: unknown): { text: string; code: number } {
  if (error instanceof Exit) return { text: error.message, code: error.code };
  if (error instanceof UsageError) return { text: visible(error.message), code: EXIT.usage };
  if (error instanceof FormatError)
    return {
      text: visible(error.hint ? `${error.message}; ${error.hint}` : error.message),
      code: EXIT.usage,
    };
  if (error instanceof HdlError) return { text: visible(error.message), code: EXIT.defect };
  if (error instanceof Error) {
    if (error.name === 'ToolMissing') return { text: error.message, code: EXIT.tool };
    if (error.name === 'UnknownTargetError') return { text: error.message, code: EXIT.usage };
    if (error.name === 'ToolFailed' || error.name === 'YosysError')
      return { text: error.message, code: EXIT.defect };
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EPIPE') return { text: '', code: EXIT.ok };
    return {
      text: `this is a defect of the program, please report it: ${error.stack ?? error.message}`,
      code: EXIT.defect,
    };
  }
  return { text: String(error), code: EXIT.defect };
}

const LONGEST = 2000;

/** One line that a terminal only shows: what the user gave may hold line ends, and characters that a terminal obeys. */
export function visible(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, c => {
    const known: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
    return known[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST - 400)} … ${plain.slice(-400)}`;
}
