import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import type { QueueMessage } from '../../../shared/model/queue.ts';
import { readBundle } from '../../bundles/index.ts';
import { sha256Hex } from '../../crypto/index.ts';
import type { RunnableVersion } from '../../engine/index.ts';
import { showPath } from '../../projects/index.ts';
import type { Shipped } from '../../queue/index.ts';
import type { ProjectSession } from '../project-session.ts';
import { trustStateOf } from '../trust-gate.ts';

/**
 * Where the version stands here that a message names: the workflow of its path in this project where that is the very same, else what the message
 * brought along. That is looked at before anything of it is unpacked, lies apart from the library and is known to come from outside. Errors:
 * `queue.version_refused`, `workflow.version_not_found`, those of unpacking.
 */
export async function receivedVersion(
  session: ProjectSession,
  { workflowPath }: Pick<QueueMessage, 'workflowPath'>,
  brought: Shipped,
): Promise<string> {
  const { paths, trust, clock } = session;
  const own = workflowPath === null ? null : await readBundle(join(paths.project, workflowPath)).catch(() => null);
  if (own?.contentHash === brought.version && workflowPath !== null) return workflowPath;
  const folder = join(paths.stateDir, 'incoming', brought.version);
  if (!existsSync(folder)) await unpack(session, brought, folder);
  const path = showPath(paths, folder);
  if (trust.subject(path)?.outside?.contentHash !== brought.version)
    await trust.noteOutside(path, { contentHash: brought.version, by: brought.home_name, at: clock.now() });
  return path;
}

async function unpack({ staging }: ProjectSession, brought: Shipped, folder: string): Promise<void> {
  const { archive, archive_hash: hash, version, home_name: home } = brought;
  if (archive === undefined)
    throw new AppError('workflow.version_not_found', `This worker does not have the version ${version.slice(0, 7)}.`, {
      hint: 'It is too large for a message: import its bundle at the worker.',
    });
  const bytes = Buffer.from(archive, 'base64');
  if (sha256Hex(bytes) !== hash)
    throw refused(`The archive that ${home} sent is not what it says: its hash is another.`);
  const besides = join(folder, '..', `.new-${randomUUID()}`);
  await mkdir(besides, { recursive: true, mode: 0o700 });
  const file = join(besides, 'version.awb');
  try {
    await writeFile(file, bytes, { mode: 0o600 });
    const { uploadId } = await staging.stageLocal(file);
    await staging.withContent(uploadId, async (content) => {
      // What an archive says of itself is no part of a version.
      await rm(join(content, 'manifest.json'), { force: true });
      const { contentHash } = await readBundle(content);
      if (contentHash !== version) throw refused(`What ${home} sent is not the version ${version.slice(0, 7)}.`);
      await rename(content, folder).catch((error: unknown) => {
        if (!existsSync(folder)) throw error;
      });
    });
  } finally {
    await rm(besides, { recursive: true, force: true });
  }
}

/** Nobody here trusts it: said with the way to do so, for those on both sides. Throws `trust.needed`. */
export function requireTrustedHere(session: ProjectSession, version: RunnableVersion): void {
  const { hash, workflowPath, workflow } = version;
  const state = trustStateOf(session, workflowPath, hash);
  if (state === 'own' || state === 'trusted') return;
  const project = basename(session.paths.project);
  throw new AppError(
    'trust.needed',
    `Nobody at ${project} trusts version ${hash.slice(0, 7)} of ${workflow.name}. There: 'aiworkflow bundle trust ${workflowPath}', then requeue the message.`,
    { details: { path: workflowPath } },
  );
}

const refused = (message: string): AppError =>
  new AppError('queue.version_refused', message, { hint: 'Send the message anew from its control center.' });
