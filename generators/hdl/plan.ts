import type { Node, Region } from './node.ts';

/** A loop over lanes with all that happens inside, and the vectors that it fills. */
export interface Loop {
  readonly region: Region;
  readonly body: readonly Step[];
  readonly gathers: readonly Node[];
}

/** One thing to compute: a node, or a whole loop. */
export type Step =
  | { readonly node: Node; readonly loop?: undefined }
  | { readonly loop: Loop; readonly node?: undefined };

/**
 * Puts nodes in an order in which each follows what it needs, loops kept whole, otherwise as they were created.
 * Arguments that are not among the nodes count as given.
 */
export function plan(nodes: readonly Node[], inside: Region | null = null): Step[] {
  const groups = new Map<Region | Node, Node[]>();
  const groupOf = new Map<Node, Region | Node>();
  for (const node of nodes) {
    const loop = node.op === 'gather' && node.region === inside ? node.over : childOf(inside, node.region);
    const key = loop ?? node;
    groupOf.set(node, key);
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }

  const waiting = new Map<Region | Node, number>();
  const users = new Map<Region | Node, Set<Region | Node>>();
  for (const [key, group] of groups) {
    const needs = new Set<Region | Node>();
    for (const node of group) {
      for (const arg of node.args) {
        const other = groupOf.get(arg);
        if (other !== undefined && other !== key) needs.add(other);
      }
    }
    waiting.set(key, needs.size);
    for (const other of needs) users.set(other, (users.get(other) ?? new Set()).add(key));
  }

  const rank = new Map(
    [...groups].map(([key, group]) => [key, group.reduce((m, n) => Math.min(m, n.id), Infinity)]),
  );
  const ready = [...groups.keys()]
    .filter(key => waiting.get(key) === 0)
    .sort((a, b) => rank.get(b)! - rank.get(a)!);
  const steps: Step[] = [];
  for (let key = ready.pop(); key !== undefined; key = ready.pop()) {
    const group = groups.get(key)!;
    if ('op' in key) steps.push({ node: key });
    else {
      const gathers = group.filter(n => n.op === 'gather' && n.over === key);
      steps.push({
        loop: {
          region: key,
          body: plan(
            group.filter(n => !gathers.includes(n)),
            key,
          ),
          gathers,
        },
      });
    }
    for (const user of users.get(key) ?? []) {
      const left = waiting.get(user)! - 1;
      waiting.set(user, left);
      if (left > 0) continue;
      const at = ready.findIndex(other => rank.get(other)! < rank.get(user)!);
      ready.splice(at < 0 ? ready.length : at, 0, user);
    }
  }
  if (steps.length !== groups.size) throw new Error('the netlist has a combinational cycle');
  return steps;
}

/** The loop directly within `outer` that holds `inner`, if `inner` lies deeper than `outer`. */
function childOf(outer: Region | null, inner: Region | null): Region | undefined {
  for (let r = inner; r !== null; r = r.parent) if (r.parent === outer && r !== outer) return r;
  return undefined;
}
