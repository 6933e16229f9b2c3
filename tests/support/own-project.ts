import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectPaths } from '../../src/core/projects/index.ts';

/**
 * Remembers, as `init` does, that a project was made here: one that a test writes file by file came from elsewhere otherwise, and asks before
 * anything of it is started. Of a project that is known already nothing changes.
 */
export const ownProject = (folder: string, userDataDir: string): void => noteOrigin(folder, userDataDir, 'here');

/** The same of a folder that the app met as one from elsewhere: no command line trusts that by itself. */
export const foreignProject = (folder: string, userDataDir: string): void =>
  noteOrigin(folder, userDataDir, 'elsewhere');

function noteOrigin(folder: string, userDataDir: string, origin: 'here' | 'elsewhere'): void {
  mkdirSync(folder, { recursive: true });
  const path = realpathSync(folder);
  const { projectIdFile } = projectPaths(path);
  mkdirSync(dirname(projectIdFile), { recursive: true, mode: 0o700 });
  if (!existsSync(projectIdFile)) writeFileSync(projectIdFile, `${randomUUID()}\n`, { mode: 0o600 });
  const id = readFileSync(projectIdFile, 'utf8').trim();
  const name = createHash('sha256').update(`${path}\n${id}`).digest('hex').slice(0, 32);
  const file = join(userDataDir, 'trust', `${name}.json`);
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify({ project: { origin }, subjects: {}, armed: {}, aside: {} }), {
    mode: 0o600,
  });
}
