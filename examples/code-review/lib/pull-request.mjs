import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from './cli.mjs';
import { parseDiff } from './unified-diff.mjs';

const MAX_BYTES = 4 * 1024 * 1024;

async function readText(path) {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`Cannot read ${path}`);
  });
  if (Buffer.byteLength(text) > MAX_BYTES) throw new UsageError(`${path} is larger than 4 MiB`);
  return text;
}

/** A pull request: a JSON file that names its diff, or a diff alone. */
export async function readPullRequest(path) {
  const text = await readText(path);
  if (!path.endsWith('.json')) return { request: {}, diff: text, files: parseDiff(text) };
  let request;
  try {
    request = JSON.parse(text);
  } catch {
    throw new UsageError(`${path} is not valid JSON`);
  }
  if (typeof request.diff !== 'string') throw new UsageError(`${path} names no diff: a text in "diff" is missing`);
  const diff = await readText(resolve(dirname(path), request.diff));
  return { request, diff, files: parseDiff(diff) };
}
