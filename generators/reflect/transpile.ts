/** From one TypeScript file to the JavaScript that runs: used by the build, and for a unit that a user brings along. */
import { ts } from 'ts-morph';
import type { Diagnostic } from './diagnostic.ts';
import { type NamingOptions, nameSignals } from './names.ts';

export interface TranspileOptions extends NamingOptions {
  /** Tell signals their names: for units and blocks, and for a user's own unit. */
  readonly names?: boolean;
}

export interface Transpiled {
  readonly code: string;
  readonly diagnostics: readonly Diagnostic[];
}

const COMPILER: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
  newLine: ts.NewLineKind.LineFeed,
};

/** Whether a file of the project composes hardware, so that its signals want names. */
export function holdsSignals(fileName: string): boolean {
  return /^generators\/(units|blocks)\//.test(fileName);
}

/** Transpiles one file; syntax errors come back as diagnostics. `fileName` is relative to the project root. */
export function transpile(source: string, fileName: string, options: TranspileOptions = {}): Transpiled {
  const named = (options.names ?? holdsSignals(fileName)) ? nameSignals(source, fileName, options) : source;
  const result = ts.transpileModule(named, { compilerOptions: COMPILER, fileName, reportDiagnostics: true });
  const problems = result.diagnostics ?? [];
  // The inserted names move columns: errors are reported for the text that the author wrote.
  if (problems.length > 0 && named !== source)
    return transpile(source, fileName, { ...options, names: false });
  return { code: result.outputText, diagnostics: problems.map(d => syntaxError(d, fileName)) };
}

function syntaxError(d: ts.Diagnostic, file: string): Diagnostic {
  const at = d.file?.getLineAndCharacterOfPosition(d.start ?? 0) ?? { line: 0, character: 0 };
  const message = ts.flattenDiagnosticMessageText(d.messageText, ' ');
  return { code: `TS${d.code}`, message, file, line: at.line + 1, column: at.character + 1 };
}
