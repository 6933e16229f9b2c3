import { resolve } from 'node:path';
import type { LiveEvent, RunDueResult } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { WorkflowPin } from '../../shared/model/events.ts';
import type { Actor } from '../../shared/model/run.ts';
import { createLibraryCache, listLibrary } from '../projects/index.ts';
import {
  type ArmedTrigger,
  type EndedPauses,
  type EventFeed,
  everyMinute,
  jitterOf,
  type KnownTrigger,
  nextPlanned,
  pausedUntil,
  readJob,
  readTriggers,
  type ScheduleJob,
  type Scheduler,
  TriggerHost,
  type TriggerHostOptions,
  TriggerInlet,
  TriggerRegistry,
  type WebhookIntakeHub,
  type WrittenTrigger,
} from '../triggers/index.ts';
import { toArrival } from './event-inbox.ts';
import type { ProjectSession } from './project-session.ts';
import { ProjectWatches } from './project-watches.ts';
import { ProjectWebhooks } from './project-webhooks.ts';
import { pinVersion, readStart } from './start-run.ts';
import { startTriggered } from './start-triggered.ts';
import { findSubWorkflows } from './sub-workflows.ts';
import { openScheduler, openTriggerParts } from './trigger-parts.ts';
import { requireTrusted } from './trust-gate.ts';

/** What starts by itself in an open project. */
export class ProjectTriggers {
  readonly registry: TriggerRegistry;
  readonly inlet: TriggerInlet;
  readonly webhooks: ProjectWebhooks;
  readonly watches: ProjectWatches;
  readonly #session: ProjectSession;
  readonly #publish: (event: LiveEvent) => void;
  readonly #onBug: (error: unknown) => void;
  /** Null where triggers do not act in this process. */
  scheduler: Scheduler | null = null;
  #host: TriggerHost | null = null;
  #events: EventFeed | null = null;
  #stopTicks: (() => void) | null = null;

