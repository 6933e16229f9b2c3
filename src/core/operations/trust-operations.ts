import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { LiveEvent, OperationName, TrustSheet } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { BundleReading } from '../bundles/index.ts';
import { showPath } from '../projects/index.ts';
import { giveTrust } from './give-trust.ts';
import type { HandlersOf } from './handlers.ts';
import { Library } from './library.ts';
import type { ProjectSession } from './project-session.ts';
import { giveProjectTrust, isProjectFolder, projectSheet } from './project-trust.ts';
import { trustSheet } from './trust-sheet.ts';

type TrustOperation = Extract<OperationName, `trust.${string}`>;

/** The use cases of trust (SPEC §6.7). */
export function trustHandlers(
  session: ProjectSession,
  publish: (event: LiveEvent) => void,
): HandlersOf<TrustOperation> {
  const library = new Library(session);
  const subjectOf = async (ref: string): Promise<{ readonly path: string; readonly reading: BundleReading }> => {
    const reading = await library.resolve(ref);
    return { path: showPath(session.paths, reading.path), reading };
  };
  const show = async (ref: string): Promise<TrustSheet> =>
    (await isProjectFolder(session, ref)) ? projectSheet(session) : trustSheet(session, await subjectOf(ref));
  const changed = (): void => publish({ kind: 'library' });
  return {
    'trust.show': ({ ref }) => show(ref),
    'trust.give': async ({ ref, ...consent }, actor) => {
      if (await isProjectFolder(session, ref)) await giveProjectTrust(session, { ...consent, actor });
      else await giveTrust(session, await subjectOf(ref), { ...consent, actor });
      changed();
      return show(ref);
    },
    'trust.withdraw': async ({ ref }) => {
      if (await isProjectFolder(session, ref)) {
        if (session.trust.origin !== 'elsewhere') throw madeHere('Open it only where you want what it does.');
        await session.trust.acceptReach(null);
        changed();
        return show(ref);
      }
      const { path } = await subjectOf(ref);
      if (session.trust.subject(path) === null) throw madeHere('Remove it, or switch its triggers off.');
      await session.triggers.registry.withdraw(path);
      changed();
      return show(ref);
    },
  };
}

const madeHere = (hint: string): AppError =>
  new AppError('trust.needed', 'Nobody was asked about this: it was made here.', { hint });

/** The path of the library at which a folder stands. */
export const libraryPath = async ({ paths }: ProjectSession, folder: string): Promise<string> =>
  showPath(paths, await realpath(resolve(paths.project, folder)));
