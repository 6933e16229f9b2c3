import { join } from 'node:path';
import type { ImportSheet } from '../../shared/contract/workflows.ts';
import { findTaken } from './place-bundle.ts';
import { readBundle } from './read-bundle.ts';

/** The bundle that has a name already, as the import sheet shows it; one that cannot be read has no version. */
export async function findConflict(
  bundlesDir: string,
  name: string,
  contentHash: string,
): Promise<ImportSheet['conflict']> {
  const taken = await findTaken(bundlesDir, name);
  if (taken === null) return null;
  const present = await readBundle(join(bundlesDir, taken)).catch(() => null);
  const version = present?.reading?.workflow.version ?? present?.config.version ?? '';
  return {
    name: taken,
    version,
    contentHash: present?.contentHash ?? '',
    identical: present?.contentHash === contentHash,
  };
}
