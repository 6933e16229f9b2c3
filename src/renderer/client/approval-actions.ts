import i18next from 'i18next';
import { useCallback, useRef, useState } from 'react';
import type { ApprovalDetail, OutputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { ApprovalDecision } from '../../shared/model/approval.ts';
import { runLink } from '../ui/links.ts';
import { showToast } from '../ui/toasts.tsx';
import { act } from './act.ts';
import { call } from './bridge.ts';

export type ApprovalAct = Exclude<ApprovalDecision, 'delegate'>;

/** Why a decision was not taken although nothing is broken: what was asked is another, or somebody has decided. */
export type Overtaken = 'changed' | 'decided';

const OVERTAKEN: Readonly<Record<string, Overtaken>> = {
  'approval.changed': 'changed',
  'approval.not_pending': 'decided',
  'approval.already_decided': 'decided',
};

/** What somebody says of a request. */
interface Said {
  readonly what: ApprovalAct;
  readonly words: string;
  /** Ids of the findings of a bundle that were read. */
  readonly read?: ReadonlySet<string>;
}

function say({ id, hash }: ApprovalDetail, { what, words, read }: Said): Promise<OutputOf<'approvals.approve'>> {
  const comment = words.trim();
  switch (what) {
    case 'approve':
      return call('approvals.approve', { id, hash, comment, read: [...(read ?? [])] });
    case 'reject':
      return call('approvals.reject', { id, hash, reason: comment });
    case 'revise':
      return call('approvals.revise', { id, hash, comment });
    case 'cancel':
      return call('approvals.cancel', { id });
  }
}

interface Deciding {
  readonly isBusy: boolean;
  /** Of the newest decision about this request; null = none was overtaken. */
  readonly overtaken: Overtaken | null;
  readonly decide: (detail: ApprovalDetail, said: Said) => Promise<'taken' | 'not taken'>;
}

/** Decides about what was shown, one word at a time. `goTo` opens an address; `refresh` shows a request as it is now. */
export function useDeciding(goTo: (address: string) => void, refresh: () => void): Deciding {
  const isBusy = useRef(false);
  const [busyWith, setBusyWith] = useState(false);
  const [overtaken, setOvertaken] = useState<Overtaken | null>(null);
  const latest = useRef({ goTo, refresh });
  latest.current = { goTo, refresh };
  const decide = useCallback<Deciding['decide']>(async (detail, said) => {
    const { what } = said;
    if (isBusy.current) return 'not taken';
    isBusy.current = true;
    setBusyWith(true);
    setOvertaken(null);
    const taken = await act(async () => {
      let answer: OutputOf<'approvals.approve'>;
      try {
        answer = await say(detail, said);
      } catch (thrown) {
        const how = thrown instanceof AppError ? OVERTAKEN[thrown.code] : undefined;
        if (how === undefined) throw thrown;
        setOvertaken(how);
        return false;
      }
      const missing = detail.minApprovals - detail.approvals.length - 1;
      const { runId } = answer;
      const done =
        what === 'approve' && missing > 0
          ? i18next.t('approvals:decide.done.partly', { count: missing })
          : i18next.t(`approvals:decide.done.${what}`);
      const open =
        runId === null
          ? undefined
          : { label: i18next.t('approvals:decide.open'), onPress: () => latest.current.goTo(runLink(runId)) };
      showToast(done, open, detail.title);
      return true;
    });
    isBusy.current = false;
    setBusyWith(false);
    latest.current.refresh();
    return taken === true ? 'taken' : 'not taken';
  }, []);
  return { isBusy: busyWith, overtaken, decide };
}
