import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Removes a folder and those around it, as far as nothing else lies in them. */
export async function removeEmptyFolders(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch {
    return;
  }
  await removeEmptyFolders(dirname(folder));
}
