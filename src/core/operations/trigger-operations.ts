import { isDeepStrictEqual } from 'node:util';
import type {
  DeliveryDetail,
  OperationName,
  OutputOf,
  ParsedInputOf,
  ScheduleOperationName,
  TriggerDetail,
  TriggerList,
  TriggerSummary,
} from '../../shared/contract/index.ts';
import { AppError, toErrorRecord } from '../../shared/errors.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { Consent, DeliveryRecord } from '../../shared/model/trigger.ts';
import { randomHex } from '../crypto/index.ts';
import type { StoredPause } from '../storage/index.ts';
import {
  headersToShow,
  hideSecret,
  type KnownTrigger,
  type Rechecked,
  recheckDelivery,
  runDataOf,
} from '../triggers/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';
import { requireArmingApproved } from './schedule-approval.ts';
import { scheduleHandlers } from './schedule-operations.ts';
import { shownInputs } from './secret-inputs.ts';
import { inputsOf } from './start-triggered.ts';
import { ownerOf } from './trigger-owner.ts';

type TriggerOperation = Exclude<
  Extract<OperationName, `triggers.${string}` | `occurrences.${string}` | `deliveries.${string}`>,
  ScheduleOperationName
>;

const SHOWN_BODY_BYTES = 64 * 1024;

/** The use cases of what starts by itself (SPEC §7). */
export function triggerHandlers(session: ProjectSession): HandlersOf<TriggerOperation | ScheduleOperationName> {
  const { triggers, store, clock } = session;
  const { registry } = triggers;
  const pauseBy = (actor: Actor, { reason, until }: { reason: string; until: number | null }): StoredPause => {
    const at = clock.now();
    if (until === null || until > at) return { at, by: actor.id, reason, until };
    throw new AppError('contract.invalid_input', 'The pause would end before it begins.', {
      hint: 'Name an instant that is still to come.',
    });
  };
  const detail = async (name: string): Promise<TriggerDetail> => detailOf(session, registry.find(name));
  /** What is written may have changed since it was read last. */
  const fresh = async (): Promise<void> => registry.refresh();
  return {
    ...scheduleHandlers(session, detail),
    'triggers.list': async (filter) => {
      await fresh();
      return listOf(session, filter);
    },
    'triggers.get': async ({ trigger }) => {
      await fresh();
      return detail(trigger);
    },
    'triggers.arm': async ({ trigger, definitionHash, contentHash }, actor) => {
      await fresh();
      await requireArmingApproved(session, trigger);
      await registry.arm(trigger, { definitionHash, contentHash }, actor.id);
      return detail(trigger);
    },
    'triggers.disarm': async ({ trigger }) => {
      await fresh();
      await registry.disarm(trigger);
      return detail(trigger);
    },
    'triggers.pause': async ({ trigger, ...pause }, actor) => {
      await fresh();
      registry.pause(trigger, pauseBy(actor, pause));
      return detail(trigger);
    },
    'triggers.resume': async ({ trigger }) => {
      await fresh();
      registry.pause(trigger, null);
      return detail(trigger);
    },
    'triggers.pauseAll': (pause, actor) => {
      registry.pauseAll(pauseBy(actor, pause));
      return listOf(session, {});
    },
    'triggers.resumeAll': () => {
      registry.pauseAll(null);
      return listOf(session, {});
    },
    'triggers.runNow': async ({ trigger }, actor) => {
      await fresh();
      return runNow(session, registry.find(trigger), actor);
    },
    'triggers.enableWorkflow': ({ workflow }, actor) => enable(session, workflow, actor),
    'triggers.disableWorkflow': async ({ workflow }, actor) => {
      await fresh();
      registry.switchWorkflow((await ownerOf(session, workflow)).id, { isOff: true, by: actor.id });
      return listOf(session, {});
    },
    'occurrences.counts': ({ trigger, from }) => {
      const key = keyOf(session, trigger).triggerKey ?? null;
      return Object.fromEntries(
        from === undefined ? store.occurrences.counts(key) : store.calendar.startsSince(from, key),
      );
    },
    'occurrences.list': ({ trigger, search, ...filter }) => ({
      occurrences: store.occurrences.list({
        ...filter,
        ...keyOf(session, trigger),
        search: search === undefined || search === '' ? undefined : { text: search, keys: keysNamed(session, search) },
      }),
    }),
    'deliveries.list': ({ trigger, ...filter }) => ({
      deliveries: store.deliveries.list({ ...filter, ...keyOf(session, trigger) }),
      counts: Object.fromEntries(store.deliveries.counts(filter.from ?? 0)),
    }),
    'deliveries.get': ({ id }) => deliveryOf(session, id),
    'deliveries.inputs': ({ id }) => inputsOfDelivery(session, id),
    'deliveries.redeliver': (input, actor) => redeliver(session, input, actor),
  };
}

