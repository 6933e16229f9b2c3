import { open } from 'node:fs/promises';

/** Makes the names in a folder durable; where the system cannot open folders (Windows) there is nothing to do. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => null);
  if (handle === null) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}
