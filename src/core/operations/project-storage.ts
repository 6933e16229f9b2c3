import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { CleanupPlan, CleanupResult, Retention, StorageReport } from '../../shared/model/storage.ts';
import { createTurns } from '../../shared/turns.ts';
import { type ProjectConfig, writeSettings } from '../projects/index.ts';
import { ProjectBackups } from './project-backups.ts';
import type { ProjectSession } from './project-session.ts';
import {
  freeOnDisk,
  type Measured,
  measureStorage,
  planCleanup,
  runsToRemove,
  storageReport,
} from './storage-sizes.ts';
import { syncedBy } from './synced-folder.ts';

const DAY_MS = 86_400_000;
const MONTH_MS = 30 * DAY_MS;
/** How often it is looked whether a day has passed since the last cleanup. */
const LOOK_MS = 3_600_000;
/** What was measured is true for so long, where nothing was removed. */
const MEASURED_FOR_MS = 60_000;
const DELIVERIES_A_TURN = 500;
/** What is written where (SPEC §14). */
const KEYS: Readonly<Record<keyof Retention, string>> = {
  runs: 'logging.retention_days',
  deliveries: 'retention.deliveries_days',
  audit: 'retention.audit_days',
  queue: 'retention.queue_days',
};

const retentionOf = ({ logging, retention }: ProjectConfig): Retention => ({
  ...{ runs: logging.retentionDays, deliveries: retention.deliveriesDays },
  ...{ audit: retention.auditDays, queue: retention.queueDays },
});
/** Who keeps to the settings every day. */
const KEEPER: Actor = { kind: 'system', id: 'retention', door: 'engine' };

/** What goes is seen before it goes for the first time (SPEC §9). */
const notAgreed = ({ runs, deliveries, bytes, days }: CleanupPlan): AppError =>
  new AppError('storage.not_agreed', 'Nothing was removed: this is the first cleanup of this project.', {
    hint: `It would remove ${grouped(runs)} runs older than ${grouped(days)} days. Look at them, then agree to it.`,
    details: { runs, deliveries, bytes },
  });

/** The room that a project takes, and who keeps it in bounds (SPEC §9 "Retention"). */
export class ProjectStorage {
  readonly backups: ProjectBackups;
  readonly #session: ProjectSession;
  readonly #onBug: (error: unknown) => void;
  #retention: Retention;
  #measured: { readonly at: number; readonly value: Promise<Measured> } | null = null;
  #stopTimer: (() => void) | null = null;
  #isClosed = false;
  /** One cleanup after the other. */
  readonly #inTurn = createTurns();

  constructor(session: ProjectSession, onBug: (error: unknown) => void) {
    this.#session = session;
    this.#onBug = onBug;
    this.#retention = retentionOf(session.config);
    this.backups = new ProjectBackups(session, onBug);
  }

  /** From now on what is too old goes by itself, once a day, as far as a person has agreed, and what is changed is backed up. */
  host(): void {
    this.backups.host();
    this.#lookLater();
  }

