import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import { createTurns } from '../../shared/turns.ts';
import { makeMoves, undoMoves } from '../bundles/index.ts';
import { actorText, failpoint } from '../storage/index.ts';
import type { LibraryChange } from '../trust/index.ts';
import type { ProjectSession } from './project-session.ts';

type Changing = Pick<ProjectSession, 'trust' | 'store' | 'clock'>;
type Draft = Omit<LibraryChange, 'id' | 'at'>;

/** Under which name content is known that is on its way in. */
export const ARRIVAL = 'staged:';

/** What a change does beyond moving files: trust what was brought, where that was asked for. Doing it again changes nothing. */
export type GiveConsent = (change: LibraryChange) => Promise<void>;

/**
 * Changes of the library, each as a whole or not at all: files, trust, journal (SPEC §6.6). A change is written down outside of the project
 * before anything of it is done, and struck out when it is done; one that a kill cut short is ended at the next opening, or taken back
 * where something stands in its way by then. One change at a time.
 */
export class LibraryChanges {
  readonly #session: Changing;
  readonly #consent: GiveConsent;
  /** Does work of which one after the other may be done. */
  readonly inTurn = createTurns();

  constructor(session: Changing, consent: GiveConsent) {
    this.#session = session;
    this.#consent = consent;
  }

  /** Makes a change. Errors: `bundle.conflict` when a place is taken, `file.*`, `store.*`; then nothing has changed. */
  make(draft: Draft): Promise<void> {
    return this.inTurn(async () => {
      const change = await this.begin(draft);
      if (change === null)
        throw new AppError('bundle.conflict', 'Another workflow of that name has taken its place.', {
          hint: 'Remove or rename it first.',
        });
      await this.finish(change);
    });
  }

  /** Writes a change down and makes its moves; null = a place is taken, and nothing has changed. `finish` is to follow, in the same turn. */
  async begin(draft: Draft): Promise<LibraryChange | null> {
    const { trust, clock } = this.#session;
    const change: LibraryChange = { ...draft, id: randomUUID(), at: clock.now() };
    await trust.begin(change);
    failpoint('library.begun');
    const isMade = await makeMoves(change.moves, () => failpoint('library.moved')).catch(async (thrown: unknown) => {
      await trust.end();
      throw thrown;
    });
    if (isMade) return change;
    await trust.end();
    return null;
  }

  /** Does what is left of a change whose moves are made. */
  async finish(change: LibraryChange): Promise<void> {
    const { trust } = this.#session;
    try {
      await this.#write(change);
    } catch (error) {
      await undoMoves(change.moves);
      await trust.end();
      throw error;
    }
    failpoint('library.journaled');
    await trust.apply(change);
    failpoint('library.trusted');
    try {
      await this.#consent(change);
      failpoint('library.consented');
    } finally {
      await trust.end();
    }
  }

  /** Ends the change that was cut short; gives what there is to say of it, null = there was none. */
  recover(): Promise<string | null> {
    return this.inTurn(async () => {
      const { change } = this.#session.trust;
      if (change === null) return await this.#forgetArrivals(null);
      const begun = `The app ended while it changed the library (${change.event.name})`;
      const why = await this.#carryToEnd(change);
      if (why !== null && this.#session.trust.change !== null) {
        await undoMoves(change.moves);
        await this.#session.trust.end();
        this.#audit(change, false);
        return this.#forgetArrivals(`${begun}: the change was taken back. ${why}`);
      }
      this.#audit(change, true);
      return this.#forgetArrivals(
        `${begun}: the change was carried to its end.${why === null ? '' : ` It is not trusted: ${why}`}`,
      );
    });
  }

  /** What was on its way in when the process ended is there by now, or nowhere. */
  async #forgetArrivals<T>(said: T): Promise<T> {
    for (const [path] of this.#session.trust.subjects())
      if (path.startsWith(ARRIVAL)) await this.#session.trust.forget(path);
    return said;
  }

  /** Null = done; else why not all of it, in words. */
  async #carryToEnd(change: LibraryChange): Promise<string | null> {
    try {
      if (!(await makeMoves(change.moves))) return 'Another workflow has the place.';
      await this.finish(change);
      return null;
    } catch (error) {
      if (error instanceof AppError) return error.message;
      throw error;
    }
  }

  async #write({ id, event, at, actor }: LibraryChange): Promise<void> {
    const { journal } = this.#session.store;
    if (!journal.hasProjectChange(id)) await journal.appendProject({ ...event, change: id }, at, actor);
  }

  /** The outcome that whoever was killed could not write down. */
  #audit({ operation, event, actor, path }: LibraryChange, success: boolean): void {
    this.#session.store.audit.writer.write(
      {
        ...{ type: event.type === 'bundle.imported' ? 'workflow.created' : 'workflow.deleted' },
        ...{ resourceType: 'bundle', resourceId: path, action: operation, userId: actorText(actor), door: actor.door },
        ...{ details: { phase: 'outcome', cut_short: true, contentHash: event.contentHash }, success },
      },
      this.#session.clock.now(),
    );
  }
}
