import { requireRandom } from './rounding.ts';
import { FormatError, OVERFLOWS, type Overflow, type Policy, ROUNDINGS, type Round } from './types.ts';

/** What holds where a policy says nothing: nearest, ties to even; clamp; subnormals kept. */
export const DEFAULT_POLICY: Policy = { round: 'rne', overflow: 'saturate', subnormals: 'keep' };

/** The roundings and overflow rules of a family of formats. */
export interface PolicyFamily {
  readonly what: string;
  readonly roundings: ReadonlySet<Round>;
  readonly overflows: ReadonlySet<Overflow>;
  readonly subnormals: boolean;
}

const FLOAT_ROUNDINGS: readonly Round[] = ['rne', 'rna', 'rtz', 'rup', 'rdn', 'odd', 'stochastic'];

export const FLOAT_POLICIES: PolicyFamily = {
  what: 'floating point',
  roundings: new Set(FLOAT_ROUNDINGS),
  overflows: new Set<Overflow>(['saturate', 'special']),
  subnormals: true,
};

export const SCALE_POLICIES: PolicyFamily = {
  ...FLOAT_POLICIES,
  what: 'a power-of-two scale',
  subnormals: false,
};

export const FIXED_POLICIES: PolicyFamily = {
  what: 'fixed point',
  roundings: new Set(ROUNDINGS),
  overflows: new Set(OVERFLOWS),
  subnormals: false,
};

/** Without a sign bit, none can be inverted. */
export const UNSIGNED_POLICIES: PolicyFamily = {
  ...FIXED_POLICIES,
  what: 'unsigned',
  overflows: new Set(OVERFLOWS.filter(overflow => overflow !== 'wrapsm')),
};

/** The whole policy; FormatError where the family does not have what it asks for. */
export function resolvePolicy(id: string, family: PolicyFamily, policy: Partial<Policy> | undefined): Policy {
  if (policy === undefined) return DEFAULT_POLICY;
  const round = policy.round ?? DEFAULT_POLICY.round;
  const overflow = policy.overflow ?? DEFAULT_POLICY.overflow;
  const subnormals = policy.subnormals ?? DEFAULT_POLICY.subnormals;
  if (!family.roundings.has(round)) throw refusal(id, family, 'rounding', round, family.roundings);
  if (!family.overflows.has(overflow)) throw refusal(id, family, 'overflow rule', overflow, family.overflows);
  if (subnormals !== 'keep' && !(family.subnormals && subnormals === 'flush')) {
    throw refusal(
      id,
      family,
      'treatment of subnormals',
      subnormals,
      family.subnormals ? ['keep', 'flush'] : ['keep'],
    );
  }
  const random = round === 'stochastic' ? requireRandom(policy.random) : undefined;
  return { round, overflow, subnormals, random };
}

/**
 * `resolvePolicy` for one format. Beat after beat is encoded by the same policy object, so the last one is remembered: whole
 * runs over all inputs spend much of their time here.
 */
export function policyResolver(
  id: string,
  family: PolicyFamily,
): (policy: Partial<Policy> | undefined) => Policy {
  let last: Partial<Policy> | undefined;
  let resolved = DEFAULT_POLICY;
  return policy => {
    if (policy !== last) {
      resolved = resolvePolicy(id, family, policy);
      last = policy;
    }
    return resolved;
  };
}

function refusal(
  id: string,
  family: PolicyFamily,
  what: string,
  given: string,
  known: Iterable<string>,
): FormatError {
  return new FormatError(
    `${id} is ${family.what} and has no ${what} "${given}"`,
    `one of: ${[...known].join(', ')}`,
  );
}

/**
 * Whether a finite value that rounds beyond the largest finite one leaves the finite values. `direction` is the
 * rounding of the magnitude. As in IEEE 754 §7.4, a rounding toward zero stays; and so does rounding to odd, whose
 * result must never be a value that looks even.
 */
export function becomesSpecial(direction: Round, overflow: Overflow): boolean {
  return overflow === 'special' && direction !== 'rtz' && direction !== 'rdn' && direction !== 'odd';
}
