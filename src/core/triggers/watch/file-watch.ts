import { isAbsolute } from 'node:path';
import { grouped } from '../../../shared/grouped.ts';
import { errnoOf } from '../../files/index.ts';
import { SeenTree, type TreeDifference, takeIn, takeNow } from './compare-tree.ts';
import type { FileEvent } from './file-event.ts';
import { type GoneAnswer, type GoneFile, GoneFiles } from './gone-files.ts';
import { PartNotices } from './part-notices.ts';
import { scanTree, type TreeToScan } from './scan-tree.ts';
import { deletedEvent, settleFiles } from './settle-files.ts';
import { type Look, Settling } from './settling.ts';
import { ShownFiles } from './shown-files.ts';
import { tellEvents } from './tell-events.ts';
import type { KnownFile } from './watch-cursor.ts';
import type { FileWatchOptions } from './watch-options.ts';
import { findRootProblem, readRootMark, relativeTo } from './watch-root.ts';
import type { GoneQuestion, WatchState, WatchStatus } from './watch-state.ts';
import { lookAt, type SeenFile, type Sight } from './watched-file.ts';

const POLL_MS = 5_000;
const BEAT_MS = 30_000;
const RESCAN_MS = 5 * 60_000;
const SLEEP_GAP_MS = 30_000;
const LOOKS_AT_ONCE = 64;
const SWEEP_STEP_MS = 10;
/** Half of what the system's queue holds: beyond it hints may be lost. */
const FLOOD = 8_000;
/** How old a file must be at the first look to count as complete. */
const FRESH_MS = 10_000;
const FOLDER_LOOK: Look = { size: -1, mtimeMs: 0 };

/**
 * Watches one tree. Hints say where to look; what happened is the difference between what is there and the cursor.
 *
 * Invariants:
 * 1. An event leaves only when its path is at rest, and once: its cursor change is written with it.
 * 2. One piece of work at a time (`#enqueue`): scans, looks and answers never meet half-way.
 * 3. Nothing is told, and nothing forgotten, of files that are missing while the root cannot be seen, or while a person is asked.
 * 4. What could not be looked at (no right, a network that is gone) is neither there nor gone.
 */
export class FileWatch {
  readonly #options: FileWatchOptions;
  readonly #tree: TreeToScan;
  readonly #settling: Settling;
  readonly #gone = new GoneFiles();
  /** What was there (or not) when the watch began, and is not told as long as it stays so. */
  readonly #taken = new Map<string, SeenFile | 'absent'>();
  /** Paths of which the system told by name, until they are at rest. */
  readonly #told = new Set<string>();
  readonly #parts = new PartNotices();
  readonly #stopping = new AbortController();
  #status: WatchStatus = 'starting';
  #reason: string | null = null;
  #question: GoneQuestion | null = null;
  #queue: Promise<void> = Promise.resolve();
  #closeHints: () => Promise<void> = () => Promise.resolve();
  #stopSweep: (() => void) | null = null;
  #stopBeat: () => void = () => undefined;
  #beatDueAt = 0;
  #scannedAt = 0;
  #hintCount = 0;

  constructor(options: FileWatchOptions) {
    this.#options = options;
    this.#tree = { root: options.root, from: '', filter: options.filter, isNetwork: options.isNetwork };
    this.#settling = new Settling(options.debounceMs, options.isBatch);
  }

