/**
 * Tells every signal the `const` that holds it. A TypeScript value does not know what its variable is called, so
 * this transform writes it down: `const sum = a.add(b)` becomes `const sum = __named('sum', 'file:3:9', () => a.add(b))`.
 * It only inserts text within lines, so the result is still TypeScript and every line keeps its number.
 */
import { ts } from 'ts-morph';
import { reachedFrom } from './reach.ts';
import { member, parse, positionOf, unitLiteral, walk } from './syntax.ts';

export interface NamingOptions {
  /** Module specifier of the naming helpers, for a file outside of the project. */
  readonly namingModule?: string;
}

/** Where the helpers `__named`, `__namedFields` and `__namedItems` live. */
const NAMING_MODULE = 'generators/hdl/naming.ts';
const IMPORT = 'import { __named, __namedFields, __namedItems } from';

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/**
 * The source with its signals named. `fileName` is relative to the project root; it appears in the positions.
 * A source that holds no signals comes back unchanged.
 */
export function nameSignals(source: string, fileName: string, options: NamingOptions = {}): string {
  const path = fileName.replaceAll('\\', '/');
  const file = parse(source, path);
  if (onlyMathematics(file)) return source;
  const left = leftAlone(file);
  const insertions: Insertion[] = [];
  walk(file, node => {
    if (left.has(node)) return false;
    if (isLocalConst(node)) nameInto(node.name, node.initializer, path, positionText(path, node), insertions);
    return undefined;
  });
  if (insertions.length === 0) return source;
  const head = importAt(source);
  insertions.push({ at: head, text: `${IMPORT} ${quote(options.namingModule ?? relativeTo(path))}; ` });
  return insert(source, insertions);
}

