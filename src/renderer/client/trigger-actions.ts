import i18next from 'i18next';
import type { PauseAsked, TriggerDetail } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Occurrence } from '../../shared/model/trigger.ts';
import { runLink } from '../ui/links.ts';
import { showToast } from '../ui/toasts.tsx';
import { act } from './act.ts';
import { call } from './bridge.ts';

const say = (key: string, values: Record<string, string> = {}): string =>
  i18next.t(`triggers:done.${key}`, values) as string;

/** No trigger starts anything until the pause ends; their own switches stay as they are. */
export const pauseAllTriggers = (pause: PauseAsked): Promise<true | undefined> =>
  act(async () => {
    await call('triggers.pauseAll', pause);
    showToast(say('pausedAll'), { label: i18next.t('everywhere:undo'), onPress: () => void resumeAllTriggers() });
    return true as const;
  });

export const resumeAllTriggers = (): Promise<true | undefined> =>
  act(async () => {
    await call('triggers.resumeAll', {});
    showToast(say('resumedAll'));
    return true as const;
  });

/** Arms a trigger exactly as it was shown: the hashes are of what stands on the screen. */
export const armTrigger = (
  { key, definitionHash, contentHash }: TriggerDetail,
  onNeedsApproval: () => void,
): Promise<TriggerDetail | undefined> =>
  act(async () => {
    try {
      const armed = await call('triggers.arm', { trigger: key, definitionHash, contentHash: contentHash ?? '' });
      showToast(say('armed', { name: armed.workflowName }));
      return armed;
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'approval.needed') throw thrown;
      onNeedsApproval();
      return undefined;
    }
  });

/** Switches a trigger off. */
export const disarmTrigger = (trigger: string): Promise<TriggerDetail | undefined> =>
  act(async () => {
    const off = await call('triggers.disarm', { trigger });
    showToast(say('disarmed', { name: off.workflowName }));
    return off;
  });

export const pauseTrigger = (trigger: string, pause: PauseAsked): Promise<TriggerDetail | undefined> =>
  act(async () => {
    const paused = await call('triggers.pause', { trigger, ...pause });
    showToast(say('paused', { name: paused.workflowName }));
    return paused;
  });

export const resumeTrigger = (trigger: string): Promise<TriggerDetail | undefined> =>
  act(async () => {
    const resumed = await call('triggers.resume', { trigger });
    showToast(say('resumed', { name: resumed.workflowName }));
    return resumed;
  });

/** Starts the armed version now; `goTo` opens an address. */
export const runTriggerNow = (trigger: string, goTo: (address: string) => void): Promise<string | undefined> =>
  act(async () => {
    const { runId } = await call('triggers.runNow', { trigger });
    showToast(say('runNow'), { label: i18next.t('triggers:openRun'), onPress: () => goTo(runLink(runId)) });
    return runId;
  });

/** A person's word on a missed start that asks: it is caught up, or it stays missed. */
export const answerStart = (
  { triggerKey, plannedAt }: Pick<Occurrence, 'triggerKey' | 'plannedAt'>,
  run: boolean,
): Promise<Occurrence | undefined> =>
  act(async () => {
    const answered = await call('occurrences.answer', { trigger: triggerKey, plannedAt, run });
    showToast(say(run ? 'caughtUp' : 'leftMissed'));
    return answered;
  });

/** A person's word on the files of a watch that are gone: for good, or they will be back. */
export const answerWatch = (trigger: string, answer: 'gone' | 'keep'): Promise<true | undefined> =>
  act(async () => {
    await call('watches.answer', { trigger, answer });
    showToast(say(answer === 'gone' ? 'watchGone' : 'watchKept'));
    return true as const;
  });
