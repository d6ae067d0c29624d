/**
 * Which code of a file can run from a given piece of it: the piece, and every top-level declaration of the file that
 * it names, and so on. Two users: the naming transform leaves a golden model alone, and the import check proves
 * that a golden does not lean on the datapath.
 */
import { ts } from 'ts-morph';
import { boundNames, topLevel, walk } from './syntax.ts';

/** Identifiers that a piece of code uses as values and that it does not declare itself. */
export function freeIdentifiers(root: ts.Node): ts.Identifier[] {
  const local = new Set<string>();
  walk(root, n => {
    if (n === root) return;
    if (ts.isVariableDeclaration(n) || ts.isParameter(n))
      for (const name of boundNames(n.name)) local.add(name);
    if ((ts.isFunctionLike(n) || ts.isClassLike(n)) && n.name && ts.isIdentifier(n.name) && !isMember(n)) {
      local.add(n.name.text);
    }
  });
  const found: ts.Identifier[] = [];
  walk(root, n => {
    if (ts.isTypeNode(n) && !ts.isExpressionWithTypeArguments(n)) return false;
    if (ts.isInterfaceDeclaration(n) || ts.isTypeAliasDeclaration(n)) return false;
    if (ts.isIdentifier(n) && isValueUse(n) && !local.has(n.text)) found.push(n);
    return undefined;
  });
  return found;
}

/** The top-level declarations that can run from `root`, by name. */
export function reachedFrom(file: ts.SourceFile, root: ts.Node): Map<string, ts.Declaration> {
  const declared = topLevel(file);
  const reached = new Map<string, ts.Declaration>();
  const pending: ts.Node[] = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    for (const id of freeIdentifiers(node)) {
      const target = declared.get(id.text);
      if (!target || reached.has(id.text)) continue;
      reached.set(id.text, target);
      pending.push(target);
    }
  }
  return reached;
}

function isMember(n: ts.Node): boolean {
  return ts.isMethodDeclaration(n) || ts.isAccessor(n) || ts.isMethodSignature(n);
}

/** A name that stands for a value here, and is not the name of a member, a label, or of the declaration itself. */
export function isValueUse(id: ts.Identifier): boolean {
  const p = id.parent;
  if (ts.isPropertyAccessExpression(p)) return p.expression === id;
  if (ts.isShorthandPropertyAssignment(p)) return true;
  if (ts.isPropertyAssignment(p)) return p.initializer === id;
  if (ts.isBindingElement(p)) return p.initializer === id;
  if (ts.isVariableDeclaration(p) || ts.isParameter(p) || ts.isPropertyDeclaration(p))
    return p.initializer === id;
  if (ts.isFunctionLike(p) || ts.isClassLike(p)) return ts.isArrowFunction(p) && p.body === id;
  if (ts.isMetaProperty(p) || ts.isQualifiedName(p) || ts.isLabeledStatement(p)) return false;
  if (ts.isImportClause(p) || ts.isImportSpecifier(p) || ts.isNamespaceImport(p)) return false;
  return !(
    ts.isEnumDeclaration(p) ||
    ts.isEnumMember(p) ||
    ts.isPropertySignature(p) ||
    ts.isExportSpecifier(p)
  );
}
