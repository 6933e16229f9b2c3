import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { AppError, toErrorRecord } from '../../shared/errors.ts';
import type { BackupDrill, BackupInfo, BackupReport, RestoredProject } from '../../shared/model/backup.ts';
import { toFileError, writeFileAtomic } from '../files/index.ts';
import { ensureStateDirs, projectPaths } from '../projects/index.ts';
import { listBackups, placesIn, shownBackup, workApart } from '../storage/index.ts';
import { noSuchBackup } from './offer-restore.ts';
import type { ProjectSession } from './project-session.ts';

/** How long changes may be without a backup. */
const EVERY_MS = 15 * 60_000;
/** Whoever quits waits so long for the last one. */
const QUIT_WAIT_MS = 20_000;
/** The newest, and the newest of each of the last days that have one. */
const KEPT_NEWEST = 2;
const KEPT_DAYS = 3;

/** Backups of the state of a project: made by themselves while it is hosted, kept for some days, tried out, brought back (SPEC §9). */
export class ProjectBackups {
  readonly #session: ProjectSession;
  readonly #onBug: (error: unknown) => void;
  #isHosting = false;
  #isClosed = false;
  #stopTimer: (() => void) | null = null;
  #stopWork: (() => unknown) | null = null;
  #failed: BackupReport['failed'] = null;
  /** One after the other: each reads the whole store. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(session: ProjectSession, onBug: (error: unknown) => void) {
    this.#session = session;
    this.#onBug = onBug;
  }

  /** From now on what was changed is backed up by itself, and once more when the project is closed. */
  host(): void {
    this.#isHosting = true;
    this.#makeLater();
  }

