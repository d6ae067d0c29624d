/** What a solver said of a case. */
export interface Answer {
  readonly verdict: 'sat' | 'unsat' | 'unknown';
  /** For `sat`: the values that were asked for, in order. */
  readonly values: readonly bigint[];
  /** For `unknown`: why, where the solver says so. */
  readonly reason?: string;
}

/** Reads the answer to `check-sat`, and to a `get-value` of bit vectors that may follow. Undefined for anything else. */
export function answerOf(text: string): Answer | undefined {
  const [first = ''] = text.trim().split('\n', 1);
  const verdict = first.trim();
  if (verdict !== 'sat' && verdict !== 'unsat' && verdict !== 'unknown') return undefined;
  if (verdict === 'unsat') return { verdict, values: [] };
  if (verdict === 'unknown') {
    const reason = /:reason-unknown\s+"?([^")]*)/.exec(text)?.[1];
    return { verdict, values: [], ...(reason ? { reason } : {}) };
  }
  const rest = text.slice(text.indexOf('sat') + 3);
  // Values are `#b…`, `#x…` or `(_ bvN width)`; a name may hold any of it only between bars.
  const plain = rest.replace(/\|[^|]*\|/g, 'name');
  const values = [...plain.matchAll(/#b([01]+)|#x([0-9a-fA-F]+)|\(_ bv(\d+) \d+\)/g)].map(([, b, x, d]) =>
    BigInt(b !== undefined ? `0b${b}` : x !== undefined ? `0x${x}` : d!),
  );
  return { verdict, values };
}