  async report(): Promise<StorageReport> {
    const { store, paths, clock } = this.#session;
    return storageReport(await this.#measure(), clock.now() - MONTH_MS, {
      freeOnDisk: await freeOnDisk(paths.project),
      retention: this.#retention,
      isAgreed: this.#isAgreed(),
      cleanedAt: store.sizes.mark('cleaned-at'),
      syncedBy: syncedBy(paths.project),
      indexBytes: store.search.bytes,
    });
  }

  async plan(days = this.#retention.runs): Promise<CleanupPlan> {
    const bounds = this.#bounds(days);
    const { deliveries, auditEvents } = bounds;
    const measured = await this.#measure();
    const removed = runsToRemove(measured.runs, bounds.before);
    const runs = removed.map(({ runNo, runId }) => ({ runNo, runId }));
    const { reader } = this.#session.store;
    const after = await reader.ask('fileSizesWithout', { runs, deliveries, auditEvents });
    return planCleanup(measured, removed, { ...bounds, after });
  }

  /**
   * Removes what `plan` names. A person asks for it: what the settings say is kept to by itself from then on, once the person `agrees`.
   * Error: `storage.not_agreed`.
   */
  cleanup(
    actor: Actor,
    { agrees, days = this.#retention.runs }: { readonly agrees: boolean; readonly days?: number | undefined },
  ): Promise<CleanupResult> {
    return this.#inTurn(async () => {
      if (!agrees && !this.#isAgreed()) throw notAgreed(await this.plan(days));
      return this.#cleanup(days, actor);
    });
  }

  /** How long things stay. */
  get retention(): Retention {
    return this.#retention;
  }

  /** Writes that into the settings and keeps to it from now on. Errors: `config.invalid`, `file.*`. */
  async setRetention(wanted: { readonly [K in keyof Retention]?: number | undefined }): Promise<void> {
    const changes = (Object.keys(KEYS) as (keyof Retention)[]).flatMap((what) => {
      const days = wanted[what];
      return days === undefined || days === this.#retention[what] ? [] : [[KEYS[what], days] as const];
    });
    const written = { changes: Object.fromEntries(changes), env: process.env };
    this.keepTo((await writeSettings(this.#session.paths, written)).config);
  }

  /** From now on things stay as long as these settings say. */
  keepTo(config: ProjectConfig): void {
    this.#retention = retentionOf(config);
  }

  /** What stays is another by now. */
  changed(): void {
    this.#measured = null;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer?.();
    await this.#inTurn(async () => undefined);
  }

  async #cleanup(days: number, actor: Actor): Promise<CleanupResult> {
    const { store, engine, leftovers, metrics, clock } = this.#session;
    const sizeBefore = await this.#sizeNow();
    await metrics.catchUp();
    // One that is damaged is made anew first: it could not let go of the words of what is removed.
    await store.search.check();
    const { before } = this.#bounds(days);
    let runs = 0;
    for (const { runId } of runsToRemove((await this.#measure()).runs, before)) {
      if (this.#isClosed) break;
      // One that was pinned or begun anew meanwhile stays.
      if (store.sizes.isPinned(runId)) continue;
      await engine.deleteRun(runId).then(
        () => {
          runs += 1;
        },
        () => undefined,
      );
    }
    const deliveries = await this.#dropDeliveries();
    const auditEvents = await this.#cutAudit(actor);
    await leftovers.sweep();
    const isCompacted = await this.#compact();
    store.sizes.setMark('cleaned-at', clock.now());
    store.sizes.setMark('agreed-days', Math.min(days, store.sizes.mark('agreed-days') ?? days));
    this.#measured = null;
    return { runs, deliveries, auditEvents, bytes: Math.max(0, sizeBefore - (await this.#sizeNow())), isCompacted };
  }

  async #dropDeliveries(): Promise<number> {
    const before = this.#daysAgo(this.#retention.deliveries);
    let dropped = 0;
    for (;;) {
      const count = this.#session.store.sizes.dropDeliveries(before, DELIVERIES_A_TURN);
      dropped += count;
      if (count < DELIVERIES_A_TURN) return dropped;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** False while runs are at work, or where the disk or another program does not let it: the next cleanup does it. */
  async #compact(): Promise<boolean> {
    const { engine, store } = this.#session;
    const mayGoOn = (): boolean => engine.isIdle && !this.#isClosed;
    if (!mayGoOn()) return false;
    try {
      store.sizes.compact();
      return await store.search.compact(mayGoOn);
    } catch {
      return false;
    }
  }

  async #sizeNow(): Promise<number> {
    this.#measured = null;
    const { total } = await this.report();
    return total;
  }

  #daysAgo(days: number): number {
    return this.#session.clock.now() - days * DAY_MS;
  }

  #bounds(days: number): Pick<CleanupPlan, 'days' | 'before' | 'deliveries' | 'auditEvents'> {
    const { store } = this.#session;
    const deliveries = store.sizes.oldDeliveries(this.#daysAgo(this.#retention.deliveries));
    const lastOld = store.audit.lastBefore(this.#daysAgo(this.#retention.audit));
    const auditEvents = lastOld === 0 ? 0 : store.audit.countThrough(lastOld);
    return { days, before: this.#daysAgo(days), deliveries, auditEvents };
  }

  /** The beginning of the audit goes as a signed cut; one that is broken stays as it is, and `doctor` says so. */
  async #cutAudit(actor: Actor): Promise<number> {
    const { audit, store } = this.#session;
    const before = this.#daysAgo(this.#retention.audit);
    if (store.audit.lastBefore(before) === 0) return 0;
    try {
      return (await audit.deleteBefore(before, actor)).removed;
    } catch (error) {
      if (error instanceof AppError && error.code === 'audit.broken') return 0;
      throw error;
    }
  }

  /** A person removed what was of this age, or younger, before. */
  #isAgreed(): boolean {
    const agreed = this.#session.store.sizes.mark('agreed-days');
    return agreed !== null && agreed <= this.#retention.runs;
  }

  #measure(): Promise<Measured> {
    const { store, paths, clock } = this.#session;
    if (this.#measured !== null && clock.now() - this.#measured.at < MEASURED_FOR_MS) return this.#measured.value;
    const value = measureStorage(store.reader, {
      runsDir: paths.runsDir,
      archivesDir: paths.archivesDir,
      blobFile: (hash) => store.blobFile(hash),
      logPlaces: this.#session.followers.logPlaces(),
    });
    this.#measured = { at: clock.now(), value };
    value.catch(() => {
      this.#measured = null;
    });
    return value;
  }

  #lookLater(): void {
    if (this.#isClosed) return;
    this.#stopTimer = this.#session.clock.setTimer(LOOK_MS, () => {
      this.#look()
        .catch((error: unknown) => {
          if (!this.#isClosed) this.#onBug(error);
        })
        .finally(() => this.#lookLater());
    });
  }

  async #look(): Promise<void> {
    const { store, clock } = this.#session;
    const cleanedAt = store.sizes.mark('cleaned-at') ?? 0;
    if (!this.#isAgreed() || clock.now() - cleanedAt < DAY_MS) return;
    await this.cleanup(KEEPER, { agrees: false });
  }
}
