import type { OutputOf } from '../../shared/contract/index.ts';
import { readJob } from '../triggers/index.ts';
import type { ProjectSession } from './project-session.ts';
import { checkUnattended } from './unattended.ts';

/** More armed schedules than these are not looked at for the sake of a list. */
const MOST_LOOKED_AT = 25;

/** Armed schedules whose next run something would stop, with what it is. Nothing is started. */
export async function unreadySchedules(session: ProjectSession): Promise<OutputOf<'schedules.unready'>> {
  const { triggers, clock, config } = session;
  await triggers.registry.refresh();
  const armed = triggers.registry
    .list()
    .filter(({ trigger, status }) => trigger.kind === 'schedule' && status === 'armed');
  const unready: OutputOf<'schedules.unready'>['unready'][number][] = [];
  for (const known of armed.slice(0, MOST_LOOKED_AT)) {
    const { trigger, stored } = known;
    const job = readJob(trigger, stored?.createdAt ?? clock.now(), config.scheduler);
    const checks = await checkUnattended(session, { known, trigger }, job);
    const check = checks.find(({ level }) => level === 'stops');
    if (check !== undefined) unready.push({ triggerKey: trigger.key, workflowId: trigger.workflowId, check });
  }
  return { unready };
}
