import { basename, join, resolve } from 'node:path';
import type { ParsedInputOf, TrustSheet } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Actor } from '../../shared/model/run.ts';
import { type BundleReading, type PlaceWish, readBundle } from '../bundles/index.ts';
import { showPath } from '../projects/index.ts';
import { actorText } from '../storage/index.ts';
import type { LibraryChange } from '../trust/index.ts';
import { giveTrust } from './give-trust.ts';
import { ARRIVAL } from './library-changes.ts';
import type { ProjectSession } from './project-session.ts';
import { planRemoval, planRestore } from './removed-workflows.ts';
import { requireRead, trustSheet } from './trust-sheet.ts';

/** What an upload could do, against the bundle of its name. Errors: those of reading an upload. */
export async function stagedTrust(session: ProjectSession, uploadId: string): Promise<TrustSheet> {
  const { reading, suggestedName, signer } = await session.staging.read(uploadId);
  const folder = join(session.paths.bundlesDir, suggestedName);
  const installed = await readBundle(folder).catch(() => null);
  const sheet = await trustSheet(session, { path: showPath(session.paths, folder), reading, installed, signer });
  return { ...sheet, state: sheet.state === 'trusted' ? 'trusted' : 'untrusted' };
}

/**
 * Imports exactly what was shown and, with a consent, trusts it: all of it or nothing. That it came from outside is written down before
 * it stands in the library, so that no bundle is ever there of which that is not known. Errors: those of the import, `trust.unread`.
 */
export async function importBundle(
  session: ProjectSession,
  input: ParsedInputOf<'bundles.import'>,
  actor: Actor,
): Promise<{ readonly ref: string; readonly name: string }> {
  const { staging, trust, clock, paths } = session;
  const { consent, contentHash, uploadId } = input;
  if (consent !== undefined) {
    const sheet = await stagedTrust(session, uploadId);
    if (sheet.contentHash !== contentHash) throw changedUpload();
    requireRead(sheet, consent.read);
  }
  const arrival = `${ARRIVAL}${uploadId}`;
  const { reading, signer } = await staging.read(uploadId);
  if (reading.contentHash !== contentHash) throw changedUpload();
  const outside = { contentHash, by: actor.id, at: clock.now(), ...(signer === null ? {} : { signer }) };
  // By its content it is known from here on, so that nothing of it runs in between.
  await trust.noteOutside(arrival, outside);
  try {
    return await session.changes.inTurn(async () => {
      let change: LibraryChange | null = null;
      const carryOut: PlaceWish['carryOut'] = async ({ name, path, backup }, moves) => {
        const token = backup === null ? null : basename(backup);
        change = await session.changes.begin({
          ...{ operation: 'bundles.import', path: showPath(paths, path), moves: [...moves] },
          ...{ aside: token, back: null, consent: consent === undefined ? null : { read: [...consent.read] } },
          outside: token === null ? outside : { ...outside, replaced: token },
          event: { type: 'bundle.imported', name, contentHash },
          actor,
        });
        return change !== null;
      };
      const { ref, name } = await staging.commit({ ...input, carryOut });
      if (change !== null) await session.changes.finish(change);
      return { ref, name };
    });
  } finally {
    await trust.forget(arrival);
  }
}

const changedUpload = (): AppError =>
  new AppError('bundle.changed', 'The upload is no longer what was shown.', { hint: 'Look at it again.' });

/** The trust that was given with an import; once for a change, however often it is carried to its end. */
export async function trustImported(session: ProjectSession, change: LibraryChange): Promise<void> {
  const { paths, store, clock, trust } = session;
  const { path, consent, actor } = change;
  const { contentHash } = change.event;
  if (consent === null || trust.subject(path)?.accepted?.contentHash === contentHash) return;
  const reading = await readBundle(resolve(paths.project, path));
  await giveTrust(session, { path, reading }, { ...consent, contentHash, actor });
  store.audit.writer.write(
    {
      ...{ type: 'security.trust_changed', resourceType: 'bundle', resourceId: path, action: 'trust.give' },
      ...{ userId: actorText(actor), door: actor.door, details: { contentHash } },
    },
    clock.now(),
  );
}

/**
 * Takes an import back: what it brought waits among the removed, and what it took the place of stands there again, trusted as it was.
 * Errors: `bundle.not_imported`, `workflow.not_found` when what was replaced is not kept any more, `file.*`.
 */
export async function undoImport(
  session: ProjectSession,
  reading: BundleReading,
  actor: Actor,
): Promise<{ readonly restoreToken: string; readonly broughtBack: boolean }> {
  const { paths, trust, clock } = session;
  const path = showPath(paths, reading.path);
  const outside = trust.subject(path)?.outside ?? null;
  if (outside === null)
    throw new AppError('bundle.not_imported', `${reading.config.name} was not imported: there is no import to undo.`, {
      hint: 'Remove it instead: that can be undone, too.',
    });
  const removal = await planRemoval(paths, reading, clock.now());
  const back = outside.replaced === undefined ? null : await planRestore(paths, outside.replaced);
  await session.changes.make({
    ...{ operation: 'bundles.undoImport', path, aside: removal.token, outside: null, consent: null, actor },
    moves: [removal.move, ...(back === null ? [] : [back])],
    back: back === null ? null : { token: outside.replaced ?? '', path: showPath(paths, back.to) },
    event: { type: 'bundle.removed', name: reading.config.name, contentHash: reading.contentHash },
  });
  return { restoreToken: removal.token, broughtBack: back !== null };
}
