import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { toE10 } from '../../shared/decimal.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { Place } from '../../shared/model/workflow.ts';
import { suggestName } from '../../shared/suggest-name.ts';
import { errnoOf } from '../files/index.ts';
import { type MapNode, readYamlFile, type ScalarNode, type YamlNode } from '../yaml/index.ts';
import type { PriceRow } from './price-row.ts';

/** Absolute paths: the file that ships with the product, and the project's, which need not be there. */
export interface PriceFiles {
  readonly shipped: string;
  readonly projectFile: string;
}

/** Rows in the order in which `createPriceTable` wants them, and what is wrong with the files, all `price.invalid`. */
export interface PriceReading {
  readonly rows: readonly PriceRow[];
  readonly problems: readonly Diagnostic[];
}

const MAX_BYTES = 1024 * 1024;
const KEYS = [
  'model',
  'provider',
  'input',
  'output',
  'cached_input',
  'cache_write',
  'reasoning',
  'currency',
  'valid_from',
  'valid_to',
  'source',
] as const;
const KNOWN_KEYS: ReadonlySet<string> = new Set(KEYS);

type Fail = (message: string, at: number, fix?: string) => undefined;

/**
 * Reads the price files (SPEC §11). Never throws on content: a row that is wrong is left out and reported with its place, the others
 * count; a file that cannot be read as a whole is reported and counts as empty.
 */
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
  const file = basename(path);
  try {
    if (statSync(path).size > MAX_BYTES) return unreadable(file, 'The file is larger than 1 MiB');
    return parsePrices(readFileSync(path, 'utf8'), file);
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (isOptional && (errno === 'ENOENT' || errno === 'ENOTDIR')) return { rows: [], problems: [] };
    return unreadable(file, `The file cannot be read (${errno || 'unknown error'})`);
  }
}

const unreadable = (file: string, message: string): PriceReading => ({
  rows: [],
  problems: [{ severity: 'error', code: 'price.invalid', message, file }],
});

/** The rows of one text: a map with the list `prices`, or the list itself. */
export function parsePrices(text: string, file: string): PriceReading {
  const { source, node, error } = readYamlFile(text);
  const problems: Diagnostic[] = [];
  const report = (message: string, place: Place, fix?: string): void => {
    problems.push({
      severity: 'error',
      code: 'price.invalid',
      message,
      file,
      ...place,
      ...(fix === undefined ? {} : { fix }),
    });
  };
  const fail: Fail = (message, at, fix) => void report(message, source.place(at), fix);
  if (node === null) fail(`Invalid YAML: ${error?.message ?? 'unknown'}`, error?.at ?? 0);
  const rows = node === null ? [] : listOf(node, fail).flatMap((item) => readRow(item, fail) ?? []);
  return { rows, problems };
}

function listOf(node: YamlNode, fail: Fail): readonly YamlNode[] {
  if (node.kind === 'scalar' && node.value === null) return [];
  const list = node.kind === 'map' ? node.entries.get('prices')?.node : node;
  if (list?.kind === 'list') return list.items;
  fail('Prices are a list: `prices: [{model, input, output, valid_from, source}]`', node.at);
  return [];
}

/** One row, or nothing when it has a problem. */
function readRow(node: YamlNode, fail: Fail): PriceRow | undefined {
  if (node.kind !== 'map') return fail('A price is a map with model, input, output, valid_from and source', node.at);
  const before = { failed: false };
  const failHere: Fail = (message, at, fix) => {
    before.failed = true;
    return fail(message, at, fix);
  };
  for (const { key, at } of node.entries.values()) {
    if (!KNOWN_KEYS.has(key)) failHere(`Unknown key \`${key}\``, at, suggestName(key, KEYS));
  }
  const { model, provider, source } = readNames(node, failHere);
  const row = {
    model,
    provider,
    input: amount(node, 'input', failHere) ?? missing(node, 'input', failHere),
    output: amount(node, 'output', failHere) ?? missing(node, 'output', failHere),
    cachedInput: amount(node, 'cached_input', failHere),
    cacheWrite: amount(node, 'cache_write', failHere),
    reasoning: amount(node, 'reasoning', failHere),
    validFrom: instant(node, 'valid_from', failHere) ?? missing(node, 'valid_from', failHere),
    validTo: instant(node, 'valid_to', failHere),
    source,
  };
  if (row.validTo !== null && row.validTo <= row.validFrom) failHere('`valid_to` must be after `valid_from`', node.at);
  return before.failed ? undefined : row;
}

function readNames(node: MapNode, fail: Fail): Pick<PriceRow, 'model' | 'provider' | 'source'> {
  const model = text(node, 'model');
  const provider = text(node, 'provider');
  const currency = scalar(node, 'currency');
  if (model === null) missing(node, 'model', fail);
  if (model === '*' && provider === null) fail('`model: "*"` needs a provider', node.at);
  if (currency !== undefined && currency.raw !== 'USD') fail('Only prices in USD are known', currency.at, 'USD');
  return { model: model ?? '', provider, source: text(node, 'source') ?? '' };
}

function missing(node: MapNode, key: string, fail: Fail): number {
  if (!node.entries.has(key)) fail(`\`${key}\` is missing`, node.at);
  return 0;
}

function scalar(node: MapNode, key: string): ScalarNode | undefined {
  const value = node.entries.get(key)?.node;
  return value?.kind === 'scalar' && value.value !== null ? value : undefined;
}

function text(node: MapNode, key: string): string | null {
  const raw = scalar(node, key)?.raw.trim() ?? '';
  return raw === '' ? null : raw;
}

/** A price as it is written: `2.50` and `"2.50"` are the same text, so that no float ever stands between. */
function amount(node: MapNode, key: string, fail: Fail): number | null {
  const value = node.entries.get(key)?.node;
  if (value === undefined || value.value === null) return null;
  if (value.kind === 'scalar' && !value.raw.includes('-')) {
    try {
      return toE10(value.raw.trim());
    } catch {
      // Said below, with its place.
    }
  }
  fail(`\`${key}\` must be an amount in USD from 0 on, such as "2.50"`, value.at);
  return 0;
}

const DAY = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/;

function instant(node: MapNode, key: string, fail: Fail): number | null {
  const value = node.entries.get(key)?.node;
  if (value === undefined || value.value === null) return null;
  const raw = value.kind === 'scalar' ? value.raw.trim() : '';
  const at = DAY.test(raw) ? Date.parse(raw) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  fail(`\`${key}\` must be a day such as 2026-01-22, or an instant in UTC`, value.at);
  return 0;
}
