import { randomUUID } from 'node:crypto';
import type { MessageCheck, ParsedInputOf, PublishedMessage } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { isJsonMap, type JsonMap } from '../../shared/json.ts';
import type { QueueMessage } from '../../shared/model/queue.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import type { RunnableVersion, StartRequest } from '../engine/index.ts';
import { showPath } from '../projects/index.ts';
import { type QueueBackend, type Shipped, shippedOf, shownMetadata, withShipped } from '../queue/index.ts';
import { requireSatisfiable } from './approval-deciders.ts';
import { requireInputs, requireTools } from './check-start.ts';
import { requireEffectRight, requireToolUse } from './effect-rights.ts';
import { startKeyOf } from './message-key.ts';
import type { ProjectSession } from './project-session.ts';
import { requireSettings } from './project-settings.ts';
import { stepsOf } from './remote/home-only.ts';
import { receivedVersion, requireTrustedHere } from './remote/received-version.ts';
import { expecting, shipped } from './remote/ship-version.ts';
import { chooseRunAgent } from './run-agent.ts';
import { inputContext, sealInputs } from './secret-inputs.ts';
import { requireNoApproval } from './start-approval.ts';
import { type PreparedStart, pinVersion, readStart } from './start-run.ts';
import { type CallingWorkflow, findSubWorkflows } from './sub-workflows.ts';
import { requireAccepted, requireTrusted } from './trust-gate.ts';

/** SPEC §8: what names a workflow in a message. */
const WORKFLOW_ID = /^[A-Za-z0-9._-]+$/;

type Sending = ParsedInputOf<'queue.publish'>;

/**
 * Sends a message. What this project knows of its workflow is looked at and pinned: what would keep it from running here is said and no more,
 * for whoever takes it may be set up otherwise. Errors: `usage.invalid`, `queue.holds_secret`, `queue.full`.
 */
export async function publishMessage(
  session: ProjectSession,
  backend: QueueBackend,
  { workflow, payload, priority, delayMs, maxAttempts, dedupeKey, metadata }: Sending,
  actor: Actor,
): Promise<PublishedMessage> {
  requireNoSecret(session, payload);
  const known = await lookUp(session, workflow, payload);
  const now = session.clock.now();
  const brought = await shipped(session, backend, known.start);
  const message = {
    ...{ id: randomUUID(), workflowId: known.workflowId, workflowPath: known.workflowPath },
    ...{ versionHash: known.start?.version.hash ?? null, payload, priority, maxAttempts, actor },
    metadata: withShipped(metadata, brought),
    dedupeKey: dedupeKey ?? null,
    createdAt: now,
    notBefore: delayMs === 0 ? null : now + delayMs,
  };
  const publish = () => expecting(session, brought, message, () => backend.publish(message));
  return said(await pinned(session, known.start, publish), [...known.warnings, ...homeOnly(brought)]);
}

/** Sends a dead letter once more, with other inputs where a person gives them. Errors: those of `publishMessage` and `QueueBackend.requeue`. */
export async function requeueMessage(
  session: ProjectSession,
  backend: QueueBackend,
  { old, payload = old.payload }: { readonly old: QueueMessage; readonly payload: JsonMap | undefined },
  actor: Actor,
): Promise<PublishedMessage> {
  requireNoSecret(session, payload);
  const known = await lookUp(session, old.workflowPath ?? old.workflowId, payload);
  const now = session.clock.now();
  const brought = await shipped(session, backend, known.start);
  const message = {
    ...{ id: randomUUID(), workflowId: old.workflowId, workflowPath: known.workflowPath, payload, actor },
    ...{ versionHash: known.start?.version.hash ?? null, priority: old.priority, maxAttempts: old.maxAttempts },
    ...{ createdAt: now, notBefore: null, dedupeKey: null },
    metadata: { ...withShipped(old.metadata, brought), requeued_from: old.id },
  };
  const noted = { requeued_by: actor.id, requeued_at: new Date(now).toISOString() };
  const requeue = () => expecting(session, brought, message, () => backend.requeue(old.id, message, noted));
  return said({ message: await pinned(session, known.start, requeue), isDuplicate: false }, [
    ...known.warnings,
    ...homeOnly(brought),
  ]);
}