  async report(): Promise<BackupReport> {
    const folder = this.#dir;
    const backups = listBackups(folder).map(shownBackup);
    return { folder, backups, drill: await this.#readDrill(), failed: this.#failed, isHosting: this.#isHosting };
  }

  /** Makes one now; the oldest that nobody needs go then. Errors: `file.disk_full`, `file.io`, `store.corrupt`; earlier ones stay. */
  make(): Promise<BackupInfo> {
    return this.#inTurn(() => this.#make());
  }

  /** Brings the newest one back into a temporary place, opens it there and counts. */
  drill(): Promise<BackupDrill> {
    return this.#inTurn(() => this.#drill());
  }

  /**
   * Brings a backup back as a project of its own in an empty or new folder, with the files of workflows, tools and triggers as they are now.
   * Errors: `file.not_found` = no such backup, `project.exists`, `file.*`, `store.corrupt`.
   */
  restore(path: string, name: string | null): Promise<RestoredProject> {
    return this.#inTurn(() => this.#restore(path, name));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer?.();
    if (this.#isHosting && this.#isChanged()) {
      const stopWaiting = this.#session.clock.setTimer(QUIT_WAIT_MS, () => void this.#stopWork?.());
      await this.make().catch(() => undefined);
      stopWaiting();
    }
    await this.#last;
  }

  get #dir(): string {
    return this.#session.paths.backupsDir;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #make(): Promise<BackupInfo> {
    const { paths, clock } = this.#session;
    const at = clock.now();
    const folder = join(this.#dir, new Date(at).toISOString().replace(/[-:]|\.(?=\d+Z)/g, ''));
    const { storeFile, logsFile, blobsDir, archivesDir } = paths;
    const thread = workApart({ kind: 'make', from: { storeFile, logsFile, blobsDir, archivesDir }, folder, at });
    this.#stopWork = thread.stop;
    try {
      const made = await thread.done;
      this.#failed = null;
      await this.#thinOut();
      return made;
    } catch (error) {
      await rm(`${folder}.part`, { recursive: true, force: true });
      const failure = noBackup(error);
      this.#failed = { at, error: toErrorRecord(failure) };
      throw failure;
    } finally {
      this.#stopWork = null;
    }
  }

  async #thinOut(): Promise<void> {
    const backups = listBackups(this.#dir);
    const newestOfDay = new Map(backups.toReversed().map((one) => [new Date(one.at).toISOString().slice(0, 10), one]));
    const kept = new Set([...backups.slice(0, KEPT_NEWEST), ...[...newestOfDay.values()].slice(-KEPT_DAYS)]);
    for (const one of backups)
      if (!kept.has(one)) await rm(join(this.#dir, one.name), { recursive: true, force: true });
  }

  async #drill(): Promise<BackupDrill> {
    const { clock } = this.#session;
    const [newest] = listBackups(this.#dir);
    if (newest === undefined) throw noSuchBackup(null);
    const at = clock.now();
    const place = await mkdtemp(join(this.#dir, 'drill-')).catch((error: unknown) => {
      throw toFileError(error, this.#dir);
    });
    let outcome: Pick<BackupDrill, 'counts' | 'problem'>;
    try {
      const work = workApart({ kind: 'restore', folder: join(this.#dir, newest.name), to: placesIn(place) });
      outcome = { counts: await work.done, problem: null };
    } catch (error) {
      outcome = { counts: null, problem: toErrorRecord(error) };
    } finally {
      await rm(place, { recursive: true, force: true });
    }
    const drill: BackupDrill = { backup: newest.name, at, tookMs: clock.now() - at, ...outcome };
    await writeFileAtomic(this.#drillFile, `${JSON.stringify(drill, null, 2)}\n`);
    return drill;
  }

  get #drillFile(): string {
    return join(this.#dir, 'drill.json');
  }

  /** Null = none was tried, or what stands there is none. */
  #readDrill(): Promise<BackupDrill | null> {
    return readFile(this.#drillFile, 'utf8')
      .then(
        (text) => JSON.parse(text) as BackupDrill,
        () => null,
      )
      .catch(() => null);
  }

  async #restore(path: string, name: string | null): Promise<RestoredProject> {
    const backup = listBackups(this.#dir).find((one) => name === null || one.name === name);
    if (backup === undefined) throw noSuchBackup(name);
    const target = projectPaths(isAbsolute(path) ? path : resolve(this.#session.paths.project, path));
    const found = await readdir(target.project).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw toFileError(error, target.project);
    });
    if (found.length > 0)
      throw new AppError('project.exists', `The folder is not empty: ${target.project}`, {
        hint: 'Name a new folder: nothing is ever written over.',
      });
    await ensureStateDirs(target);
    const { storeFile, logsFile, blobsDir, archivesDir } = target;
    const to = { storeFile, logsFile, blobsDir, archivesDir };
    const counts = await workApart({ kind: 'restore', folder: join(this.#dir, backup.name), to }).done;
    await this.#copyFiles(target.project);
    return { ...counts, backup: backup.name, path: target.project };
  }

  /** Settings, workflows, tools and triggers: all of the project that is not its state. */
  async #copyFiles(to: string): Promise<void> {
    const { paths } = this.#session;
    const filter = (from: string): boolean => from !== paths.stateDir;
    for (const from of [paths.configFile, paths.localConfigFile, paths.root])
      await cp(from, join(to, basename(from)), { recursive: true, verbatimSymlinks: true, filter }).catch(
        (error: unknown) => {
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw toFileError(error, from);
        },
      );
  }

  /** Runs or the audit went on since the newest one. */
  #isChanged(): boolean {
    const { journal, audit } = this.#session.store;
    const [newest] = listBackups(this.#dir);
    if (newest === undefined) return journal.position > 0;
    return newest.position !== journal.position || newest.auditSeq !== audit.height();
  }

  #makeLater(): void {
    if (this.#isClosed) return;
    this.#stopTimer = this.#session.clock.setTimer(EVERY_MS, () => {
      const made = this.#isChanged() ? this.make() : Promise.resolve();
      made
        .catch((error: unknown) => {
          // What the screen and doctor say of it is enough; a bug is reported.
          if (!(error instanceof AppError) && !this.#isClosed) this.#onBug(error);
        })
        .finally(() => this.#makeLater());
    });
  }
}

/** In the words of whoever reads that there is no new backup. */
function noBackup(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'file.disk_full') return error;
  return new AppError('file.disk_full', 'The disk is full: no new backup was made. The earlier ones stay.', {
    hint: 'Free some space; the next backup is made by itself.',
    cause: error,
  });
}
