import { join } from 'node:path';
import type { ParsedInputOf, TrustSheet } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Actor } from '../../shared/model/run.ts';
import { readBundle } from '../bundles/index.ts';
import { showPath } from '../projects/index.ts';
import { actorText } from '../storage/index.ts';
import type { ProjectSession } from './project-session.ts';
import { giveTrust } from './trust-operations.ts';
import { requireRead, trustSheet } from './trust-sheet.ts';

/** What an upload could do, against the bundle of its name. Errors: those of reading an upload. */
export async function stagedTrust(session: ProjectSession, uploadId: string): Promise<TrustSheet> {
  const { reading, suggestedName } = await session.staging.read(uploadId);
  const folder = join(session.paths.bundlesDir, suggestedName);
  const installed = await readBundle(folder).catch(() => null);
  const sheet = await trustSheet(session, { path: showPath(session.paths, folder), reading, installed });
  return { ...sheet, state: sheet.state === 'trusted' ? 'trusted' : 'untrusted' };
}

/**
 * Imports exactly what was shown and, with a consent, trusts it. That it came from outside is written down before it stands in the
 * library, so that no bundle is ever there of which that is not known. Errors: those of the import, `trust.unread`.
 */
export async function importBundle(
  session: ProjectSession,
  input: ParsedInputOf<'bundles.import'>,
  actor: Actor,
): Promise<{ readonly ref: string; readonly name: string }> {
  const { staging, trust, store, clock, paths } = session;
  const { consent, contentHash, uploadId } = input;
  if (consent !== undefined) {
    const sheet = await stagedTrust(session, uploadId);
    if (sheet.contentHash !== contentHash)
      throw new AppError('bundle.changed', 'The upload is no longer what was shown.', { hint: 'Look at it again.' });
    requireRead(sheet, consent.read);
  }
  const at = clock.now();
  const arrival = `staged:${uploadId}`;
  const outside = { contentHash, by: actor.id, at };
  await trust.noteOutside(arrival, outside);
  try {
    const imported = await staging.commit(input);
    const path = showPath(paths, join(paths.bundlesDir, imported.name));
    if (imported.backupName !== null) await trust.setAside(path, imported.backupName, { keep: true });
    await trust.noteOutside(path, outside);
    await store.journal.appendProject({ type: 'bundle.imported', name: imported.name, contentHash }, at, actor);
    if (consent !== undefined) await trustImported(session, path, { ...consent, contentHash, actor });
    return { ref: imported.ref, name: imported.name };
  } finally {
    await trust.forget(arrival);
  }
}

async function trustImported(
  session: ProjectSession,
  path: string,
  consent: Parameters<typeof giveTrust>[2],
): Promise<void> {
  const { paths, store, clock } = session;
  const reading = await readBundle(join(paths.project, path));
  await giveTrust(session, { path, reading }, consent);
  store.audit.writer.write(
    {
      ...{ type: 'security.trust_changed', resourceType: 'bundle', resourceId: path, action: 'trust.give' },
      ...{ userId: actorText(consent.actor), door: consent.actor.door, details: { contentHash: consent.contentHash } },
    },
    clock.now(),
  );
}