  constructor(
    session: ProjectSession,
    options: {
      readonly publish: (event: LiveEvent) => void;
      readonly onBug: (error: unknown) => void;
      /** Who listens for webhooks in this process. */
      readonly intake: WebhookIntakeHub;
    },
  ) {
    this.#session = session;
    this.#publish = options.publish;
    this.#onBug = options.onBug;
    const { store, clock, paths } = session;
    const cache = createLibraryCache();
    this.registry = new TriggerRegistry({
      stoppedAt: (userId) => session.access.directory.stoppedAt(userId),
      // The files themselves are looked at: what the system says of changes comes late.
      read: async () => {
        const { triggers, problems } = await readTriggers(await listLibrary(paths, { cache }), paths);
        return { triggers: [...triggers, ...this.watches.opened()], problems };
      },
      hashOf: async (trigger) => (await this.#read(trigger)).reading.contentHash,
      pin: async (trigger) => {
        const { reading } = await this.#read(trigger);
        const version = session.host.toVersion(reading, trigger.workflowPath);
        const { pins, found } = await findSubWorkflows(session, { version, reading });
        const kept = [{ reading, version }, ...found];
        await session.heldVersions.during(
          kept.map((one) => one.version.hash),
          async () => {
            for (const one of kept) await pinVersion(session, one.reading);
          },
        );
        return { hash: version.hash, label: version.workflow.version, pins };
      },
      isProven: (workflowId, hash) => store.runs.hasSucceededByHand(workflowId, hash),
      trust: session.trust,
      requireTrusted: (trigger, hash, pins) => {
        const { workflowPath, workflowName: name } = trigger;
        requireTrusted(session, { hash, workflowPath, workflow: { name } });
        for (const pin of pins)
          requireTrusted(session, {
            hash: pin.versionHash,
            workflowPath: pin.workflowPath,
            workflow: { name: pin.workflowId },
          });
      },
      rows: store.triggers,
      now: () => clock.now(),
      onPausesEnded: (end) => session.store.occurrences.together(() => auditEnds(session, end())),
      onChange: () => this.changed(),
    });
    this.inlet = new TriggerInlet({
      deliveries: store.deliveries,
      start: (start) => startTriggered(session, start),
      armed: (key) => this.armed(key),
      noteStart: (key, runId) => this.registry.noteStart(key, runId),
      pause: (key, reason) => this.registry.pause(key, { at: clock.now(), by: 'system', until: null, reason }),
      now: () => clock.now(),
      onChange: () => this.#publish({ kind: 'triggers' }),
      waits: {
        takerOf: (workflowId, row, body) =>
          session.engine.events.takerOf(workflowId, row.endpoint, () => toArrival(row, body)),
        tell: (row, body) => session.engine.events.tell(row.endpoint, () => toArrival(row, body)),
      },
    });
    const { registry, inlet } = this;
    const { onBug } = options;
    const onChange = (): void => this.#publish({ kind: 'triggers' });
    this.webhooks = new ProjectWebhooks(session, { registry, inlet, hub: options.intake, onChange, onBug });
    this.watches = new ProjectWatches(session, { registry, inlet, onChange, onBug });
  }

  /** The armed trigger of a key, or null. */
  armed(key: string): ArmedTrigger | null {
    return this.registry.armedOf(key);
  }

  /** When it starts next by itself, UTC ms; null = nobody can know, or never. */
  nextAt(known: KnownTrigger): number | null {
    const now = this.#session.clock.now();
    const isComing = known.status === 'armed' || known.status === 'paused';
    const from = isComing ? pausedUntil(known.pauses, now) : null;
    const job = from === null ? null : this.jobOf(known);
    if (job === null || from === null) return null;
    // What is planned for the very end of a pause starts.
    const at = nextPlanned({ ...job.timing, exclusions: job.exclusions }, from === now ? now : from - 1);
    return at === null ? null : at + jitterOf(job.key, at, job.jitterMs);
  }

  /** What a schedule trigger says; null for every other kind, and where it cannot be understood. */
  jobOf({ trigger, stored }: Pick<KnownTrigger, 'trigger' | 'stored'>): ScheduleJob | null {
    if (trigger.kind !== 'schedule') return null;
    try {
      const { clock, config } = this.#session;
      return readJob(trigger, stored?.createdAt ?? clock.now(), config.scheduler);
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }

  /** What a trigger's workflow calls as it stands now. Errors: those of `findSubWorkflows`. */
  async callsOf(trigger: WrittenTrigger): Promise<readonly WorkflowPin[]> {
    const { reading } = await this.#read(trigger);
    const version = this.#session.host.toVersion(reading, trigger.workflowPath);
    return (await findSubWorkflows(this.#session, { version, reading })).pins;
  }

  /** The armed version with the trigger's inputs, now, as the run of whoever asks for it. */
  async startByHand(trigger: ArmedTrigger, actor: Actor): Promise<{ readonly runId: string }> {
    const at = this.#session.clock.now();
    const started = await startTriggered(this.#session, { trigger, startKey: null, at, data: {}, chain: [], actor });
    this.registry.noteStart(trigger.key, started.runId);
    return started;
  }

  /** From now on triggers act in this process. */
  async host(): Promise<void> {
    const { registry, inlet, webhooks } = this;
    const parts = openTriggerParts(this.#session, { registry, inlet }, this.#listeners());
    this.#events = parts.event;
    await this.#begin(parts.schedule, { ...parts, webhook: webhooks, file: this.watches.part });
  }

  /** The same of schedules alone, for as long as what the timer of the system started takes; resolves when what is due has been started. */
  async hostForTimer(): Promise<void> {
    const schedule = openScheduler(this.#session, this.registry, { ...this.#listeners(), host: 'timer' });
    await this.#begin(schedule, { schedule });
    await schedule.idle();
  }

  #listeners(): { readonly onChange: () => void; readonly onBug: (error: unknown) => void } {
    return { onChange: () => this.#publish({ kind: 'triggers' }), onBug: this.#onBug };
  }

  async #begin(scheduler: Scheduler, parts: TriggerHostOptions['parts']): Promise<void> {
    const { registry, inlet } = this;
    this.scheduler = scheduler;
    this.#host = new TriggerHost({ registry, inlet, parts, clock: this.#session.clock, onBug: this.#onBug });
    await this.#host.open();
    this.#stopTicks = everyMinute(() => this.scheduler?.look());
  }

  /** True when triggers act in this process. */
  get isHosting(): boolean {
    return this.#host !== null;
  }

  /** One look at the ledger: what is due is started, by the host of the triggers or, where there is none, here. */
  async runDue(name?: string): Promise<RunDueResult> {
    await this.registry.refresh();
    const only = name === undefined ? undefined : this.registry.find(name).trigger.key;
    const armed = this.registry.armed().filter(({ kind }) => kind === 'schedule');
    if (only !== undefined && !armed.some(({ key }) => key === only))
      throw new AppError('trigger.not_armed', `${only}: this schedule is not armed.`, { hint: 'Arm it first.' });
    const { store, clock } = this.#session;
    const before = clock.now();
    const scheduler = this.scheduler ?? openScheduler(this.#session, this.registry, { ...this.#listeners(), only });
    try {
      if (scheduler === this.scheduler) scheduler.look();
      else scheduler.update(armed);
      await scheduler.idle();
    } finally {
      if (scheduler !== this.scheduler) await scheduler.close();
    }
    const rows = store.occurrences.list({ triggerKey: only, limit: 1000 });
    const touched = rows.filter(({ at, state }) => at >= before || state === 'planned' || state === 'claimed');
    return { occurrences: touched, schedules: armed.length };
  }

  /** Why nothing can come at the path of a webhook; null = something can, or triggers do not act in this process. */
  webhookProblem(path: string): string | null {
    return this.isHosting ? this.webhooks.receiver.problemAt(path) : null;
  }

  /** Something of a run was committed. */
  noteRun(): void {
    this.#events?.wake();
    this.scheduler?.runsChanged();
  }

  /** The computer has slept: what was due meanwhile is looked at, and whether a pause has ended. */
  woke(): void {
    this.#host?.update();
  }

  /** What may start is another by now. */
  changed(): void {
    this.#host?.update();
    this.#publish({ kind: 'triggers' });
  }

  /** Resolves when nothing of it asks the store any more. `quitBy` = who wants that nothing starts by itself any more. */
  async close(quitBy: string | null): Promise<void> {
    this.#stopTicks?.();
    await this.#host?.close(quitBy);
    await this.inlet.close();
    await this.registry.close();
  }

  #read(trigger: WrittenTrigger): ReturnType<typeof readStart> {
    return readStart(this.#session, resolve(this.#session.paths.project, trigger.workflowPath));
  }
}

/** Nobody is there when a pause ends by itself: the audit says that the app let triggers go on. */
function auditEnds({ audit }: ProjectSession, { all, keys }: EndedPauses): void {
  const names = [...(all ? [''] : []), ...keys];
  for (const name of names)
    audit.write({
      type: 'config.changed',
      userId: 'system',
      resourceType: 'trigger',
      resourceId: name,
      action: name === '' ? 'triggers.resumeAll' : 'triggers.resume',
      details: { phase: 'outcome', before: { paused: true }, after: { paused: false }, by: 'the end of the pause' },
      door: 'engine',
    });
}
