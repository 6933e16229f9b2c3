import type { JsonMap } from '../../shared/json.ts';
import type { WriteAudit } from './audited-acts.ts';

/** So many sign-ins a minute are written down one by one. */
export const MOST_SIGN_IN_ROWS = 20;
const MINUTE_MS = 60_000;
/** Names that the count of the rest tells. */
const MOST_NAMES = 20;

type Draft = Parameters<WriteAudit>[0];

/**
 * Keeps a storm of passwords from flooding the audit. Beyond the first of a minute failed sign-ins are counted, and the count is written down
 * at 1, 2, 4, 8 … and when the next minute begins: a crash loses at most half of it. Who gets in is always written down.
 */
export class SignInStorm {
  readonly #now: () => number;
  #since = Number.NEGATIVE_INFINITY;
  #rows = 0;
  #counted = 0;
  #told = 0;
  readonly #names = new Set<string>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether the next sign-in is written down by itself. What was counted in a minute that is over is told first. */
  admits(write: WriteAudit, draft: Draft): boolean {
    const now = this.#now();
    if (now - this.#since >= MINUTE_MS) {
      if (this.#counted > this.#told) this.#tell(write, draft);
      this.#since = now;
      this.#rows = 0;
      this.#counted = 0;
      this.#told = 0;
      this.#names.clear();
    }
    if (this.#rows >= MOST_SIGN_IN_ROWS) return false;
    this.#rows += 1;
    return true;
  }

  /** One that was not written down by itself has failed. */
  count(write: WriteAudit, draft: Draft): void {
    this.#counted += 1;
    if (this.#names.size < MOST_NAMES) this.#names.add(draft.resourceId);
    if (Number.isInteger(Math.log2(this.#counted))) this.#tell(write, draft);
  }

  #tell(write: WriteAudit, draft: Draft): void {
    this.#told = this.#counted;
    const details: JsonMap = {
      phase: 'outcome',
      more: this.#counted,
      since: new Date(this.#since).toISOString(),
      names: [...this.#names],
    };
    const error = `${this.#counted} more sign-ins have failed within a minute.`;
    write({ ...draft, type: 'auth.failed', resourceId: '', details, success: false, error });
  }
}
