import type { ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Actor } from '../../shared/model/run.ts';
import { type BundleReading, snapshotBundle } from '../bundles/index.ts';
import { requireRunnable } from './check-start.ts';
import type { ProjectSession } from './project-session.ts';
import { pinVersion } from './start-run.ts';
import { findSubWorkflows } from './sub-workflows.ts';
import { requireRead, trustSheet } from './trust-sheet.ts';

/** A person's word for exactly the content that was shown. */
export interface TrustConsent extends Pick<ParsedInputOf<'trust.give'>, 'contentHash' | 'read'> {
  readonly actor: Actor;
}

/**
 * Accepts a version of the library: its copy is kept with all that it calls, what is armed of it goes on with that one, and whoever had asked
 * for it has his answer. Errors: `bundle.changed` when it is no longer what was shown, `trust.unread`, `file.*`.
 */
export async function giveTrust(
  session: ProjectSession,
  { path, reading }: { readonly path: string; readonly reading: BundleReading },
  { contentHash, read, actor }: TrustConsent,
): Promise<void> {
  if (reading.contentHash !== contentHash)
    throw new AppError('bundle.changed', 'It was changed since it was shown.', {
      hint: 'Look at it again, then trust it.',
    });
  requireRead(await trustSheet(session, { path, reading }), read);
  const version = { versionLabel: reading.reading?.workflow.version ?? reading.config.version, contentHash };
  await session.heldVersions.during([contentHash], async () => {
    const pins = await keep(session, path, reading);
    await session.triggers.registry.accept(
      { workflowPath: path, workflowId: reading.reading?.workflow.id ?? reading.config.name },
      { ...version, ...(pins === null ? {} : { pins }), by: actor.id, at: session.clock.now() },
    );
  });
  session.requests.trusted(path, contentHash, actor);
}

/** Keeps the version with what it calls; null = what it calls cannot be said yet: it is looked at again at each start. */
async function keep(session: ProjectSession, path: string, reading: BundleReading) {
  await snapshotBundle(reading, session.paths.archivesDir);
  try {
    requireRunnable(reading);
    const version = session.host.toVersion(reading, path);
    const { pins, found } = await findSubWorkflows(session, { version, reading });
    for (const one of [{ reading, version }, ...found]) await pinVersion(session, one.reading);
    return pins;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
