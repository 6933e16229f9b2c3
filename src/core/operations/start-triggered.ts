import { isAbsolute, resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { isJsonMap, type JsonMap } from '../../shared/json.ts';
import type { Trigger } from '../../shared/model/trigger.ts';
import type { RunnableVersion, StartRequest } from '../engine/index.ts';
import type { ArmedTrigger, TriggerStart } from '../triggers/index.ts';
import { renderValue, scopeOf } from '../workflow/index.ts';
import { requireInputs, requireTools } from './check-start.ts';
import type { ProjectSession } from './project-session.ts';
import { requireSettings } from './project-settings.ts';
import { chooseRunAgent } from './run-agent.ts';
import { requireScheduleApproved } from './schedule-approval.ts';
import { inputContext, sealInputs, withoutInputs } from './secret-inputs.ts';
import { pinVersion } from './start-run.ts';
import { findSubWorkflows, type SubWorkflows } from './sub-workflows.ts';
import { requireAccepted, requireTrusted } from './trust-gate.ts';

/**
 * The start of a run by a trigger: the version that was armed, whatever stands in the folder by now, with the inputs of the trigger
 * rendered over what came (SPEC §1.7, §7). Errors as of every start; nothing was written then.
 */
export async function startTriggered(
  session: ProjectSession,
  start: TriggerStart,
): Promise<{ readonly runId: string }> {
  requireSettings(session.settingsProblems);
  await session.gate.require();
  const { trigger, startKey, at, plannedAt, data, chain, actor } = start;
  const known = startKey === null ? null : session.store.runs.findByStartKey(startKey);
  if (known !== null) return { runId: known };
  const { workflowPath } = trigger;
  const isByHand = actor !== undefined;
  const versionHash = start.versionHash ?? (isByHand ? trigger.consent.contentHash : versionOf(session, trigger));
  requireAccepted(session, workflowPath, versionHash);
  const version = await session.host.loadVersion({ versionHash, workflowPath });
  const inputs = inputsOf(session, version, start);
  requireTools(version.workflow, inputs, version.tools);
  const sub = await callsOf(session, trigger, version);
  for (const called of sub.found) requireTrusted(session, called.version);
  await requireScheduleApproved(session, trigger, { version, sub });
  const seen = withoutInputs(version.workflow.inputs, inputs, data);
  const request: Omit<StartRequest, 'inputs'> = {
    version,
    trigger: {
      type: trigger.kind,
      key: trigger.key,
      by: trigger.consent.by,
      ...(plannedAt === undefined ? {} : { plannedAt }),
      ...(Object.keys(seen).length === 0 ? {} : { data: seen }),
      ...(chain.length === 0 ? {} : { chain }),
    },
    actor: actor ?? { kind: 'system', id: trigger.kind, door: 'engine' },
    startKey,
    keyedAt: at,
    ...(await chooseRunAgent(version, undefined, session)),
    pins: sub.pins,
  };
  const held = [version.hash, ...sub.pins.map((pin) => pin.versionHash)];
  return session.heldVersions.during(held, async () => {
    for (const one of sub.found) await pinVersion(session, one.reading);
    return session.engine.start({ ...request, ...(await sealInputs(session, version, inputs)) });
  });
}

/** What the version calls: as it was armed with it, else as it stands now. */
async function callsOf(
  session: ProjectSession,
  { workflowPath, consent }: ArmedTrigger,
  version: RunnableVersion,
): Promise<SubWorkflows> {
  const armed = [consent, consent.before].find((one) => one?.contentHash === version.hash);
  if (armed?.pins !== undefined) return { pins: armed.pins, found: [] };
  const path = isAbsolute(workflowPath) ? workflowPath : resolve(session.paths.project, workflowPath);
  return findSubWorkflows(session, { version, reading: { path, workflowFile: null } });
}

/** The armed version; with `features.progressive_rollout` one that a person's run has proven (SPEC §14). */
function versionOf({ config, store }: ProjectSession, { consent, workflowId, workflowName }: ArmedTrigger): string {
  const isProven =
    !config.features.progressiveRollout || store.runs.hasSucceededByHand(workflowId, consent.contentHash);
  if (isProven) return consent.contentHash;
  if (consent.before !== undefined) return consent.before.contentHash;
  throw new AppError(
    'trigger.not_proven',
    `${workflowName} ${consent.versionLabel}: no run by hand has succeeded yet.`,
    {
      hint: 'Run it once by hand: triggers take a new version after that (features.progressive_rollout).',
    },
  );
}

/**
 * What the trigger writes, over what came; a person's own go before. Errors: those of inputs that are missing or wrong.
 */
export function inputsOf(
  session: ProjectSession,
  version: RunnableVersion,
  start: Pick<TriggerStart, 'plannedAt' | 'data' | 'inputs'> & { readonly trigger: Pick<Trigger, 'kind' | 'config'> },
): JsonMap {
  const { trigger, plannedAt, data } = start;
  const context = inputContext(session, version);
  const written = start.inputs ?? trigger.config.inputs;
  const seen = {
    type: trigger.kind,
    planned_at: plannedAt === undefined ? null : new Date(plannedAt).toISOString(),
    ...data,
  };
  const given =
    written !== undefined && isJsonMap(written)
      ? (renderValue(written, scopeOf({ trigger: seen, env: context.env }), context).value as JsonMap)
      : {};
  return requireInputs(version.workflow, given, context);
}
