import { initialLogs } from './logs-001-initial.ts';
import { conversation } from './logs-002-conversation.ts';
import { checkedLines } from './logs-003-checked-lines.ts';
import { keptLogNumbers } from './logs-004-kept-numbers.ts';
import type { Migration } from './migration.ts';
import { initialState } from './state-001-initial.ts';
import { checkedRows } from './state-002-checked-rows.ts';
import { agentsAndCosts } from './state-003-agents-and-costs.ts';
import { witnessed } from './state-004-witnessed.ts';
import { keptNumbers } from './state-005-kept-numbers.ts';
import { workedTime } from './state-006-worked-time.ts';
import { joinedEvents } from './state-007-joined-events.ts';
import { waitingRuns } from './state-008-waiting-runs.ts';
import { keptOutputs } from './state-009-kept-outputs.ts';
import { triggers } from './state-010-triggers.ts';
import { access } from './state-011-access.ts';
import { heardEvents } from './state-012-heard-events.ts';
import { audit } from './state-013-audit.ts';
import { countedStarts } from './state-014-counted-starts.ts';
import { quitBy } from './state-015-quit-by.ts';
import { secrets } from './state-016-secrets.ts';
import { sealedInputs } from './state-017-sealed-inputs.ts';
import { costsByTime } from './state-018-costs-by-time.ts';
import { costLimits } from './state-019-cost-limits.ts';
import { foundDeliveries } from './state-020-found-deliveries.ts';
import { requests } from './state-021-requests.ts';
import { costAllowances } from './state-022-cost-allowances.ts';
import { lostCalls } from './state-023-lost-calls.ts';
import { metrics } from './state-024-metrics.ts';
import { storage } from './state-025-storage.ts';
import { costSums } from './state-026-cost-sums.ts';
import { linkedSessions } from './state-027-linked-sessions.ts';
import { costDays } from './state-028-cost-days.ts';
import { queue } from './state-029-queue.ts';
import { failures } from './state-030-failures.ts';
import { rollbacks } from './state-031-rollbacks.ts';
import { pauseEnds } from './state-032-pause-ends.ts';
import { remoteRuns } from './state-033-remote-runs.ts';

/** The schema of `state.db`, oldest first: a file's `user_version` is how many of them it has had (SPEC §9). */
export const STATE_MIGRATIONS: readonly Migration[] = [
  initialState,
  checkedRows,
  agentsAndCosts,
  witnessed,
  keptNumbers,
  workedTime,
  joinedEvents,
  waitingRuns,
  keptOutputs,
  triggers,
  access,
  heardEvents,
  audit,
  countedStarts,
  quitBy,
  secrets,
  sealedInputs,
  costsByTime,
  costLimits,
  foundDeliveries,
  requests,
  costAllowances,
  lostCalls,
  metrics,
  storage,
  costSums,
  linkedSessions,
  costDays,
  queue,
  failures,
  rollbacks,
  pauseEnds,
  remoteRuns,
];
/** The schema of `logs.db`. */
export const LOG_MIGRATIONS: readonly Migration[] = [initialLogs, conversation, checkedLines, keptLogNumbers];

export type { Migration } from './migration.ts';