/** A file whose every import is from the number formats cannot hold a signal; its loops may be hot. */
function onlyMathematics(file: ts.SourceFile): boolean {
  const imports = file.statements.filter(ts.isImportDeclaration);
  return imports.length > 0 && imports.every(i => /\/formats\//.test(i.moduleSpecifier.getText(file)));
}

/**
 * What in a unit does not build hardware: all members of the unit but `datapath`, and the functions that only they
 * use. A golden runs millions of times, and naming its numbers would cost time for nothing.
 */
function leftAlone(file: ts.SourceFile): Set<ts.Node> {
  const left = new Set<ts.Node>();
  const literal = unitLiteral(file);
  if (!literal) return left;
  const datapath = member(literal, 'datapath');
  const built = datapath ? reachedFrom(file, datapath) : new Map();
  for (const p of literal.properties) {
    if (p === datapath || ts.isSpreadAssignment(p)) continue;
    left.add(p);
    for (const [name, declaration] of reachedFrom(file, p)) if (!built.has(name)) left.add(declaration);
  }
  return left;
}

function isLocalConst(node: ts.Node): node is ts.VariableDeclaration & { initializer: ts.Expression } {
  if (!ts.isVariableDeclaration(node) || !node.initializer) return false;
  if (!(ts.getCombinedNodeFlags(node) & ts.NodeFlags.Const)) return false;
  return (
    ts.findAncestor(node, n => ts.isFunctionLike(n) || ts.isClassStaticBlockDeclaration(n)) !== undefined
  );
}

type Target = ts.BindingName | string;

/**
 * Wraps the parts of `value` that make something new and leaves aliases alone: `const a = x.a` must not rename
 * the port. Literals and choices are entered, so that each part of them is judged on its own.
 */
function nameInto(target: Target, value: ts.Expression, path: string, at: string, out: Insertion[]): void {
  const again = (t: Target, v: ts.Expression) => nameInto(t, v, path, at, out);
  if (
    ts.isParenthesizedExpression(value) ||
    ts.isNonNullExpression(value) ||
    ts.isSatisfiesExpression(value)
  ) {
    again(target, value.expression);
  } else if (ts.isAsExpression(value)) {
    if (!ts.isConstTypeReference(value.type)) again(target, value.expression);
  } else if (ts.isConditionalExpression(value)) {
    again(target, value.whenTrue);
    again(target, value.whenFalse);
  } else if (
    ts.isBinaryExpression(value) &&
    value.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken
  ) {
    again(target, value.left);
    again(target, value.right);
  } else if (ts.isArrayLiteralExpression(value)) {
    const spread = value.elements.findIndex(ts.isSpreadElement);
    const known = spread < 0 ? value.elements : value.elements.slice(0, spread);
    known.forEach((v, i) => {
      const t = itemTarget(target, i);
      if (t) again(t, v);
    });
  } else if (ts.isObjectLiteralExpression(value)) {
    for (const p of value.properties) {
      const t = ts.isPropertyAssignment(p) ? fieldTarget(target, p.name) : undefined;
      if (t && ts.isPropertyAssignment(p)) again(t, p.initializer);
    }
  } else if (ts.isCallExpression(value) || ts.isTaggedTemplateExpression(value)) {
    wrap(target, value, at, out);
  }
}

function itemTarget(target: Target, index: number): Target | undefined {
  if (typeof target === 'string') return `${target}_${index}`;
  if (ts.isIdentifier(target)) return `${target.text}_${index}`;
  if (!ts.isArrayBindingPattern(target)) return undefined;
  const element = target.elements[index];
  return element && !ts.isOmittedExpression(element) && !element.dotDotDotToken ? element.name : undefined;
}

function fieldTarget(target: Target, property: ts.PropertyName): Target | undefined {
  const name = propertyText(property);
  if (name === undefined) return undefined;
  if (typeof target === 'string') return `${target}_${name}`;
  if (ts.isIdentifier(target)) return `${target.text}_${name}`;
  if (!ts.isObjectBindingPattern(target)) return undefined;
  return target.elements.find(e => !e.dotDotDotToken && fieldOf(e) === name)?.name;
}

function wrap(target: Target, value: ts.Expression, at: string, out: Insertion[]): void {
  // The helper calls the arrow at once; only a suspension would notice that it is inside of another function.
  if (suspends(value)) return;
  const put = (helper: string, names: string) => {
    out.push({ at: value.getStart(), text: `${helper}(${names}, ${quote(at)}, () => ` });
    out.push({ at: value.getEnd(), text: ')' });
  };
  if (typeof target === 'string') put('__named', quote(target));
  else if (ts.isIdentifier(target)) put('__named', quote(target.text));
  else if (ts.isArrayBindingPattern(target)) {
    // A hole, a rest or a nested pattern has no one name; an empty name tells the helper to leave that item.
    const names = target.elements.map(e => (ts.isOmittedExpression(e) ? '' : singleName(e)));
    while (names.at(-1) === '') names.pop();
    if (names.length > 0) put('__namedItems', `[${names.map(quote).join(', ')}]`);
  } else {
    const fields = target.elements.flatMap(e => {
      const field = fieldOf(e);
      const name = singleName(e);
      return field === undefined || name === ''
        ? []
        : [`${/^[\w$]+$/.test(field) ? field : quote(field)}: ${quote(name)}`];
    });
    if (fields.length > 0) put('__namedFields', `{ ${fields.join(', ')} }`);
  }
}

function suspends(value: ts.Expression): boolean {
  let found = false;
  walk(value, n => {
    if (ts.isAwaitExpression(n) || ts.isYieldExpression(n)) found = true;
    return !ts.isFunctionLike(n);
  });
  return found;
}

function singleName(e: ts.BindingElement): string {
  return ts.isIdentifier(e.name) && !e.dotDotDotToken ? e.name.text : '';
}

function fieldOf(e: ts.BindingElement): string | undefined {
  if (e.propertyName) return propertyText(e.propertyName);
  return ts.isIdentifier(e.name) && !e.dotDotDotToken ? e.name.text : undefined;
}

function propertyText(name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name)
    ? name.text
    : undefined;
}

function positionText(path: string, node: ts.VariableDeclaration): string {
  const { line, column } = positionOf(node);
  return `${path}:${line}:${column}`;
}

/** The import shares the first line, or the second below a `#!` line. */
function importAt(source: string): number {
  if (source.startsWith('#!')) return source.indexOf('\n') + 1 || source.length;
  return source.charCodeAt(0) === 0xfeff ? 1 : 0;
}

function relativeTo(path: string): string {
  const from = path.split('/').slice(0, -1);
  const to = NAMING_MODULE.split('/');
  while (from.length > 0 && from[0] === to[0]) {
    from.shift();
    to.shift();
  }
  return `${from.length > 0 ? '../'.repeat(from.length) : './'}${to.join('/')}`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function insert(source: string, insertions: readonly Insertion[]): string {
  let result = '';
  let done = 0;
  for (const { at, text } of [...insertions].sort((a, b) => a.at - b.at)) {
    result += source.slice(done, at) + text;
    done = at;
  }
  return result + source.slice(done);
}
