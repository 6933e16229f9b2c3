import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { type BundleReading, exportArchive } from '../../bundles/index.ts';
import { sha256Hex } from '../../crypto/index.ts';
import { makeRunId, type RunnableVersion } from '../../engine/index.ts';
import { INLINE_BYTES, type QueueBackend, type Shipped } from '../../queue/index.ts';
import type { NewMessage } from '../../storage/index.ts';
import { startKeyOf } from '../message-key.ts';
import type { ProjectSession } from '../project-session.ts';
import { whyOnlyHome } from './home-only.ts';

/** A workflow that is sent, as it stands now. */
interface Sent {
  readonly reading: BundleReading;
  readonly version: RunnableVersion;
}

/**
 * What a message brings along for workers elsewhere: whose it is, and the version itself where it fits into a message (SPEC §8). Null = its
 * queue lies in this project, or nobody here knows its workflow.
 */
export async function shipped(
  session: ProjectSession,
  { type, name }: Pick<QueueBackend, 'type' | 'name'>,
  sent: Sent | null,
): Promise<Shipped | null> {
  if (type !== 'redis' || sent === null) return null;
  const { reading, version } = sent;
  const bytes = await archiveOf(session, reading);
  return {
    home: session.remote.id,
    home_name: basename(session.paths.project),
    queue: name,
    version: version.hash,
    home_only: [...whyOnlyHome(version.workflow, session.store.limits.list())],
    ...(bytes === null ? {} : { archive: bytes.toString('base64'), archive_hash: sha256Hex(bytes) }),
  };
}

/** Packed at most so small: larger files are not packed for nothing. */
const LIKELY_RATIO = 16;

/** Null = it does not fit into a message, or cannot be packed. */
async function archiveOf({ paths }: ProjectSession, reading: BundleReading): Promise<Buffer | null> {
  if (reading.sizeBytes > INLINE_BYTES * LIKELY_RATIO) return null;
  const folder = join(paths.stateDir, 'outgoing');
  const file = join(folder, `${randomUUID()}.awb`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await exportArchive(reading, file);
    const bytes = await readFile(file);
    return bytes.length > INLINE_BYTES ? null : bytes;
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('bundle.')) return null;
    throw error;
  } finally {
    await rm(file, { force: true });
  }
}

/** The run of a message that leaves is known before the message is: what comes back is looked up there. Gives what `work` does. */
export async function expecting<T>(
  { store, remote }: ProjectSession,
  brought: Shipped | null,
  message: Pick<NewMessage, 'id' | 'workflowId' | 'workflowPath' | 'createdAt'>,
  work: () => Promise<T>,
): Promise<T> {
  if (brought === null) return work();
  const { id, workflowId, workflowPath, createdAt } = message;
  store.remoteRuns.add({
    ...{ messageId: id, runId: remoteRunId(workflowId, createdAt, id), role: 'home', state: 'sent' },
    ...{ queue: brought.queue, home: remote.id, workflowPath, versionHash: brought.version },
  });
  try {
    const done = await work();
    remote.listenTo(brought.queue);
    return done;
  } catch (error) {
    store.remoteRuns.remove(id);
    throw error;
  }
}

/** The id that the run of a message has wherever it is worked on (SPEC §3.1). */
export const remoteRunId = (workflowId: string, createdAt: number, messageId: string): string =>
  makeRunId(workflowId, createdAt, startKeyOf(messageId), () => '');
