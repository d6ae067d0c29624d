import type { Goal, Parameters } from '../../generators/emit/design.ts';
import type { Row, Setting } from './row.ts';

/** One combination of a row. */
export interface Case {
  readonly unit: string;
  readonly params: Parameters;
  readonly goal: Goal;
  readonly vectors: number | undefined;
  readonly title: string;
}

/** All combinations of a row's lists. */
export function expand(row: Row): Case[] {
  let params: Record<string, Setting>[] = [{}];
  for (const [name, values] of Object.entries(row.params ?? {})) {
    const list: readonly Setting[] = Array.isArray(values) ? (values as Setting[]) : [values as Setting];
    params = params.flatMap(p => list.map(value => ({ ...p, [name]: value })));
  }
  const stages = typeof row.stages === 'object' ? row.stages : [row.stages ?? 0];
  const intervals = typeof row.initiation === 'object' ? row.initiation : [row.initiation ?? 1];
  const targets = typeof row.target === 'object' ? row.target : [row.target];
  const goals = stages.flatMap(s =>
    intervals.flatMap(initiation => targets.map(target => ({ s, initiation, target }))),
  );
  return params.flatMap(p =>
    goals.map(({ s, initiation, target }) => {
      const goal: Goal = {
        stages: s,
        ...(initiation > 1 ? { initiation } : {}),
        shell: row.shell ?? 'bare',
        multipliers: row.multipliers ?? 'auto',
        ...(target === undefined ? {} : { target }),
      };
      const words = [
        ...Object.entries(p).map(([k, v]) => `${k}=${v}`),
        ...(s > 0 ? [`stages=${s}`] : []),
        ...(initiation > 1 ? [`initiation=${initiation}`] : []),
        ...(row.shell ? [row.shell] : []),
        ...(row.multipliers ? [row.multipliers] : []),
        ...(target === undefined ? [] : [target]),
      ];
      return { unit: row.unit, params: p, goal, vectors: row.vectors, title: [row.unit, ...words].join(' ') };
    }),
  );
}
