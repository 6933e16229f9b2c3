import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { UsageError } from './cli.mjs';

/** Nothing of this machine's git settings counts, no hook or helper runs, nobody is asked for a password. */
const ENV = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: devNull,
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
};
const SAFE = [
  '-c',
  `core.hooksPath=${devNull}`,
  '-c',
  'core.fsmonitor=false',
  '-c',
  'safe.directory=*',
  '-c',
  'core.quotePath=false',
  '-c',
  'log.showSignature=false',
];

function explain(error) {
  if (error.code !== 'ENOENT') return error;
  return new UsageError(
    'git was not found: install git (https://git-scm.com/downloads) and make sure that it is on the PATH',
  );
}

/** Runs git and gives its stdout as bytes; `input` is a stream or bytes for its stdin. */
export function runGit(args, input = null) {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...SAFE, ...args], {
      env: ENV,
      stdio: [input === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const [out, err] = [[], []];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    child.on('error', (error) => reject(explain(error)));
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else
        reject(
          new Error(
            `git ${args.find((one) => !one.startsWith('-'))} ended with code ${code}: ${Buffer.concat(err).toString().trim()}`,
          ),
        );
    });
    if (input === null) return;
    // A git that could not start closes its stdin; its own error says why.
    child.stdin.on('error', () => undefined);
    if (Buffer.isBuffer(input)) child.stdin.end(input);
    else input.pipe(child.stdin);
  });
}

/** Lines of git's answer, without the empty last one. */
export async function gitLines(gitDir, args, input = null) {
  const text = (await runGit([`--git-dir=${gitDir}`, ...args], input)).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}

/** Every file version that any branch or tag reaches: hash, path under which it was first seen, size. */
export async function listBlobs(gitDir) {
  const objects = await gitLines(gitDir, ['rev-list', '--objects', '--all']);
  const paths = new Map(objects.map((line) => [line.slice(0, line.search(/ |$/)), line.slice(line.search(/ |$/) + 1)]));
  const names = Buffer.from(`${[...paths.keys()].join('\n')}\n`);
  const checked = await gitLines(
    gitDir,
    ['cat-file', '--batch-check=%(objectname) %(objecttype) %(objectsize)'],
    names,
  );
  return checked.flatMap((line) => {
    const [hash, type, size] = line.split(' ');
    return type === 'blob' ? [{ hash, path: paths.get(hash) ?? '', size: Number(size) }] : [];
  });
}

/** The contents of blobs, in order, from one git process. */
export async function readBlobs(gitDir, hashes) {
  if (hashes.length === 0) return [];
  const bytes = await runGit([`--git-dir=${gitDir}`, 'cat-file', '--batch'], Buffer.from(`${hashes.join('\n')}\n`));
  const contents = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at);
    const size = Number(bytes.subarray(at, end).toString().split(' ')[2]);
    contents.push(bytes.subarray(end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return contents;
}

/** The commit that brought a file version in: hash, person, day. */
export async function findCommit(gitDir, blob) {
  const lines = await gitLines(gitDir, [
    'log',
    '--all',
    '--format=%h%x09%an%x09%as',
    `--find-object=${blob}`,
    '--reverse',
  ]);
  const [commit, author, day] = (lines[0] ?? '\t\t').split('\t');
  return { commit, author, day };
}
