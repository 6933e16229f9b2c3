import type { BudgetQuestion } from '../../shared/model/cost-limit.ts';
import { call } from './bridge.ts';
import { createLiveQuery } from './live-query.ts';

/** Runs that budgets have paused, and what would let them go on. */
export const budgetQuestions = createLiveQuery<readonly BudgetQuestion[]>({
  ask: async () => (await call('costs.questions', {})).questions,
  dueOn: ({ kind }) => (kind === 'costs' || kind === 'run' || kind === 'run_deleted' ? 'soon' : null),
  soonMs: 200,
});
