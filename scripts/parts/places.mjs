import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: everything the launchers touch lies in it. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A path inside the checkout. */
export const at = (...parts) => join(ROOT, ...parts);

/** What the launchers say about their own work goes to stderr: stdout belongs to the command. */
export const say = (line) => process.stderr.write(`${line}\n`);

/** A file's text, or null when it is not there. */
export function readOrNull(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Parsed JSON, or null when it is missing or broken: a stamp that cannot be read counts as none. */
export function readJsonOrNull(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** Writes JSON so that a reader, or a kill in between, sees the old file or the new one. */
export function writeJson(path, value) {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(temporary, path);
}

export const sha256 = (data) => createHash('sha256').update(data).digest('hex');