  state(): WatchState {
    const notices = this.#parts.list(POLL_MS / 1000);
    const files = this.#options.cursor.count();
    const waiting = this.#settling.size;
    return { status: this.#status, reason: this.#reason, question: this.#question, files, waiting, notices };
  }

  /** Looks at the tree, takes in what happened while it was off, and listens. Resolves when everything from now on is noticed. */
  async start(): Promise<void> {
    this.#beat();
    await this.#enqueue(() => this.#open());
  }

  /** Looks at the whole tree once more. */
  rescan(): Promise<void> {
    return this.#enqueue(() => this.#rescan());
  }

  /** Resolves when all that is due now was looked at and told. */
  settled(): Promise<void> {
    return this.#enqueue(() => this.#sweep());
  }

  /** Takes the answer of a person to the open question; without one it changes nothing. */
  answer(answer: GoneAnswer): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#status !== 'asking') return;
      const gone = this.#gone.answer(answer);
      this.#setStatus('watching');
      await this.#tellDeleted(gone);
      await this.#sweep();
    });
  }

  /** After `held`: goes on with what was kept. */
  release(): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#status !== 'held') return;
      this.#setStatus('watching');
      await this.#sweep();
    });
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#stopBeat();
    this.#stopSweep?.();
    await this.#queue;
    await this.#closeHints();
    this.#status = 'closed';
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const next = this.#queue.then(() => (this.#stopping.signal.aborted ? undefined : work()));
    this.#queue = next.catch(() => undefined);
    return next;
  }

  #setStatus(status: WatchStatus, reason: string | null = null): void {
    if (status !== 'asking') this.#question = null;
    this.#status = status;
    this.#reason = reason;
    this.#options.onState(this.state());
    this.#beat();
  }

  // The root

  /** The first look: what is there is known from now on, or compared with what was known. */
  async #open(): Promise<void> {
    if (!(await this.#isRootThere())) return;
    const { cursor, catchesUp, root, isNetwork } = this.#options;
    const mark = await readRootMark(root);
    const mode = cursor.rootMark() !== null && catchesUp ? 'tell' : 'take';
    const take = (files: readonly SeenFile[]): void => {
      this.#meet(files, 'take');
      takeNow(files, cursor);
    };
    const seen = new SeenTree(mode === 'take' && cursor.count() === 0 ? take : null);
    const isShown = !(await isNetwork(root)) && (await this.#listen(seen));
    if (isShown) await this.#apply(seen.compare(cursor, '', []), mode);
    else await this.#scan('', mode);
    if (mark !== null) cursor.markRoot(mark);
    this.#setStatus('watching');
    // What came between the look at a folder and the first hint from it is seen by a second look.
    this.rescan().catch(() => undefined);
  }

  /** Begins to listen. True = all files were shown on the way. */
  async #listen(seen: SeenTree): Promise<boolean> {
    const { root, filter, hints } = this.#options;
    const walk = new ShownFiles(filter, seen);
    const toRelative = (path: string): string => relativeTo(root, path);
    try {
      const heard = await hints.start(root, (folder) => filter.enters(toRelative(folder)), {
        onHint: (path) => this.#hint(toRelative(path)),
        onLost: (folder, code) => this.#lose(toRelative(folder), code),
        onFile: (path, stats) => walk.show(toRelative(path), stats),
      });
      this.#closeHints = heard.close;
      await walk.end(root);
      return heard.hasShownFiles;
    } catch (thrown) {
      this.#lose('', errnoOf(thrown) || 'no hints');
      return false;
    }
  }

  /** Whether the root can be seen; if not, the watch is `unavailable` and forgets nothing (invariant 3). */
  async #isRootThere(): Promise<boolean> {
    const problem = await findRootProblem(this.#tree, this.#options.cursor);
    if (problem === null) return true;
    this.#gone.takeAll();
    this.#settling.clear();
    await this.#closeHints();
    this.#closeHints = () => Promise.resolve();
    if (this.#reason !== problem) this.#setStatus('unavailable', problem);
    return false;
  }

  // Hints

  #hint(path: string): void {
    if (this.#stopping.signal.aborted || path.split('/')[0] === '..' || isAbsolute(path)) return;
    const { filter } = this.#options;
    if (!filter.wants(path) && !filter.enters(path)) return;
    this.#hintCount++;
    this.#told.add(path);
    this.#touch(path);
  }

  #lose(folder: string, code: string): void {
    if (this.#stopping.signal.aborted || !this.#parts.lose(folder, code)) return;
    this.#touch(folder);
    this.#options.onState(this.state());
    this.#beat();
  }

  #touch(path: string): void {
    this.#settling.touch(path, this.#options.clock.now());
    this.#armSweep();
  }

  #armSweep(): void {
    const isStill = this.#status === 'asking' || this.#status === 'held' || this.#status === 'unavailable';
    if (isStill || this.#stopping.signal.aborted || this.#stopSweep !== null) return;
    const { clock } = this.#options;
    const dueAt = this.#settling.nextDueAt();
    if (dueAt === null) return;
    this.#stopSweep = clock.setTimer(Math.max(dueAt - clock.now(), SWEEP_STEP_MS), () => {
      this.#stopSweep = null;
      this.settled().catch(() => undefined);
    });
  }

  // Looking

  async #sweep(): Promise<void> {
    if (this.#status !== 'watching') return;
    const due = this.#settling.due(this.#options.clock.now());
    if (due.includes('') && !(await this.#isRootThere())) return;
    const settled = new Map<string, Sight>();
    for (let at = 0; at < due.length; at += LOOKS_AT_ONCE) {
      const slice = due.slice(at, at + LOOKS_AT_ONCE);
      const sights = await Promise.all(slice.map((path) => lookAt(this.#options.root, path)));
      for (const [index, path] of slice.entries()) {
        const sight = sights[index] ?? 'unknown';
        if (await this.#isSettled(path, sight)) settled.set(path, sight);
      }
    }
    if (settled.size > 0) await this.#settle(settled);
    await this.#decideGone();
    if (this.#settling.size === 0 && this.#hintCount >= FLOOD) await this.#rescan();
    this.#armSweep();
  }

  async #isSettled(path: string, sight: Sight): Promise<boolean> {
    const { clock, cursor, filter } = this.#options;
    if (sight === 'folder') {
      if (filter.enters(path)) await this.#scan(path, 'tell');
    } else if (sight !== 'unknown' && cursor.hasBelow(path)) {
      // Not a folder any more: what was known below it is gone.
      for (const known of cursor.below(path)) this.#touchMissing(known.path);
    }
    if (sight === 'unknown' || (sight !== 'folder' && !filter.wants(path))) {
      this.#forget(path);
      return false;
    }
    return this.#settling.take(path, sight === 'folder' ? FOLDER_LOOK : sight, clock.now());
  }

  #forget(path: string): void {
    this.#settling.drop(path);
    this.#told.delete(path);
    this.#taken.delete(path);
  }

  #touchMissing(path: string): void {
    if (!this.#gone.has(path) && !this.#settling.has(path)) this.#touch(path);
  }

  async #settle(sights: ReadonlyMap<string, Sight>): Promise<void> {
    const { root, cursor, clock } = this.#options;
    for (const [path, sight] of sights) if (typeof sight !== 'string') this.#gone.drop(path);
    const goneElsewhere = [...this.#gone.known(), ...this.#leaving()];
    const lists = { taken: this.#taken, told: this.#told, goneElsewhere };
    const outcome = await settleFiles({ root, sights, cursor, ...lists, now: clock.now() });
    for (const path of sights.keys()) {
      this.#taken.delete(path);
      this.#told.delete(path);
    }
    for (const path of outcome.followed) {
      this.#gone.drop(path);
      this.#forget(path);
    }
    this.#gone.add(outcome.gone);
    for (const path of outcome.again) this.#touch(path);
    if (outcome.quiet.length > 0) cursor.write({ put: outcome.quiet, drop: [] });
    await this.#tell(outcome.events);
  }

  /** Known files that are missing and not yet at rest. */
  #leaving(): readonly KnownFile[] {
    return [...this.#settling.absent()]
      .map((path) => this.#options.cursor.find(path))
      .filter((known) => known !== null);
  }

  /** Files gone are judged together, once no more of them are on their way out. */
  async #decideGone(): Promise<void> {
    if (this.#gone.size === 0 || this.#status !== 'watching' || this.#leaving().length > 0) return;
    if (!(await this.#isRootThere()) || this.#mustAsk()) return;
    await this.#tellDeleted(this.#gone.takeAll());
  }

  #mustAsk(): boolean {
    const { cursor, events } = this.#options;
    this.#question = this.#gone.question(cursor.count(), events.has('deleted'));
    if (this.#question === null) return false;
    const { gone, known } = this.#question;
    const count = `${grouped(gone)} of ${grouped(known)} files are gone at once.`;
    const reason = `${count} Were they deleted, or will they be back?`;
    if (this.#reason !== reason) this.#setStatus('asking', reason);
    return true;
  }

  /** While a person is asked: what came back is no longer missing, and the question may answer itself. */
  async #lookForGone(): Promise<void> {
    for (const path of await this.#gone.findBack(this.#options.root)) this.#touch(path);
    if (this.#mustAsk()) return;
    this.#setStatus('watching');
    await this.#sweep();
  }

  // Telling

  async #tellDeleted(gone: readonly GoneFile[]): Promise<void> {
    const { clock, cursor } = this.#options;
    const silent = gone.filter(({ isSilent }) => isSilent);
    if (silent.length > 0) cursor.write({ put: [], drop: silent.map(({ known }) => known.path) });
    const told = gone.filter(({ isSilent }) => !isSilent);
    await this.#tell(told.map(({ known }) => deletedEvent(known, clock.now())));
  }

  async #tell(events: readonly FileEvent[]): Promise<void> {
    const kept = await tellEvents(events, this.#options);
    for (const { path, from } of kept)
      for (const touched of from === null ? [path] : [path, from]) this.#touch(touched);
    if (kept.length > 0) this.#setStatus('held');
  }

  // Walking

  async #scan(from: string, mode: 'tell' | 'take'): Promise<void> {
    const seen = new SeenTree();
    const report = await scanTree({ ...this.#tree, from }, (file) => seen.show(file), this.#stopping.signal);
    if (report.isAborted) return;
    if (from === '') {
      this.#scannedAt = this.#options.clock.now();
      this.#parts.take(report);
    }
    await this.#apply(seen.compare(this.#options.cursor, from, report.unreadable), mode);
  }

  /** `take` = it is as it is, without a word; but a file that may still be written is new if it is another once it is at rest. */
  async #apply({ differing, missing }: TreeDifference, mode: 'tell' | 'take'): Promise<void> {
    this.#meet(differing, mode);
    for (const { path } of missing) {
      if (mode === 'take') this.#taken.set(path, 'absent');
      this.#touchMissing(path);
    }
    if (mode === 'take') await takeIn(differing, this.#options.cursor);
  }

  #meet(files: readonly SeenFile[], mode: 'tell' | 'take'): void {
    const freshAt = this.#options.clock.now() - FRESH_MS;
    for (const file of files) {
      if (mode === 'take' && file.mtimeMs >= freshAt) this.#taken.set(file.path, file);
      const isOver = mode === 'take' && !this.#taken.has(file.path);
      if (!isOver && !this.#settling.has(file.path)) this.#touch(file.path);
    }
  }

  async #rescan(): Promise<void> {
    this.#hintCount = 0;
    if (!(await this.#isRootThere())) return;
    if (this.#status === 'unavailable') return this.#open();
    await this.#scan('', 'tell');
    this.#options.onState(this.state());
    this.#armSweep();
  }

  /** The regular look at what hints do not reach: a root that is away, an open question, polled parts, time that passed. */
  #beat(): void {
    this.#stopBeat();
    if (this.#stopping.signal.aborted) return;
    const isShort = this.#status === 'unavailable' || this.#status === 'asking' || this.#parts.polled().length > 0;
    const ms = isShort ? POLL_MS : BEAT_MS;
    const { clock } = this.#options;
    this.#beatDueAt = clock.now() + ms;
    this.#stopBeat = clock.setTimer(ms, () => void this.#enqueue(() => this.#lookRound()).catch(() => undefined));
  }

  async #lookRound(): Promise<void> {
    const now = this.#options.clock.now();
    // A gap between the clock and the timer is a sleep of the machine: what happened in it, nobody told.
    const hasSlept = now - this.#beatDueAt > SLEEP_GAP_MS;
    if (this.#status === 'unavailable' || hasSlept || now - this.#scannedAt >= RESCAN_MS) await this.#rescan();
    else if (this.#status !== 'asking') for (const folder of this.#parts.polled()) await this.#scan(folder, 'tell');
    if (this.#status === 'asking') await this.#lookForGone();
    this.#beat();
  }
}
