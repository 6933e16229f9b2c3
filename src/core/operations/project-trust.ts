import { realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { TrustSheet } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { canonicalJson } from '../../shared/json.ts';
import { PROJECT_FOLDER } from '../../shared/model/trust.ts';
import { type BundleReading, readBundle } from '../bundles/index.ts';
import { sha256Hex } from '../crypto/index.ts';
import { listLibrary } from '../projects/index.ts';
import { compareTrust, idIn, readTree, readTrust, type TrustVersion, withLibrary } from '../trust/index.ts';
import { giveTrust, type TrustConsent } from './give-trust.ts';
import type { ProjectReach } from './project-reach.ts';
import type { ProjectSession } from './project-session.ts';
import { requireRead } from './trust-sheet.ts';

/** A workflow of the library as it was read for the sheet. */
interface LibraryPart {
  readonly path: string;
  readonly reading: BundleReading;
}

/** All that a consent to a folder is about. */
interface ProjectView {
  readonly sheet: TrustSheet;
  readonly reach: ProjectReach;
  readonly capabilities: TrustVersion['trust']['capabilities'];
  readonly library: readonly LibraryPart[];
}

/** Whether a ref means the folder of the project itself, which is named by its path. */
export async function isProjectFolder({ paths }: ProjectSession, ref: string): Promise<boolean> {
  const path = resolve(paths.project, ref);
  return (await realpath(path).catch(() => path)) === paths.project;
}

/** What the folder of a project could do: its agents, tools, variables and workflows, against what was accepted of it. Errors: `file.*`. */
export const projectSheet = async (session: ProjectSession): Promise<TrustSheet> => (await look(session)).sheet;

async function look(session: ProjectSession): Promise<ProjectView> {
  const reach = await session.gate.read();
  const items = await listLibrary(session.paths);
  const library: LibraryPart[] = [];
  const found = [];
  for (const { path, absolutePath, name } of items) {
    // What cannot be read runs nothing, and is asked about by itself once it can be.
    const reading = await readBundle(absolutePath).catch(() => null);
    if (reading === null || reading.reading === null) continue;
    library.push({ path, reading });
    found.push({ path, name, trust: readTrust(reading, await readTree(reading)) });
  }
  const trust = withLibrary(reach.trust, found);
  const accepted = session.trust.acceptedReach;
  const version = { label: '', workflow: null, workflowFile: null, files: [] };
  const compared = compareTrust(
    { ...version, trust },
    accepted === null ? null : { ...version, trust: { capabilities: accepted.capabilities, findings: [] } },
  );
  const contentHash = sha256Hex(
    canonicalJson([reach.hash, ...library.map(({ path, reading }) => [path, reading.contentHash])]),
  );
  const sheet: TrustSheet = {
    of: 'project',
    name: basename(session.paths.project),
    version: '',
    contentHash,
    state: session.gate.stateOf(reach),
    files: library.reduce((sum, { reading }) => sum + reading.files.length, 0),
    sizeBytes: library.reduce((sum, { reading }) => sum + reading.sizeBytes, 0),
    signer: null,
    against:
      accepted === null
        ? null
        : {
            versionLabel: new Date(accepted.at).toISOString().slice(0, 10),
            contentHash: accepted.contentHash,
            ...{ by: accepted.by, at: accepted.at },
          },
    armedTriggers: 0,
    ...compared,
    difference: null,
  };
  return { sheet, reach, capabilities: trust.capabilities, library };
}

/**
 * A person's word for exactly what the sheet of the folder showed: its settings, and each workflow as it is now. What waited for it goes on.
 * Errors: `bundle.changed` when it is no longer what was shown, or not what was opened; `trust.unread`, `file.*`.
 */
export async function giveProjectTrust(session: ProjectSession, consent: TrustConsent): Promise<void> {
  const { sheet, reach, capabilities, library } = await look(session);
  const { contentHash, read, actor } = consent;
  if (sheet.state === 'own')
    throw new AppError('trust.needed', 'Nobody was asked about this folder: it was made here.');
  if (sheet.contentHash !== contentHash)
    throw new AppError('bundle.changed', 'It was changed since it was shown.', {
      hint: 'Look at it again, then trust it.',
    });
  if (session.gate.openedWith !== reach.hash && session.isHeld)
    throw new AppError('bundle.changed', 'It was changed since the project was opened.', {
      hint: 'Open the project again, then look at it: its settings are read when it is opened.',
    });
  requireRead(sheet, read);
  for (const { path, reading } of library) {
    if (session.trust.subject(path)?.accepted?.contentHash === reading.contentHash) continue;
    const own = read.flatMap((id) => (id.startsWith(idIn(path, '')) ? [id.slice(idIn(path, '').length)] : []));
    await giveTrust(session, { path, reading }, { contentHash: reading.contentHash, read: own, actor });
  }
  await session.trust.acceptReach({
    ...{ hash: reach.hash, contentHash, capabilities: [...capabilities] },
    ...{ by: actor.id, at: session.clock.now() },
  });
  session.requests.trusted(PROJECT_FOLDER, contentHash, actor);
  await session.begin();
}
