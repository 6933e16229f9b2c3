import type { OutputOf } from '../../shared/contract/index.ts';
import { readJob } from '../triggers/index.ts';
import type { ProjectSession } from './project-session.ts';
import { checkUnattended } from './unattended.ts';

/** So many armed triggers are looked at for one answer; the next page goes on behind them. */
const PAGE = 25;

/**
 * Armed triggers of every kind whose next run something would stop, with what it is, page by page in the order of their keys. Nothing is
 * started, and between two of them whatever else is to be done goes first.
 */
export async function unreadyTriggers(session: ProjectSession, after: string): Promise<OutputOf<'triggers.unready'>> {
  const { triggers, clock, config } = session;
  if (after === '') await triggers.registry.refresh();
  const armed = triggers.registry
    .list()
    .filter(({ trigger, status }) => status === 'armed' && trigger.key > after)
    .sort((one, other) => (one.trigger.key < other.trigger.key ? -1 : 1));
  const page = armed.slice(0, PAGE);
  const unready: OutputOf<'triggers.unready'>['unready'][number][] = [];
  for (const known of page) {
    const { trigger, stored } = known;
    const job =
      trigger.kind === 'schedule' ? readJob(trigger, stored?.createdAt ?? clock.now(), config.scheduler) : null;
    const checks = await checkUnattended(session, { known, trigger }, job);
    const check = checks.find(({ level }) => level === 'stops');
    if (check !== undefined) unready.push({ triggerKey: trigger.key, workflowId: trigger.workflowId, check });
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { unready, next: armed.length > PAGE ? (page.at(-1)?.trigger.key ?? null) : null };
}
