import type { WorkflowDraft } from '../../../../shared/contract/index.ts';
import { type ErrorRecord, toErrorRecord } from '../../../../shared/errors.ts';
import type { call } from '../../../client/bridge.ts';

/** A change is on its way to the disk this long after it was made, whatever is typed meanwhile. */
const WAIT_MS = 300;
const RETRY_MS = 2_000;

/** What becomes of the draft. */
export type KeptState =
  | { readonly is: 'published' }
  | { readonly is: 'keeping' }
  | { readonly is: 'kept'; readonly at: number }
  /** It is tried again, but for a draft that another window has changed. */
  | { readonly is: 'failed'; readonly error: ErrorRecord };

interface KeeperParts {
  readonly ref: string;
  /** What stands published where the editor begins, and the draft of it, if any. */
  readonly base: { readonly source: string; readonly hash: string };
  readonly draft: Pick<WorkflowDraft, 'revision'> | null;
  readonly call: typeof call;
  readonly onState: (state: KeptState) => void;
}

/**
 * Keeps what is typed as a draft, at most `WAIT_MS` late, one save at a time, the newest text last. A text that is the published one again
 * needs no draft.
 */
export class DraftKeeper {
  readonly #parts: KeeperParts;
  #base: KeeperParts['base'];
  #revision: number;
  /** What is not kept yet. */
  #waiting: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #saving: Promise<void> = Promise.resolve();
  #isStopped = false;
  /** Was sent, and nobody answered: it may be kept. */
  #unsure: string | null = null;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#base = parts.base;
    this.#revision = parts.draft?.revision ?? 0;
  }

  /** The text is another one. */
  change(text: string): void {
    this.#waiting = text;
    if (!this.#isStopped) this.#parts.onState({ is: 'keeping' });
    this.#in(WAIT_MS);
  }

  /** Keeps at once what is not kept yet; resolves when nothing is under way. */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#saving = this.#saving.then(() => this.#save());
    return this.#saving;
  }

  /** What is published from now on; a draft that was made of something else goes on from it. */
  rebase(base: KeeperParts['base'], isGone: boolean): void {
    this.#base = base;
    if (!isGone) return;
    this.#revision = 0;
    this.#waiting = null;
    this.#isStopped = false;
    this.#parts.onState({ is: 'published' });
  }

  #in(ms: number): void {
    if (this.#isStopped) return;
    this.#timer ??= setTimeout(() => void this.flush(), ms);
  }

  async #save(): Promise<void> {
    const text = this.#waiting;
    if (text === null || this.#isStopped) return;
    this.#waiting = null;
    try {
      await this.#keep(text);
    } catch (thrown) {
      const error = toErrorRecord(thrown);
      this.#waiting ??= text;
      if (error.code === 'draft.changed' && (await this.#knowsAgain())) return this.#save();
      this.#isStopped = error.code === 'draft.changed';
      this.#parts.onState({ is: 'failed', error });
      this.#in(RETRY_MS);
    }
  }

  async #keep(text: string): Promise<void> {
    const { ref, call, onState } = this.#parts;
    const { source, hash } = this.#base;
    if (text === source) {
      if (this.#revision > 0) await call('drafts.discard', { ref });
      this.#revision = 0;
      if (this.#waiting === null) onState({ is: 'published' });
      return;
    }
    const before = this.#unsure;
    this.#unsure = text;
    const saved = await call('drafts.save', { ref, source: text, baseHash: hash, revision: this.#revision }).catch(
      (thrown: unknown) => {
        if (toErrorRecord(thrown).code === 'draft.changed') this.#unsure = before;
        throw thrown;
      },
    );
    this.#unsure = null;
    this.#revision = saved.revision;
    if (this.#waiting === null) onState({ is: 'kept', at: saved.savedAt });
  }

  /** Whether what is kept is what this one sent when nobody answered; then it goes on from there. */
  async #knowsAgain(): Promise<boolean> {
    const { ref, call } = this.#parts;
    const { draft } = await call('drafts.get', { ref }).catch(() => ({ draft: null }));
    if (draft === null || draft.source !== this.#unsure || draft.revision === this.#revision) return false;
    this.#revision = draft.revision;
    this.#unsure = null;
    return true;
  }
}
