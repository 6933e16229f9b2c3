import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** Whether this user may execute the file; always false on Windows, which has no such bit. */
export async function isExecutable(file: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  return await hasAccess(file);
}

/**
 * The file of a program that is named without a folder, looked for in the absolute folders of `path`, or null. An absolute name is
 * itself; any other name with a folder is never found. Starts nothing.
 */
export async function findProgram(name: string, path: string): Promise<string | null> {
  if (isAbsolute(name)) return (await isExecutable(name)) ? name : null;
  if (name.includes('/') || name.includes('\\')) return null;
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat', '.com'] : [''];
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    for (const ending of endings) {
      const candidate = join(folder, name + ending);
      if (await hasAccess(candidate)) return candidate;
    }
  }
  return null;
}

async function hasAccess(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
