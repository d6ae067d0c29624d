/**
 * The lint for the DSL. A signal is an object to TypeScript, so `if (signal)` and `a === b` compile, and then mean
 * something else than the author had in mind: they ask which objects the generator holds and not what the wires
 * carry. This is the one reflection that needs the type checker.
 */
import { Project, ts } from 'ts-morph';
import { type Diagnostic, sortDiagnostics } from './diagnostic.ts';
import { diagnosticAt, relativePath, walk } from './syntax.ts';

interface Rule {
  readonly message: string;
  readonly hint: string;
}

/** The rules, by code. In every message `$` stands for the offending piece of source. */
export const LINT_RULES = {
  'GEN-L001': {
    message: 'signal `$` decides a branch of the generator, where it is always true',
    hint: 'select in hardware with a multiplexer; a branch can only depend on parameters',
  },
  'GEN-L002': {
    message: '`$` compares which objects two signals are, not what they carry',
    hint: 'write `a.eq(b)` or `a.ne(b)`',
  },
  'GEN-L003': {
    message: '`$` compares signals as JavaScript values',
    hint: 'write `a.lt(b)`, `a.le(b)`, `a.gt(b)` or `a.ge(b)`',
  },
  'GEN-L004': {
    message: '`$` is always false: a signal is an object',
    hint: 'write `a.not()` for the bits, or compare with zero: `a.eq(0)`',
  },
  'GEN-L005': {
    message: '`$` picks one of its operands in the generator; it builds no gate',
    hint: 'write `a.and(b)` or `a.or(b)`; for a signal that may be missing, `??`',
  },
  'GEN-L006': {
    message: '`$` does JavaScript arithmetic on a signal',
    hint: 'write `a.add(b)`, `a.sub(b)`, `a.mul(b)`, `a.shl(n)`, `a.or(b)`, …',
  },
} as const satisfies Record<string, Rule>;

export type LintCode = keyof typeof LINT_RULES;

export interface LintOptions {
  /** The directory that reported paths are relative to; the current one if not given. */
  readonly root?: string;
}

/** Lints the given files; the types that they import are loaded along with them. */
export function lintUnits(files: readonly string[], options: LintOptions = {}): Diagnostic[] {
  if (files.length === 0) return [];
  const project = new Project({
    skipAddingFilesFromTsConfig: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts'],
      types: [],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      allowImportingTsExtensions: true,
      noEmit: true,
      strict: true,
      skipLibCheck: true,
    },
  });
  const sources = files.map(f => project.addSourceFileAtPath(f).compilerNode);
  const checker = project.getTypeChecker().compilerObject;
  const root = options.root ?? process.cwd();
  return sortDiagnostics(sources.flatMap(s => lintFile(s, relativePath(root, s.fileName), checker)));
}

function lintFile(source: ts.SourceFile, file: string, checker: ts.TypeChecker): Diagnostic[] {
  const found: Diagnostic[] = [];
  const report = (code: LintCode, node: ts.Node) => {
    const text = node.getText(source).replace(/\s+/g, ' ');
    const shown = text.length > 60 ? `${text.slice(0, 57)}…` : text;
    const { message, hint } = LINT_RULES[code];
    found.push(
      diagnosticAt(
        node,
        file,
        code,
        message.replace('$', () => shown),
        hint,
      ),
    );
  };
  walk(source, node => lintNode(node, e => signalness(checker.getTypeAtLocation(e), checker), report));
  return found;
}

/** `certain`: a signal. `maybe`: a signal or something else, and to ask which of them is fine: `if (carry)`. */
type Signalness = 'certain' | 'maybe' | 'no';

