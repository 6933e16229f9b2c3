import type { ApprovalDetail, ListedApproval, LiveEvent } from '../../../shared/contract/index.ts';
import type { ApprovalStatus } from '../../../shared/model/approval.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery, type LiveQuery } from '../../client/live-query.ts';
import { type Show, sortRequests } from './request-list.ts';

const MOST = 1000;
const DECIDED = ['approved', 'rejected', 'expired', 'cancelled'] as const satisfies readonly ApprovalStatus[];
const STATUSES: Readonly<Record<Show, readonly (readonly ApprovalStatus[])[]>> = {
  pending: [['pending']],
  decided: [DECIDED],
  // Apart, so that many decided ones push none that waits off the list.
  own: [['pending'], DECIDED],
};

/** Anything of a run may ask, answer or end a request; of one that asks, or is on the list, it is looked at once. */
function dueOn(event: LiveEvent): 'now' | 'soon' | null {
  if (event.kind === 'run_deleted' || event.kind === 'access') return 'soon';
  if (event.kind === 'approvals') return 'now';
  if (event.kind !== 'run') return null;
  const isListed = requestList.store.getState().data.value?.some(({ runId }) => runId === event.run.runId);
  return event.run.waitsFor === 'approval' || isListed === true ? 'now' : 'soon';
}

/** The requests of one choice, those that wait first. */
export const requestList: LiveQuery<readonly ListedApproval[], Show> = createLiveQuery<readonly ListedApproval[], Show>(
  {
    ask: async (show) => {
      const answers = await Promise.all(
        STATUSES[show].map((status) =>
          call('approvals.list', { status: [...status], isOwn: show === 'own', limit: MOST }),
        ),
      );
      const rows = sortRequests(answers.flatMap(({ approvals }) => approvals));
      // Time may have run out since it was written down.
      const fits = (status: ApprovalStatus): boolean =>
        show === 'own' || (status === 'pending') === (show === 'pending');
      return rows.filter(({ status }) => fits(status));
    },
    dueOn,
    soonMs: 500,
  },
);

/** All about one request, by its id. */
export const shownRequest: LiveQuery<ApprovalDetail, string> = createLiveQuery<ApprovalDetail, string>({
  ask: (id) => call('approvals.get', { id }),
  // Who may decide follows from users and roles too.
  dueOn: (event) =>
    event.kind === 'access' ||
    event.kind === 'approvals' ||
    (event.kind === 'run' && event.run.runId === shownRequest.store.getState().data.value?.runId)
      ? 'soon'
      : null,
  soonMs: 50,
  settleMs: 40,
});
