import { addUsage, NO_USAGE, type TokenUsage } from '../../../shared/model/agent.ts';

/** Adds up what the calls of one question used. */
export interface Spending {
  /** null = that call did not say. */
  add(usage: TokenUsage | null): void;
  /** null = no call said anything. Estimated as soon as one of several did not. */
  total(): TokenUsage | null;
}

export function createSpending(): Spending {
  let total: TokenUsage | null = null;
  let isPartial = false;
  return {
    add: (usage) => {
      if (usage === null) isPartial = true;
      else total = addUsage(total ?? NO_USAGE, usage);
    },
    total: () => (total === null || !isPartial ? total : { ...total, isEstimated: true }),
  };
}