/** The triggers whose workflow is called so. */
const keysNamed = ({ triggers }: ProjectSession, text: string): readonly string[] =>
  triggers.registry
    .list()
    .filter(({ trigger }) => trigger.workflowName.toLowerCase().includes(text.toLowerCase()))
    .map(({ trigger }) => trigger.key);

function listOf(session: ProjectSession, { kind, workflow }: ParsedInputOf<'triggers.list'>): TriggerList {
  const { registry, isHosting } = session.triggers;
  const shown = registry
    .list()
    .filter(({ trigger }) => kind === undefined || trigger.kind === kind)
    .filter(({ trigger }) => workflow === undefined || trigger.workflowId === workflow);
  return {
    triggers: shown.map((known) => summaryOf(session, known)),
    problems: registry.problems,
    pausedAll: registry.pauseOfAll(),
    isHosting,
  };
}

function summaryOf(session: ProjectSession, known: KnownTrigger): TriggerSummary {
  const { trigger, status, reason, consent, stored, pause, isFailing } = known;
  const {
    definitionHash: _definition,
    versionLabel: _label,
    versionPolicy: _policy,
    isEnabled: _flag,
    ...shown
  } = trigger;
  const isArmed = consent !== null && consent.definitionHash === trigger.definitionHash && status !== 'off';
  const run = stored?.lastRunId == null ? null : session.store.runs.find(stored.lastRunId);
  return {
    ...shown,
    config: trigger.kind === 'webhook' ? hideSecret(trigger.config) : trigger.config,
    ...{ status, reason },
    isFailing,
    pause: pause === null ? null : { at: pause.at, until: pause.until, by: pause.by, reason: pause.reason },
    armed: isArmed ? { by: consent.by, at: consent.at, versionLabel: consent.versionLabel } : null,
    nextAt: session.triggers.nextAt(known),
    lastRun: run === null ? null : { runId: run.runId, status: run.status, at: run.createdAt },
    runCount: stored?.runCount ?? 0,
  };
}

async function detailOf(session: ProjectSession, known: KnownTrigger): Promise<TriggerDetail> {
  const { definitionHash, versionPolicy, isEnabled } = known.trigger;
  const shown = { ...summaryOf(session, known), definitionHash, versionPolicy, isEnabled };
  try {
    const { contentHash } = await session.triggers.registry.withHash(known);
    const calls = await session.triggers.callsOf(known.trigger);
    const isNewer = known.consent !== null && !isArmedSo(known.consent, { contentHash, pins: calls });
    return { ...shown, contentHash, problem: null, isNewer };
  } catch (error) {
    return { ...shown, contentHash: null, problem: toErrorRecord(error).message, isNewer: false };
  }
}

/** Whether what stands in the folder now is what was armed, called workflows included. */
const isArmedSo = (armed: Consent, now: Pick<Consent, 'contentHash' | 'pins'>): boolean =>
  armed.contentHash === now.contentHash && (armed.pins === undefined || isDeepStrictEqual(armed.pins, now.pins));

async function runNow(
  session: ProjectSession,
  { trigger, consent }: KnownTrigger,
  actor: Actor,
): Promise<{ readonly runId: string }> {
  const armed = session.triggers.armed(trigger.key);
  if (armed === null || consent === null)
    throw new AppError('trigger.not_armed', `${trigger.workflowName}: this trigger is not armed.`, {
      hint: 'Arm it first, or run the workflow by hand.',
    });
  return session.triggers.startByHand(armed, actor);
}

async function enable(session: ProjectSession, workflow: string, actor: Actor): Promise<TriggerList> {
  const { registry } = session.triggers;
  await registry.refresh();
  const { id: workflowId } = await ownerOf(session, workflow);
  registry.switchWorkflow(workflowId, { isOff: false, by: actor.id });
  for (const known of registry.list().filter(({ trigger }) => trigger.workflowId === workflowId)) {
    const { key, definitionHash, contentHash } = await registry.withHash(known);
    await requireArmingApproved(session, key);
    await registry.arm(key, { definitionHash, contentHash }, actor.id);
  }
  return listOf(session, {});
}

