/** Small helpers over the TypeScript syntax tree that several reflections share. */
import { ts } from 'ts-morph';
import type { Diagnostic } from './diagnostic.ts';

/** Parses one file on its own: no type checker, no lib files, no other file. */
export function parse(source: string, fileName: string): ts.SourceFile {
  return ts.createSourceFile(fileName, source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
}

/** Line and column of a node, both counted from one. */
export function positionOf(node: ts.Node): { line: number; column: number } {
  const file = node.getSourceFile();
  const at = file.getLineAndCharacterOfPosition(node.getStart(file));
  return { line: at.line + 1, column: at.character + 1 };
}

/** A diagnostic at a node. */
export function diagnosticAt(
  node: ts.Node,
  file: string,
  code: string,
  message: string,
  hint?: string,
): Diagnostic {
  return { code, message, file, ...positionOf(node), ...(hint ? { hint } : {}) };
}

/** A path as diagnostics and emitted positions show it: relative to `root`, with forward slashes. */
export function relativePath(root: string, path: string): string {
  const slashed = path.replaceAll('\\', '/');
  const base = `${root.replaceAll('\\', '/').replace(/\/+$/, '')}/`;
  return slashed.startsWith(base) ? slashed.slice(base.length) : slashed;
}

/** Visits a node and everything below it, parents first. Answering `false` leaves the children of a node out. */
export function walk(node: ts.Node, visit: (node: ts.Node) => unknown): void {
  if (visit(node) === false) return;
  ts.forEachChild(node, child => walk(child, visit));
}

/** Takes off what does not change the value: parentheses, `as T`, `satisfies T`, `!`. */
export function unwrap(node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}

/** Every name that a binding declares: one for an identifier, several for a pattern. */
export function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap(e => (ts.isOmittedExpression(e) ? [] : boundNames(e.name)));
}

/** A name that a file imports. */
export interface ImportedName {
  readonly specifier: string;
  /** The name in the exporting file; `*` for a namespace, `default` for the default export. */
  readonly exported: string;
  readonly typeOnly: boolean;
}

/** The names that a file imports, by their local name. */
export function importedNames(file: ts.SourceFile): Map<string, ImportedName> {
  const names = new Map<string, ImportedName>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const clause = statement.importClause;
    if (!clause) continue;
    const specifier = statement.moduleSpecifier.text;
    const whole = clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
    if (clause.name) names.set(clause.name.text, { specifier, exported: 'default', typeOnly: whole });
    const bindings = clause.namedBindings;
    if (bindings && ts.isNamespaceImport(bindings)) {
      names.set(bindings.name.text, { specifier, exported: '*', typeOnly: whole });
    } else if (bindings) {
      for (const e of bindings.elements) {
        const exported = (e.propertyName ?? e.name).text;
        names.set(e.name.text, { specifier, exported, typeOnly: whole || e.isTypeOnly });
      }
    }
  }
  return names;
}

/** The declarations at the top level of a file, by name: functions, classes, constants, interfaces, aliases, enums. */
export function topLevel(file: ts.SourceFile): Map<string, ts.Declaration> {
  const found = new Map<string, ts.Declaration>();
  for (const s of file.statements) {
    if (ts.isVariableStatement(s)) {
      for (const d of s.declarationList.declarations) for (const n of boundNames(d.name)) found.set(n, d);
    } else if (
      (ts.isFunctionDeclaration(s) ||
        ts.isClassDeclaration(s) ||
        ts.isInterfaceDeclaration(s) ||
        ts.isTypeAliasDeclaration(s) ||
        ts.isEnumDeclaration(s)) &&
      s.name
    ) {
      found.set(s.name.text, s);
    }
  }
  return found;
}

/** The object literal that a file hands to `defineUnit` in `export const unit = defineUnit<Params>({ … })`. */
export function unitLiteral(file: ts.SourceFile): ts.ObjectLiteralExpression | undefined {
  const declaration = unitDeclaration(file);
  if (!declaration?.initializer) return undefined;
  const value = unwrap(declaration.initializer);
  const literal =
    ts.isCallExpression(value) && value.arguments.length > 0 ? unwrap(value.arguments[0]) : value;
  return ts.isObjectLiteralExpression(literal) ? literal : undefined;
}

/** `export const unit`, the mark of a file that is a unit and not a helper. */
export function unitDeclaration(file: ts.SourceFile): ts.VariableDeclaration | undefined {
  for (const s of file.statements) {
    if (!ts.isVariableStatement(s) || !s.modifiers?.some(m => m.kind === ts.SyntaxKind.ExportKeyword))
      continue;
    for (const d of s.declarationList.declarations)
      if (ts.isIdentifier(d.name) && d.name.text === 'unit') return d;
  }
  return undefined;
}

/** A member of an object literal by name: a method, or a property with its value. */
export function member(
  literal: ts.ObjectLiteralExpression,
  name: string,
): ts.ObjectLiteralElementLike | undefined {
  return literal.properties.find(p => p.name && !ts.isComputedPropertyName(p.name) && p.name.text === name);
}

/** The doc comment above a node, or before it on its line, without the stars, as lines; empty when there is none. */
export function docLines(node: ts.Node): string[] {
  const { text } = node.getSourceFile();
  const start = node.getStart();
  // After `{` the compiler counts a comment of the same line to the brace; to the author it belongs to what follows.
  const beside = (ts.getTrailingCommentRanges(text, node.getFullStart()) ?? []).filter(
    r => !text.slice(r.end, start).includes('\n'),
  );
  const above = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  const last = [...above, ...beside].map(r => text.slice(r.pos, r.end)).findLast(t => t.startsWith('/**'));
  if (!last) return [];
  return last
    .slice(3, -2)
    .split(/\r?\n/)
    .map(line => line.replace(/^\s*\*? ?/, '').trimEnd());
}
