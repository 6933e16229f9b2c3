/** What a look at a path has found: a file of that size and time, or nothing. */
export type Look = { readonly size: number; readonly mtimeMs: number } | 'absent';

/** A path in which something happens. Instants are UTC ms. */
interface Unsettled {
  readonly firstAt: number;
  lastAt: number;
  look: Look | null;
  /** When the last look was made, and the first that found the same as it. */
  lookedAt: number;
  sameSince: number;
}

const MOST_DELAYS = 10;
const LEAST_QUIET_MS = 100;
const SHORT_LOOK_MS = 250;

/**
 * Decides when a path is at rest (SPEC §7.2): a debounce on the trailing edge that waits at most ten times its length, and a size that
 * two looks found the same. Pure: it is told the time.
 *
 * Invariants:
 * 1. Nothing settles without two looks that found the same, at least a quarter of the debounce apart.
 * 2. Before ten times the debounce, nothing settles within the debounce of the last event.
 * 3. After it, events no longer hold a path back; a size that changes still does.
 * 4. What is touched after it settled begins anew.
 * 5. With `isTogether` the paths share their events: what happens at one holds all back, so files that are dropped in one go come to rest
 *    at one look. Ten times the debounce bounds that too, and begins anew then.
 */
export class Settling {
  readonly #quietMs: number;
  readonly #lateLookMs: number;
  readonly #isTogether: boolean;
  readonly #paths = new Map<string, Unsettled>();
  /** Of all paths together. */
  #firstAt = 0;
  #lastAt = 0;
  #isLateRound = false;

  constructor(debounceMs: number, isTogether = false) {
    this.#isTogether = isTogether;
    this.#quietMs = Math.max(debounceMs, LEAST_QUIET_MS);
    this.#lateLookMs = Math.max(this.#quietMs / 4, Math.min(this.#quietMs, SHORT_LOOK_MS));
  }

  get size(): number {
    return this.#paths.size;
  }

  /** Something happened at the path. */
  touch(path: string, now: number): void {
    if (this.#paths.size === 0) this.#firstAt = now;
    this.#lastAt = now;
    const known = this.#paths.get(path);
    if (known !== undefined) known.lastAt = now;
    else this.#paths.set(path, { firstAt: now, lastAt: now, look: null, lookedAt: 0, sameSince: 0 });
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /** What nobody waits for any more. */
  drop(path: string): void {
    this.#paths.delete(path);
  }

  clear(): void {
    this.#paths.clear();
  }

  /** Paths whose last look found nothing: they may be on their way out. */
  *absent(): Iterable<string> {
    for (const [path, { look }] of this.#paths) if (look === 'absent') yield path;
  }

  /** When the next look is due; null = nothing is unsettled. */
  nextDueAt(): number | null {
    let least: number | null = null;
    for (const entry of this.#paths.values()) {
      const due = this.#dueAt(entry);
      if (least === null || due < least) least = due;
    }
    return least;
  }

  /** The paths to look at now. */
  due(now: number): readonly string[] {
    this.#isLateRound = this.#isTogether && now >= this.#lateAt(this.#firstAt);
    const paths: string[] = [];
    for (const [path, entry] of this.#paths) if (this.#dueAt(entry) <= now) paths.push(path);
    if (this.#isLateRound) this.#firstAt = now;
    return paths;
  }

  /** Takes a look that was made at `now`. True = the path is at rest and is no longer waited for. */
  take(path: string, look: Look, now: number): boolean {
    const entry = this.#paths.get(path);
    if (entry === undefined) return false;
    const isSame = entry.look !== null && isSameLook(entry.look, look);
    const isQuiet = now - this.#lastOf(entry) >= this.#quietMs || this.#isLate(entry, now);
    if (isSame && isQuiet && now - entry.sameSince >= this.#quietMs / 4) {
      this.#paths.delete(path);
      return true;
    }
    if (!isSame) {
      // A change that no event told of counts as one.
      if (entry.look !== null && entry.lookedAt >= entry.lastAt) this.touch(path, now);
      entry.look = look;
      entry.sameSince = now;
    }
    entry.lookedAt = now;
    return false;
  }

  #isLate(entry: Unsettled, now: number): boolean {
    return this.#isTogether ? this.#isLateRound : now >= this.#lateAt(entry.firstAt);
  }

  #lateAt(firstAt: number): number {
    return firstAt + MOST_DELAYS * this.#quietMs;
  }

  #lastOf(entry: Unsettled): number {
    return this.#isTogether ? this.#lastAt : entry.lastAt;
  }

  #dueAt(entry: Unsettled): number {
    const lateAt = this.#lateAt(this.#isTogether ? this.#firstAt : entry.firstAt);
    const lastAt = this.#lastOf(entry);
    if (entry.look === null) return Math.min(lastAt + this.#quietMs / 2, lateAt);
    const late = Math.max(lateAt, entry.lookedAt + this.#lateLookMs);
    const isTold = entry.lookedAt < lastAt;
    const rest = lastAt + (isTold ? this.#quietMs / 2 : this.#quietMs);
    return Math.min(Math.max(rest, entry.lookedAt + this.#quietMs / 4), late);
  }
}

const isSameLook = (a: Look, b: Look): boolean =>
  a === 'absent' || b === 'absent' ? a === b : a.size === b.size && a.mtimeMs === b.mtimeMs;