/** What stands in the way of these inputs, as the workflow of a message is now. Error: `queue.holds_secret`. */
export async function checkMessage(
  session: ProjectSession,
  { workflowPath, workflowId }: QueueMessage,
  payload: JsonMap,
): Promise<MessageCheck> {
  requireNoSecret(session, payload);
  const { start, warnings } = await lookUp(session, workflowPath ?? workflowId, payload);
  return { version: start === null ? null : start.version.workflow.version, problems: warnings };
}

/** What keeps it from workers elsewhere, by name. */
const homeOnly = (brought: Shipped | null): readonly string[] =>
  brought === null
    ? []
    : [
        ...brought.home_only.map((reason) => `Only this project runs it, no worker elsewhere: ${reason}.`),
        ...(brought.archive === undefined ? [TOO_LARGE] : []),
      ];
const TOO_LARGE =
  'It does not fit into a message of 256 KiB and is not sent along: a worker elsewhere needs its bundle at the same place.';

/** As people see it: without what it brings along for workers. */
const said = (
  { message, isDuplicate }: Pick<PublishedMessage, 'message' | 'isDuplicate'>,
  warnings: readonly string[],
): PublishedMessage => ({
  message: { ...message, metadata: shownMetadata(message.metadata) },
  ...{ isDuplicate, warnings },
});

/** The run of a message: with the rights of whoever sent it, and the checks of every start. Errors: those of `startRun`. */
export async function startQueued(session: ProjectSession, message: QueueMessage): Promise<{ readonly runId: string }> {
  requireSettings(session.settingsProblems);
  await session.gate.require();
  const { actor } = message;
  requireEffectRight(session.access, actor.id, 'agent');
  const brought = shippedOf(message.metadata);
  const isForeign = brought !== null && brought.home !== session.remote.id;
  if (!isForeign) await session.remote.claimOwn(message.id);
  const begun = isForeign ? null : session.store.runs.findByStartKey(startKeyOf(message.id));
  if (begun !== null) {
    await session.engine.resume(begun, { ...actor, door: 'engine' });
    return { runId: begun };
  }
  const { version, calling, own } = await (isForeign
    ? broughtVersion(session, message, brought)
    : versionOf(session, message));
  const inputs = requireInputs(
    version.workflow,
    unwrapped(version.workflow, message.payload),
    inputContext(session, version),
  );
  requireTools(version.workflow, inputs, version.tools);
  const sub = await findSubWorkflows(session, calling);
  for (const called of sub.found) requireTrusted(session, called.version);
  const started = [{ version }, ...sub.found];
  for (const { version: one } of started) {
    requireToolUse(session.access, one.workflow, actor.id);
    session.channels.requireChannels(one.workflow);
    requireSatisfiable(session, one.workflow, actor.id);
  }
  requireNoApproval(session, started);
  const chosen = await chooseRunAgent(version, undefined, session);
  return session.heldVersions.during(
    started.map((one) => one.version.hash),
    async () => {
      for (const one of own === null ? sub.found : [own, ...sub.found]) await pinVersion(session, one.reading);
      const request: StartRequest = {
        version,
        trigger: { type: 'queue', by: actor.id, data: { message_id: message.id } },
        actor: { ...actor, door: 'engine' },
        startKey: startKeyOf(message.id),
        keyedAt: message.createdAt,
        ...chosen,
        pins: sub.pins,
        ...(await sealInputs(session, version, inputs)),
      };
      const start = (runId?: string) => session.engine.start({ ...request, ...(runId === undefined ? {} : { runId }) });
      return isForeign ? session.remote.worker.accept(message, brought, start) : start();
    },
  );
}

/** What another control center sent along. Errors: those of `receivedVersion`, `trust.needed`, `queue.home_only`. */
async function broughtVersion(
  session: ProjectSession,
  message: QueueMessage,
  brought: Shipped,
): ReturnType<typeof versionOf> {
  requireNothing(brought.home_only, brought);
  const own = await readNow(session, await receivedVersion(session, message, brought));
  const { version } = own;
  if (version.hash !== brought.version || version.workflow.id !== message.workflowId)
    throw new AppError(
      'queue.version_refused',
      `What ${brought.home_name} sent is not the version that its message names.`,
    );
  requireNothing(stepsOf(version.workflow), brought);
  requireTrustedHere(session, version);
  return { version, calling: own, own };
}

