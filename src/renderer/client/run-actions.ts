import i18next from 'i18next';
import { create } from 'zustand';
import { showToast, type Toast } from '../ui/toasts.tsx';
import { act } from './act.ts';
import { call } from './bridge.ts';
import { copyText } from './copy-text.ts';

/** What a button of a run and the palette do alike: the act, its outcome in a toast. */
export type RunAct = 'cancel' | 'pause' | 'resume';

let told: Toast | null = null;

export const actOnRun = (name: RunAct, runId: string): Promise<void> =>
  act(async () => {
    await call(`runs.${name}`, { runId });
    // That it goes on is seen.
    if (name !== 'resume') told = showToast(i18next.t(`run:actions.done.${name}`));
  });

/** Takes back what was said of a pause or a cancel that was under way: the run stands otherwise by now. */
export function dismissActToast(): void {
  told?.dismiss();
  told = null;
}

/** Begins the work again from a step, or from the first one that failed. The id of the new run; undefined when it was refused. */
export const retryRun = (runId: string, from?: string): Promise<string | undefined> =>
  act(async () => {
    const answer = await call('runs.retry', { runId, ...(from === undefined ? {} : { from }) });
    showToast(i18next.t('run:actions.done.retry', { count: answer.repeats.length }));
    return answer.runId;
  });

/** Acts that may do again what has been done. */
export type AskedAct = 'retry' | 'resume';

interface Asked {
  readonly act: AskedAct;
  readonly runId: string;
}

/** What somebody wants with a run from another place than its page: the page asks first, whichever door it was. */
export const useAskedAct = create<{ readonly asked: Asked | null }>(() => ({ asked: null }));

export const askAct = (act: AskedAct, runId: string): void => useAskedAct.setState({ asked: { act, runId } });

export const dropAskedAct = (): void => useAskedAct.setState({ asked: null });

export const copyRunId = (runId: string): Promise<void> => copyText(runId, i18next.t('run:header.idCopied'));
