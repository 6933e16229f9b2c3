import { constants } from 'node:fs';
import { appendFile, copyFile, cp, lstat, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';

/** What of a repository stays out of its copy: contents are only read where they are, and what acts by itself is not taken along. */
const LEFT_OUT: ReadonlySet<string> = new Set(['objects', 'hooks', 'worktrees', 'modules', 'lfs', 'gc.pid']);
/** Only of one working tree; a linked one has its own. */
const OF_ONE_TREE: ReadonlySet<string> = new Set(['HEAD', 'index', 'logs', 'commondir', 'gitdir']);

const isLeftOut = (name: string): boolean =>
  LEFT_OUT.has(name) || name.endsWith('.lock') || name.startsWith('fsmonitor--daemon');

/** Where the repository of a folder is, for a linked working tree its own part and what it shares; null = the folder is none's root. */
async function gitFolders(folder: string): Promise<{ readonly own: string; readonly shared: string } | null> {
  const path = join(folder, '.git');
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return null;
  const isPointer = stats.isFile();
  const written = isPointer ? /^gitdir: (.+?)\s*$/m.exec(await readFile(path, 'utf8'))?.[1] : path;
  if (written === undefined) return null;
  const own = isAbsolute(written) ? written : resolve(folder, written);
  if ((await stat(join(own, 'HEAD')).catch(() => null)) === null) return null;
  const common = (await readFile(join(own, 'commondir'), 'utf8').catch(() => null))?.trim();
  return { own, shared: common === undefined ? own : resolve(own, common) };
}

/**
 * Gives the copy of a folder a repository of its own where the folder has one: the same HEAD, index, branches, tags, stash and their logs;
 * contents are read from the original, and new ones are written into the copy. Where the folder is no root of a repository, git finds none
 * in the copy either, and not one above it. `making` = where it is made, `copy` = where it will stand.
 */
export async function copyGit(folder: string, making: string, copy: string): Promise<void> {
  const target = join(making, '.git');
  const found = await gitFolders(folder);
  if (found === null) {
    await writeFile(target, 'gitdir: (none: this is a copy of a folder without a repository of its own)\n');
    return;
  }
  const { own, shared } = found;
  await mkdir(join(target, 'objects', 'info'), { recursive: true });
  await mkdir(join(target, 'objects', 'pack'), { recursive: true });
  await mkdir(join(target, 'refs'), { recursive: true });
  const isLinked = own !== shared;
  await copyNames(shared, target, (name) => !isLeftOut(name) && !(isLinked && OF_ONE_TREE.has(name)));
  if (isLinked) await copyNames(own, target, (name) => !isLeftOut(name) && name !== 'commondir' && name !== 'gitdir');
  if (isLinked) await copyStashLog(shared, target);
  await writeFile(join(target, 'objects', 'info', 'alternates'), `${join(shared, 'objects')}\n`);
  for (const name of ['config', 'config.worktree'])
    if (name === 'config' || (await stat(join(target, name)).catch(() => null)) !== null)
      await appendFile(join(target, name), ownConfig(copy));
}

/** Only what is named `logs/HEAD` is of one working tree: the logs of branches and of the stash are shared. */
async function copyStashLog(shared: string, target: string): Promise<void> {
  const from = join(shared, 'logs', 'refs');
  if ((await stat(from).catch(() => null)) === null) return;
  await cp(from, join(target, 'logs', 'refs'), { recursive: true, mode: constants.COPYFILE_FICLONE });
}

async function copyNames(from: string, to: string, wants: (name: string) => boolean): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const { name } = entry;
    if (!wants(name)) continue;
    const [source, target] = [join(from, name), join(to, name)];
    if (entry.isFile()) await copyFile(source, target, constants.COPYFILE_FICLONE);
    else if (entry.isDirectory())
      await cp(source, target, {
        recursive: true,
        verbatimSymlinks: true,
        mode: constants.COPYFILE_FICLONE,
        filter: (path) => !path.endsWith('.lock'),
      });
  }
}

/** Settings of the original that would lead out of the copy: where its files are, and who watches them. The last word counts. */
const ownConfig = (copy: string): string =>
  `\n[core]\n\tbare = false\n\tworktree = ${JSON.stringify(copy)}\n\tfsmonitor = false\n`;
