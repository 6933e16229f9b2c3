import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { DraftMark, WorkflowDraft } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { createTurns } from '../../shared/turns.ts';
import { sha256Hex } from '../crypto/index.ts';
import { errnoOf, toFileError, writeFileAtomic } from '../files/index.ts';
import type { Clock } from '../time/index.ts';

const fileSchema = z.object({
  path: z.string(),
  by: z.string(),
  source: z.string(),
  baseHash: z.string(),
  revision: z.number().int(),
  savedAt: z.number(),
});
type DraftFile = z.output<typeof fileSchema>;

/** Behind the name of a file that cannot be read; then the instant. */
const DAMAGED = '.damaged-';

/** Whose draft of which entry of the library, the path relative to the project. */
export interface DraftKey {
  readonly path: string;
  readonly by: string;
}

/**
 * Drafts of workflows, one for each person and workflow, each a file of its own below `state/drafts`: what `save` has answered survives a kill.
 * A file that cannot be read is put beside, under another name, and counts as none.
 */
export class WorkflowDrafts {
  readonly #folder: string;
  readonly #clock: Clock;
  /** One change after the other, so that no revision is given twice. */
  readonly #inTurn = createTurns();

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Somebody's draft, or null. Errors: `file.io`. */
  async find(key: DraftKey): Promise<WorkflowDraft | null> {
    const file = this.#fileOf(key);
    const kept = await this.#read(file);
    if (kept === 'damaged') await this.#putAside(file);
    if (kept === null || kept === 'damaged') return null;
    const { source, baseHash, revision, savedAt } = kept;
    return { source, baseHash, revision, savedAt };
  }

  /** Files that were somebody's drafts of this and cannot be read, the oldest first. Errors: `file.io`. */
  async damaged(key: DraftKey): Promise<readonly string[]> {
    const aside = `${basename(this.#fileOf(key))}${DAMAGED}`;
    return (await this.#names())
      .filter((name) => name.startsWith(aside))
      .sort()
      .map((name) => join(this.#folder, name));
  }

  /** Keeps a draft that follows the given revision. Errors: `draft.changed` when it is not the newest, `file.*`. */
  save(key: DraftKey, draft: Omit<WorkflowDraft, 'savedAt'>): Promise<Pick<WorkflowDraft, 'revision' | 'savedAt'>> {
    return this.#inTurn(async () => {
      const before = await this.find(key);
      if ((before?.revision ?? 0) !== draft.revision)
        throw new AppError('draft.changed', 'This draft was changed in another window.', {
          hint: 'Load it again, and what was written there is shown.',
          details: { revision: before?.revision ?? 0 },
        });
      const kept = { ...draft, revision: draft.revision + 1, savedAt: this.#clock.now() };
      await writeFileAtomic(this.#fileOf(key), JSON.stringify({ path: key.path, by: key.by, ...kept }), 0o600);
      return { revision: kept.revision, savedAt: kept.savedAt };
    });
  }

  /** Ends a draft; there may be none. Errors: `file.io`. */
  remove(key: DraftKey): Promise<void> {
    const file = this.#fileOf(key);
    return this.#inTurn(() =>
      rm(file, { force: true }).catch((thrown: unknown) => Promise.reject(toFileError(thrown, file))),
    );
  }

  /** Who has a draft of what, by path; `by` asks. Errors: `file.io`. */
  async list(by: string): Promise<readonly DraftMark[]> {
    const files = (await this.#names())
      .filter((name) => name.endsWith('.json'))
      .map((name) => this.#read(join(this.#folder, name)));
    const found = (await Promise.all(files)).filter((draft) => draft !== null && draft !== 'damaged');
    return found
      .map((draft) => ({ path: draft.path, by: draft.by, savedAt: draft.savedAt, isOwn: draft.by === by }))
      .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : b.savedAt - a.savedAt));
  }

  #names(): Promise<readonly string[]> {
    return readdir(this.#folder).catch((thrown: unknown) => {
      if (errnoOf(thrown) === 'ENOENT') return [];
      throw toFileError(thrown, this.#folder);
    });
  }

  /** What somebody wrote may still be got out of it by hand. */
  async #putAside(file: string): Promise<void> {
    await rename(file, `${file}${DAMAGED}${this.#clock.now()}`).catch((thrown: unknown) => {
      if (errnoOf(thrown) !== 'ENOENT') throw toFileError(thrown, file);
    });
  }

  async #read(file: string): Promise<DraftFile | 'damaged' | null> {
    const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
      if (errnoOf(thrown) === 'ENOENT') return null;
      throw toFileError(thrown, file);
    });
    if (text === null) return null;
    try {
      return fileSchema.parse(JSON.parse(text));
    } catch {
      return 'damaged';
    }
  }

  #fileOf({ path, by }: DraftKey): string {
    return join(this.#folder, `${sha256Hex(`${path}\n${by}`).slice(0, 32)}.json`);
  }
}
