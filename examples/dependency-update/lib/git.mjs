import { execFile } from 'node:child_process';

/** Runs git in a folder; gives what it printed. */
export function git(folder, ...args) {
  return new Promise((resolve, reject) => {
    execFile('git', ['-C', folder, ...args], { maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout.trim());
      return reject(new Error(stderr.trim().split('\n')[0] || `git ${args[0]} failed`));
    });
  });
}

/** Who commits: whoever the repository names, else this workflow. */
export async function author(folder) {
  const name = await git(folder, 'config', 'user.name').catch(() => '');
  return name === '' ? ['-c', 'user.name=dependency-update', '-c', 'user.email=dependency-update@localhost'] : [];
}

export const headOf = (folder) => git(folder, 'rev-parse', 'HEAD');
