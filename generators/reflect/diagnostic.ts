/**
 * What reflection tells the author of a unit: which rule, where, and what to write instead. A mistake of an author
 * is data and not an exception, so that one run can show all of them.
 */

export interface Diagnostic {
  /** Stable code, as in `GEN-L001`. */
  readonly code: string;
  /** What is wrong, and what was expected. */
  readonly message: string;
  /** Path relative to the project root, with forward slashes. */
  readonly file: string;
  /** Counted from one. */
  readonly line: number;
  /** Counted from one. */
  readonly column: number;
  /** What to write instead. */
  readonly hint?: string;
}

/** One diagnostic as text: `file:line:column code message`, and the hint on a line of its own. */
export function formatDiagnostic(d: Diagnostic): string {
  const head = `${d.file}:${d.line}:${d.column} ${d.code} ${d.message}`;
  return d.hint ? `${head}\n  hint: ${d.hint}` : head;
}

/** Reading order: by file, then by position, then by code. */
export function sortDiagnostics(found: readonly Diagnostic[]): Diagnostic[] {
  return [...found].sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}