const keyOf = ({ triggers }: ProjectSession, name: string | undefined): { readonly triggerKey?: string } => {
  if (name === undefined) return {};
  // Rows outlive the definition of their trigger: an exact key is always taken.
  return {
    triggerKey:
      triggers.registry.list().some(({ trigger }) => trigger.key === name) || name.includes('/')
        ? name
        : triggers.registry.find(name).trigger.key,
  };
};

function findDelivery({ store }: ProjectSession, id: string): DeliveryRecord {
  const found = store.deliveries.find(id);
  if (found !== null) return found;
  throw new AppError('delivery.not_found', `Delivery not found: ${id}`, { hint: 'Look at the list of deliveries.' });
}

function deliveryOf(session: ProjectSession, id: string): DeliveryDetail {
  const found = findDelivery(session, id);
  const body = session.store.deliveries.body(id);
  return {
    ...found,
    ...(found.kind === 'webhook' ? { headers: headersToShow(found.headers) } : {}),
    data: runDataOf(found, () => body),
    run: found.runId === null ? null : session.store.runs.find(found.runId),
    bodyText: body === null ? null : new TextDecoder().decode(body.subarray(0, SHOWN_BODY_BYTES)),
  };
}

async function redeliver(
  session: ProjectSession,
  { id, versionHash, inputs }: ParsedInputOf<'deliveries.redeliver'>,
  actor: Actor,
): Promise<DeliveryDetail> {
  const found = findDelivery(session, id);
  const body = bodyOf(session, found);
  const checked = recheck(session, found, body);
  const again = randomHex(16);
  const { run: _run, bodyText: _text, runId: _runId, bodyBytes: _bytes, ...came } = deliveryOf(session, id);
  await session.triggers.inlet.take(
    {
      ...came,
      id: again,
      receivedAt: session.clock.now(),
      state: 'received',
      reason: null,
      title: found.title,
      body,
      data: found.data,
      checks: found.checks.filter(({ name }) => name !== 'start'),
      ...checked,
    },
    { actor, ...(versionHash === undefined ? {} : { versionHash }), ...(inputs === undefined ? {} : { inputs }) },
  );
  return deliveryOf(session, again);
}

/** What a refused webhook says now that its secret is mended; of any other delivery nothing changes. */
function recheck(session: ProjectSession, found: DeliveryRecord, body: Uint8Array | null): Partial<Rechecked> {
  if (found.kind !== 'webhook' || found.state !== 'rejected') return {};
  const trigger = found.triggerKey === null ? null : session.triggers.armed(found.triggerKey);
  if (trigger === null)
    throw new AppError('trigger.not_armed', 'The webhook is not armed.', {
      hint: 'Arm it, then play the delivery again.',
    });
  return recheckDelivery(found, body, {
    config: trigger.config,
    source: session.triggers.webhooks.secrets.sourceOf(trigger.workflowId),
  });
}

/** The inputs that its trigger would start the armed version with. */
async function inputsOfDelivery(session: ProjectSession, id: string): Promise<OutputOf<'deliveries.inputs'>> {
  const found = findDelivery(session, id);
  const { triggerKey } = found;
  await session.triggers.registry.refresh();
  const trigger = triggerKey === null ? null : session.triggers.armed(triggerKey);
  if (trigger === null)
    throw new AppError('trigger.not_armed', 'The trigger of this delivery is not armed.', { hint: 'Arm it first.' });
  const { workflowPath, consent } = trigger;
  const version = await session.host.loadVersion({ versionHash: consent.contentHash, workflowPath });
  const inputs = inputsOf(session, version, { trigger, data: runDataOf(found, () => bodyOf(session, found)) });
  return { workflow: trigger.workflowId, inputs: shownInputs(version.workflow.inputs, inputs) };
}

/** What came, for whoever goes on with it. `delivery.body_gone` when it is older than it is kept. */
function bodyOf({ store }: ProjectSession, { id, bodyBytes, state }: DeliveryRecord): Uint8Array | null {
  const body = store.deliveries.body(id);
  if (body !== null || bodyBytes === 0 || state === 'rejected') return body;
  throw new AppError('delivery.body_gone', 'What this delivery held is no longer there: bodies are kept for 30 days.', {
    hint: 'Let the sender send it again.',
  });
}
