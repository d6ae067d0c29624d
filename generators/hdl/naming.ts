/**
 * How a signal learns the name of the variable that holds it. The build rewrites `const total = a.add(b)` in units
 * and blocks to `const total = __named('total', 'generators/units/x.ts:12:9', () => a.add(b))`. A value takes the
 * name of the outermost variable that it was made for: what a helper calls `result` the unit may call `total`.
 */
import type { Node } from './node.ts';

/** Whatever carries a node: signals and vectors. */
export interface Nameable {
  readonly node: Node;
}

const positions: string[] = [];
let created = 0;

/** The source position of the declaration that is being evaluated, for messages. */
export function currentPosition(): string {
  return positions.at(-1) ?? '';
}

const serials = new WeakMap<Node, number>();
const fixed = new WeakSet<Node>();

/** Numbers nodes in the order of their creation, so that a name can tell old values from new ones. */
export function recordCreation(node: Node): void {
  serials.set(node, created++);
}

/** Gives a node a name that no variable changes. */
export function fixName(node: Node, name: string): void {
  node.name = name;
  fixed.add(node);
}

function isNameable(value: unknown): value is Nameable {
  return typeof value === 'object' && value !== null && 'node' in value && typeof value.node === 'object';
}

/** `scaleSum` → `scale_sum`. */
export function snakeCase(name: string): string {
  return name
    .replaceAll('NaN', 'Nan')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9_]/g, '_')
    .toLowerCase();
}

function give(value: unknown, name: string, at: string, since: number): void {
  if (isNameable(value)) {
    const { node } = value;
    if (node.op === 'const' || node.op === 'input' || fixed.has(node)) return;
    const isNew = (serials.get(node) ?? 0) >= since;
    if (!isNew && node.name !== undefined) return;
    node.name = prefixed(node.section.prefix, snakeCase(name));
    node.at = at;
  }
}

function within<T>(at: string, make: () => T): [T, number] {
  const since = created;
  positions.push(at);
  try {
    return [make(), since];
  } finally {
    positions.pop();
  }
}

export function __named<T>(name: string, at: string, make: () => T): T {
  const [value, since] = within(at, make);
  give(value, name, at, since);
  return value;
}

/** For `const { sign, exponent: e } = …`: property to local name. */
export function __namedFields<T>(names: Record<string, string>, at: string, make: () => T): T {
  const [value, since] = within(at, make);
  for (const [field, name] of Object.entries(names))
    give((value as Record<string, unknown>)[field], name, at, since);
  return value;
}

/** For `const [high, low] = …`; an empty name skips the item. */
export function __namedItems<T>(names: readonly string[], at: string, make: () => T): T {
  const [value, since] = within(at, make);
  names.forEach((name, i) => {
    if (name) give((value as unknown[])[i], name, at, since);
  });
  return value;
}

/** A name behind the prefix of its section; what is called as the section stands for it. */
export function prefixed(prefix: string, name: string): string {
  return prefix === '' || name === prefix ? name : `${prefix}_${name}`;
}
