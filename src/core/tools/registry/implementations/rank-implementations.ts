import type { RegistryImplementation } from '../file/registry-entry.ts';

const REFUSED = ['not_supported', 'none'];
const RANKS: Readonly<Record<string, number>> = { native: 0, supported: 1, via_bridge: 2 };
const OTHER_RANK = 3;

/**
 * The implementations that an agent can use, the best first (SPEC §5.1): by priority, then native, supported, via_bridge, other,
 * then by `tools.type_priority`, then in file order. Without an agent nothing is dropped and all are equally supported.
 */
export function rankImplementations<T extends Pick<RegistryImplementation, 'type' | 'priority' | 'agentCompatibility'>>(
  implementations: readonly T[],
  typePriority: readonly string[],
  agent?: string,
): readonly T[] {
  const compatibility = (one: T): string =>
    agent !== undefined && Object.hasOwn(one.agentCompatibility, agent)
      ? (one.agentCompatibility[agent] ?? 'supported')
      : 'supported';
  const rank = (one: T): number => RANKS[compatibility(one)] ?? OTHER_RANK;
  const typeRank = (one: T): number => {
    const at = typePriority.indexOf(one.type);
    return at < 0 ? typePriority.length : at;
  };
  // The sort is stable: what is equal stays in file order.
  return implementations
    .filter((one) => !REFUSED.includes(compatibility(one)))
    .toSorted((a, b) => a.priority - b.priority || rank(a) - rank(b) || typeRank(a) - typeRank(b));
}