/** What a worker elsewhere cannot keep is given back. Throws `queue.home_only`. */
function requireNothing([reason]: readonly string[], { home_name: home }: Shipped): void {
  if (reason !== undefined) throw new AppError('queue.home_only', `Only ${home} may run it: ${reason}.`);
}

/** The version that the message names, else the workflow as it stands now, `own`, which is to be pinned. */
async function versionOf(
  session: ProjectSession,
  { versionHash, workflowPath, workflowId }: QueueMessage,
): Promise<{
  readonly version: RunnableVersion;
  readonly calling: CallingWorkflow;
  readonly own: Pick<PreparedStart, 'reading' | 'version'> | null;
}> {
  const path = workflowPath ?? workflowId;
  if (versionHash !== null) {
    requireAccepted(session, path, versionHash);
    const version = await session.host.loadVersion({ versionHash, workflowPath: path });
    return { version, calling: { version, reading: { path, workflowFile: null } }, own: null };
  }
  const own = await readNow(session, path);
  requireTrusted(session, own.version);
  return { version: own.version, calling: own, own };
}

async function readNow(session: ProjectSession, ref: string): Promise<Pick<PreparedStart, 'reading' | 'version'>> {
  const { reading } = await readStart(session, ref);
  return { reading, version: session.host.toVersion(reading, showPath(session.paths, reading.path)) };
}

interface Known {
  readonly workflowId: string;
  readonly workflowPath: string | null;
  /** Null = it cannot run here as it is now. */
  readonly start: Pick<PreparedStart, 'reading' | 'version'> | null;
  readonly warnings: readonly string[];
}

/** What this project knows of the workflow that a message names. */
async function lookUp(session: ProjectSession, ref: string, payload: JsonMap): Promise<Known> {
  const warnings: string[] = [];
  try {
    const start = await readNow(session, ref);
    const { version } = start;
    requireNoSecretInput(version.workflow, unwrapped(version.workflow, payload));
    noteProblem(warnings, () => requireTrusted(session, version));
    noteProblem(warnings, () =>
      requireInputs(version.workflow, unwrapped(version.workflow, payload), inputContext(session, version)),
    );
    return { workflowId: version.workflow.id, workflowPath: version.workflowPath, start, warnings };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'queue.holds_secret') throw error;
    if (!WORKFLOW_ID.test(ref)) throw error;
    return { workflowId: ref, workflowPath: null, start: null, warnings: [...warnings, error.message] };
  }
}

function noteProblem(warnings: string[], check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    warnings.push(error.message);
  }
}

/** Until it is stored that a message needs the version, nobody removes it. */
async function pinned<T>(session: ProjectSession, start: Known['start'], work: () => Promise<T>): Promise<T> {
  if (start === null) return work();
  return session.heldVersions.during([start.version.hash], async () => {
    await pinVersion(session, start.reading);
    return work();
  });
}

/** `{"inputs": {…}}` alone means what is in it, unless the workflow has an input of that name (SPEC §8). */
function unwrapped({ inputs }: Pick<Workflow, 'inputs'>, payload: JsonMap): JsonMap {
  const only = Object.keys(payload).length === 1 ? payload.inputs : undefined;
  return only !== undefined && isJsonMap(only) && inputs.every(({ name }) => name !== 'inputs') ? only : payload;
}

/** Secrets are never in messages (SPEC §8). */
function requireNoSecret({ host }: ProjectSession, payload: JsonMap): void {
  if (host.redact(payload) === payload) return;
  throw new AppError('queue.holds_secret', 'These inputs hold the value of a secret: a message holds none.', {
    hint: 'Let the workflow name the secret: whoever runs it has its own.',
  });
}

function requireNoSecretInput({ inputs }: Pick<Workflow, 'inputs'>, given: JsonMap): void {
  const held = inputs.find(({ name, secret }) => secret && Object.hasOwn(given, name));
  if (held === undefined) return;
  throw new AppError('queue.holds_secret', `Input '${held.name}' is secret: a message holds no secret.`, {
    hint: 'Start the run by hand, or let the workflow name a stored secret.',
  });
}
