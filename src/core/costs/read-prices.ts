import { readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { errnoOf } from '../files/index.ts';
import { type PriceReading, parsePrices } from './parse-prices.ts';
import type { PriceRow } from './price-row.ts';

/** Absolute paths: the file that ships with the product, and the project's, which need not be there. */
export interface PriceFiles {
  readonly shipped: string;
  readonly projectFile: string;
}

const MAX_BYTES = 1024 * 1024;

/** Reads the price files (SPEC §11). Never throws on content; a file that cannot be read is reported and counts as empty. */
export function readPrices(files: PriceFiles): PriceReading {
  const project = readFile(files.projectFile, true);
  const shipped = readFile(files.shipped, false);
  return {
    rows: [...newestFirst(project.rows), ...newestFirst(shipped.rows)],
    problems: [...project.problems, ...shipped.problems],
  };
}

const newestFirst = (rows: readonly PriceRow[]): readonly PriceRow[] =>
  [...rows].sort((one, other) => other.validFrom - one.validFrom);

function readFile(path: string, isOptional: boolean): PriceReading {
  const file = shortName(path);
  try {
    if (statSync(path).size > MAX_BYTES) return unreadable(file, 'the file is larger than 1 MiB');
    return parsePrices(readFileSync(path, 'utf8'), file);
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (isOptional && (errno === 'ENOENT' || errno === 'ENOTDIR')) return { rows: [], problems: [] };
    return unreadable(file, `the file cannot be read (${errno || 'unknown error'})`);
  }
}

/** Both files have the same name: with its folder a person knows which one is meant. */
const shortName = (path: string): string => `${basename(dirname(path))}/${basename(path)}`;

const unreadable = (file: string, reason: string): PriceReading => ({
  rows: [],
  problems: [{ severity: 'error', code: 'price.invalid', message: `No price of this file counts: ${reason}`, file }],
});
