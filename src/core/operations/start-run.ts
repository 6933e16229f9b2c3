import type { ParsedInputOf } from '../../shared/contract/index.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { Actor, TriggerInfo } from '../../shared/model/run.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import { type BundleReading, snapshotBundle } from '../bundles/index.ts';
import type { RunnableVersion, SecretRun, StartRequest } from '../engine/index.ts';
import { resolveWorkflow, showPath } from '../projects/index.ts';
import { requireSatisfiable } from './approval-deciders.ts';
import { inFile, requireInputs, requireRunnable, requireTools } from './check-start.ts';
import { requireToolUse } from './effect-rights.ts';
import { requirePlan } from './make-plan.ts';
import { projectCatalog } from './project-catalog.ts';
import type { ProjectSession } from './project-session.ts';
import { readOptions } from './reader.ts';
import { chooseRunAgent } from './run-agent.ts';
import { inputContext, openInputs, type SealedStart, sealInputs } from './secret-inputs.ts';
import { requireNoApproval } from './start-approval.ts';
import { findSubWorkflows, type SubWorkflows } from './sub-workflows.ts';
import { requireTrusted } from './trust-gate.ts';

/** A start that was checked and pinned, ready for the engine. */
export interface PreparedStart {
  readonly reading: BundleReading;
  readonly version: RunnableVersion;
  readonly inputs: JsonMap;
}

/** A workflow of the project as it is now, if it can run. */
export async function readStart(
  session: ProjectSession,
  ref: string,
): Promise<{ readonly reading: BundleReading; readonly workflow: Workflow }> {
  const reading = await resolveWorkflow(ref, session.paths, {
    ...readOptions(await projectCatalog(session), session.env),
    index: session.index,
  });
  const workflow = inFile(fileOf(session, reading), () => {
    const runnable = requireRunnable(reading);
    requireSatisfiable(session, runnable, null);
    return runnable;
  });
  return { reading, workflow };
}

const fileOf = ({ paths }: ProjectSession, { workflowFile, path }: BundleReading): string =>
  showPath(paths, workflowFile ?? path);

/** Reads, validates, coerces; writes nothing. The one clear error comes from here. `linked` = the run that some inputs are taken over from. */
export async function prepareStart(
  session: ProjectSession,
  input: Pick<ParsedInputOf<'runs.start'>, 'workflow' | 'inputs'>,
  linked: SecretRun | null = null,
): Promise<PreparedStart> {
  const { reading, workflow } = await readStart(session, input.workflow);
  const given = linked === null ? input.inputs : await openInputs(session, workflow.inputs, input.inputs, linked);
  const inputs = requireInputs(workflow, given, inputContext(session, reading.config));
  return { reading, version: session.host.toVersion(reading, showPath(session.paths, reading.path)), inputs };
}

/**
 * Copies the version into the archive, once per hash, and remembers its text (SPEC §6.5); also one that has errors. Without a workflow there is
 * nothing to keep.
 */
export async function pinVersion(session: ProjectSession, reading: BundleReading): Promise<void> {
  if (reading.reading === null) return;
  const { workflow } = reading.reading;
  const isKnown = session.store.versions.find(reading.contentHash) !== null;
  // Also for a known version: its copy may have been deleted by hand, and costs one look where it was not.
  await snapshotBundle(reading, session.paths.archivesDir);
  if (isKnown) return;
  session.store.versions.save({
    hash: reading.contentHash,
    workflowId: workflow.id,
    label: workflow.version,
    source: reading.text,
    sourceName: reading.workflowFile?.split(/[\\/]/).at(-1) ?? 'workflow.md',
    firstSeenAt: session.clock.now(),
  });
}

const BY_HAND: TriggerInfo = { type: 'manual' };

/** A start that met every check, with all that it calls. */
export interface CheckedStart {
  readonly prepared: PreparedStart;
  readonly sub: SubWorkflows;
  readonly request: Omit<StartRequest, 'inputs'>;
}

/** Looks whether a start may go ahead, for whoever asks; writes nothing. */
export async function checkStart(
  session: ProjectSession,
  prepared: PreparedStart,
  { agent, model, timeoutMs }: Pick<ParsedInputOf<'runs.start'>, 'agent' | 'model' | 'timeoutMs'>,
  actor: Actor,
): Promise<CheckedStart> {
  const { version } = prepared;
  await session.gate.require();
  inFile(fileOf(session, prepared.reading), () => requireTools(version.workflow, prepared.inputs, version.tools));
  const sub = await findSubWorkflows(session, prepared);
  for (const { version: called, reading } of [prepared, ...sub.found]) {
    requireTrusted(session, called);
    requireToolUse(session.access, called.workflow, actor.id);
    inFile(fileOf(session, reading), () => {
      session.channels.requireChannels(called.workflow);
      requireSatisfiable(session, called.workflow, actor.id);
    });
  }
  const chosen = await chooseRunAgent(version, agent, session);
  const more = { model: model ?? null, timeoutMs: timeoutMs ?? null, pins: sub.pins };
  return { prepared, sub, request: { version, trigger: BY_HAND, actor, ...chosen, ...more } };
}

/** Starts what was checked; `inputs` are sealed as late as possible. */
export function launchStart(
  session: ProjectSession,
  { prepared, sub, request }: CheckedStart,
  inputs: () => Promise<SealedStart> | SealedStart,
): Promise<{ readonly runId: string }> {
  const started = [prepared, ...sub.found];
  return session.heldVersions.during(
    started.map((one) => one.version.hash),
    async () => {
      for (const one of started) await pinVersion(session, one.reading);
      return session.engine.start({ ...request, ...(await inputs()) });
    },
  );
}

/** The one `startRun`: every trigger and every door ends here. `linked` is the run that this one replays. */
export async function startRun(
  session: ProjectSession,
  input: ParsedInputOf<'runs.start'>,
  actor: Actor,
  linked: SecretRun | null = null,
): Promise<{ readonly runId: string }> {
  const prepared = await prepareStart(session, input, linked);
  const checked = await checkStart(session, prepared, input, actor);
  const { version, inputs } = prepared;
  requireNoApproval(session, [prepared, ...checked.sub.found]);
  const linkedRunId = linked?.runId ?? null;
  const request = { ...checked.request, linkedRunId, ...planOf(session, checked, input.plan) };
  return launchStart(session, { ...checked, request }, () => sealInputs(session, version, inputs, linked));
}

/** What the run is held to, where a plan is named. */
function planOf(
  session: ProjectSession,
  { prepared, sub, request }: CheckedStart,
  wanted: string | undefined,
): Pick<StartRequest, 'plan'> {
  if (wanted === undefined) return {};
  const { agent = null, agentFrom, model = null } = request;
  return { plan: requirePlan(session, { prepared, sub, chosen: { agent, agentFrom, model } }, wanted) };
}
