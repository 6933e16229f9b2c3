import { AppError } from '../../shared/errors.ts';
import { canonicalJson } from '../../shared/json.ts';
import type { WorkflowPin } from '../../shared/model/events.ts';
import type { Trigger } from '../../shared/model/trigger.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import { sha256Hex } from '../crypto/index.ts';
import type { RunnableVersion } from '../engine/index.ts';
import type { ArmedTrigger } from '../triggers/index.ts';
import type { ProjectSession } from './project-session.ts';
import { riskyOf } from './start-approval.ts';
import { readStart } from './start-run.ts';
import { findSubWorkflows, type SubWorkflows } from './sub-workflows.ts';

/** What an approval of a trigger is bound to: when it starts, and what, with all that this calls. */
export const scheduleHash = (
  { key, definitionHash }: Pick<Trigger, 'key' | 'definitionHash'>,
  contentHash: string,
  pins: readonly WorkflowPin[],
): string =>
  sha256Hex(
    canonicalJson(['schedule', key, definitionHash, contentHash, pins.map(({ versionHash }) => versionHash).sort()]),
  );

/** The same for what starts by itself: only as somebody else has approved that it may. */
export async function requireScheduleApproved(
  session: ProjectSession,
  { key, consent }: Pick<ArmedTrigger, 'key' | 'consent'>,
  { version, sub: { pins, found } }: { readonly version: RunnableVersion; readonly sub: SubWorkflows },
): Promise<void> {
  if (!session.config.governance.approveHighRisk) return;
  // What was pinned as the trigger was armed lies in the archive, what is found only now does not yet.
  const known = found.map((one) => one.version);
  const called = known.length > 0 ? known : await Promise.all(pins.map((pin) => session.host.loadVersion(pin)));
  const risky = riskyOf(
    session,
    [version, ...called].map((one) => ({ version: one })),
  );
  if (risky === null) return;
  const hash = scheduleHash({ key, definitionHash: consent.definitionHash }, version.hash, pins);
  if (session.store.requests.isApproved('schedule', { subject: key, hash })) return;
  throw scheduleNeedsApproval(risky, key);
}

/** Throws the same where somebody is about to arm one. */
export async function requireArmingApproved(session: ProjectSession, name: string): Promise<void> {
  if (!session.config.governance.approveHighRisk) return;
  const { trigger } = session.triggers.registry.find(name);
  const { reading, workflow } = await readStart(session, trigger.workflowPath);
  const version = session.host.toVersion(reading, trigger.workflowPath);
  const { pins, found } = await findSubWorkflows(session, { version, reading });
  const risky = riskyOf(session, [{ version: { workflow } }, ...found]);
  if (risky === null) return;
  const hash = scheduleHash(trigger, reading.contentHash, pins);
  if (!session.store.requests.isApproved('schedule', { subject: trigger.key, hash }))
    throw scheduleNeedsApproval(risky, trigger.key);
}

const scheduleNeedsApproval = ({ name }: Pick<Workflow, 'name'>, key: string): AppError =>
  new AppError(
    'approval.needed',
    `${name} has a high risk: it starts by itself only once somebody else has approved that.`,
    { hint: 'Ask for an approval of the trigger.', details: { kind: 'schedule', trigger: key } },
  );
