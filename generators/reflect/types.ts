/** The types that a parameter may have, read off the syntax alone. */
import { ts } from 'ts-morph';
import { topLevel, unwrap } from './syntax.ts';
import type { ParamType } from './values.ts';

export interface ResolvedType {
  readonly type: ParamType;
  readonly choices?: readonly (string | number)[];
}

/**
 * The parameter type behind a type node; `undefined` when a command line cannot give it. Aliases of the same file
 * are followed, and `(typeof LIST)[number]` with them.
 */
export function resolveType(
  node: ts.TypeNode,
  file: ts.SourceFile,
  fractional: boolean,
): ResolvedType | undefined {
  if (ts.isParenthesizedTypeNode(node)) return resolveType(node.type, file, fractional);
  switch (node.kind) {
    case ts.SyntaxKind.NumberKeyword:
      return { type: fractional ? 'number' : 'integer' };
    case ts.SyntaxKind.BooleanKeyword:
      return { type: 'boolean' };
    case ts.SyntaxKind.StringKeyword:
      return { type: 'string' };
  }
  if (isNumberArray(node)) return { type: 'integer-list' };
  const choices = choicesOf(node, file);
  if (choices?.every(c => typeof c === 'string')) return { type: 'choice', choices };
  if (choices?.every(c => typeof c === 'number')) return { type: fractional ? 'number' : 'integer', choices };
  const alias = aliasOf(node, file);
  return alias && resolveType(alias, file, fractional);
}

function isNumberArray(node: ts.TypeNode): boolean {
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword)
    return isNumberArray(node.type);
  return ts.isArrayTypeNode(node) && node.elementType.kind === ts.SyntaxKind.NumberKeyword;
}

function aliasOf(node: ts.TypeNode, file: ts.SourceFile): ts.TypeNode | undefined {
  if (!ts.isTypeReferenceNode(node) || node.typeArguments) return undefined;
  const found = topLevel(file).get(node.typeName.getText(file));
  return found && ts.isTypeAliasDeclaration(found) ? found.type : undefined;
}

/** The literals of a union, in the order in which they are written. */
function choicesOf(node: ts.TypeNode, file: ts.SourceFile): (string | number)[] | undefined {
  if (ts.isParenthesizedTypeNode(node)) return choicesOf(node.type, file);
  if (ts.isUnionTypeNode(node)) {
    const parts = node.types.map(t => choicesOf(t, file));
    return parts.every(p => p !== undefined) ? parts.flat() : undefined;
  }
  if (ts.isLiteralTypeNode(node)) return literal(node.literal);
  if (ts.isIndexedAccessTypeNode(node)) return listOf(node, file);
  const alias = aliasOf(node, file);
  return alias && choicesOf(alias, file);
}

function literal(node: ts.Node): (string | number)[] | undefined {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isNumericLiteral(node)) return [Number(node.text)];
  const minus = ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken;
  return minus && ts.isNumericLiteral(node.operand) ? [-Number(node.operand.text)] : undefined;
}

/** `(typeof LIST)[number]` with `const LIST = ['a', 'b'] as const`. */
function listOf(node: ts.IndexedAccessTypeNode, file: ts.SourceFile): (string | number)[] | undefined {
  const object = ts.isParenthesizedTypeNode(node.objectType) ? node.objectType.type : node.objectType;
  if (!ts.isTypeQueryNode(object) || node.indexType.kind !== ts.SyntaxKind.NumberKeyword) return undefined;
  const found = topLevel(file).get(object.exprName.getText(file));
  if (!found || !ts.isVariableDeclaration(found) || !found.initializer) return undefined;
  const list = unwrap(found.initializer);
  if (!ts.isArrayLiteralExpression(list)) return undefined;
  const parts = list.elements.map(literal);
  return parts.every(p => p !== undefined) ? parts.flat() : undefined;
}
