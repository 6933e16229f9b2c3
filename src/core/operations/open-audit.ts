import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sha256Hex } from '../crypto/index.ts';
import { AuditLog } from '../governance/index.ts';
import { ensureProjectId } from '../projects/index.ts';
import type { Store } from '../storage/index.ts';
import type { Clock } from '../time/index.ts';

interface AuditSurroundings {
  readonly store: Store;
  /** The user's own folder. */
  readonly userDataDir: string;
  readonly clock: Clock;
  readonly onBug: (error: unknown) => void;
}

/**
 * The audit of a project. Its key and the signed head lie in the user's own folder, by the real path and the id of the project: what
 * holds for one copy of a folder is no proof for another (DESIGN decision 2).
 */
export async function openAudit(
  project: string,
  { store, userDataDir, clock, onBug }: AuditSurroundings,
): Promise<AuditLog> {
  const id = await ensureProjectId(project, randomUUID);
  const folder = join(userDataDir, 'audit', sha256Hex(`${project}\n${id}`).slice(0, 32));
  const files = { keyFile: join(folder, 'key.pem'), headFile: join(folder, 'head.json') };
  return AuditLog.open({ audit: store.audit, files, now: clock.now, onBug });
}