function lintNode(
  node: ts.Node,
  is: (e: ts.Expression) => Signalness,
  report: (code: LintCode, node: ts.Node) => void,
): void {
  const certain = (e: ts.Expression | undefined) => e !== undefined && is(e) === 'certain';
  const condition = conditionOf(node);
  if (condition && certain(condition)) report('GEN-L001', condition);
  if (ts.isPrefixUnaryExpression(node) && certain(node.operand)) {
    report(node.operator === ts.SyntaxKind.ExclamationToken ? 'GEN-L004' : 'GEN-L006', node);
  } else if (ts.isPostfixUnaryExpression(node) && certain(node.operand)) {
    report('GEN-L006', node);
  } else if (ts.isBinaryExpression(node)) {
    const code = OPERATORS.get(node.operatorToken.kind);
    if (code === undefined) return;
    const sides = [is(node.left), is(node.right)];
    const identity = code === 'GEN-L002';
    if (identity && (isMissing(node.left) || isMissing(node.right))) return;
    // Two values that may be signals are compared as objects; `amount === 0` asks for the number.
    if (sides.includes('certain') || (identity && !sides.includes('no'))) report(code, node);
  }
}

function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return node.expression;
  if (ts.isSwitchStatement(node)) return node.expression;
  if (ts.isForStatement(node) || ts.isConditionalExpression(node)) return node.condition;
  return undefined;
}

const K = ts.SyntaxKind;
const OPERATORS = new Map<ts.SyntaxKind, LintCode>([
  ...[
    K.EqualsEqualsToken,
    K.EqualsEqualsEqualsToken,
    K.ExclamationEqualsToken,
    K.ExclamationEqualsEqualsToken,
  ].map(k => [k, 'GEN-L002'] as const),
  ...[K.LessThanToken, K.LessThanEqualsToken, K.GreaterThanToken, K.GreaterThanEqualsToken].map(
    k => [k, 'GEN-L003'] as const,
  ),
  ...[K.AmpersandAmpersandToken, K.BarBarToken, K.AmpersandAmpersandEqualsToken, K.BarBarEqualsToken].map(
    k => [k, 'GEN-L005'] as const,
  ),
  ...[
    K.PlusToken,
    K.MinusToken,
    K.AsteriskToken,
    K.AsteriskAsteriskToken,
    K.SlashToken,
    K.PercentToken,
    K.LessThanLessThanToken,
    K.GreaterThanGreaterThanToken,
    K.GreaterThanGreaterThanGreaterThanToken,
    K.AmpersandToken,
    K.BarToken,
    K.CaretToken,
    K.PlusEqualsToken,
    K.MinusEqualsToken,
    K.AsteriskEqualsToken,
    K.AsteriskAsteriskEqualsToken,
    K.SlashEqualsToken,
    K.PercentEqualsToken,
    K.LessThanLessThanEqualsToken,
    K.GreaterThanGreaterThanEqualsToken,
    K.GreaterThanGreaterThanGreaterThanEqualsToken,
    K.AmpersandEqualsToken,
    K.BarEqualsToken,
    K.CaretEqualsToken,
  ].map(k => [k, 'GEN-L006'] as const),
]);

function isMissing(e: ts.Expression): boolean {
  return e.kind === K.NullKeyword || (ts.isIdentifier(e) && e.text === 'undefined');
}

function signalness(type: ts.Type, checker: ts.TypeChecker): Signalness {
  const bound = type.isTypeParameter() ? (checker.getBaseConstraintOfType(type) ?? type) : type;
  if (!bound.isUnion()) return isSignal(bound) ? 'certain' : 'no';
  const parts = bound.types.map(t => signalness(t, checker));
  if (parts.every(p => p === 'certain')) return 'certain';
  return parts.some(p => p !== 'no') ? 'maybe' : 'no';
}

/** By name and home: `Signal` or `Vector` of `generators/hdl`, or a class that extends one of them. */
function isSignal(type: ts.Type): boolean {
  if (type.isIntersection()) return type.types.some(isSignal);
  const symbol = type.getSymbol();
  if (!symbol) return false;
  if (symbol.name === 'Signal' || symbol.name === 'Vector') {
    return (symbol.declarations ?? []).some(d => /\/hdl\//.test(d.getSourceFile().fileName));
  }
  return (type.getBaseTypes?.() ?? []).some(isSignal);
}
