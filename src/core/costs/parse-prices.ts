import { toE10 } from '../../shared/decimal.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { Fields, locate, readYamlList, type YamlListReading, type YamlNode } from '../yaml/index.ts';
import type { PriceRow } from './price-row.ts';

/** Rows in the order in which `createPriceTable` wants them, and what is wrong with the files, all `price.invalid`. */
export interface PriceReading {
  readonly rows: readonly PriceRow[];
  readonly problems: readonly Diagnostic[];
}

/** Reports what is wrong with one row of a price file, at an offset in its text. */
type FailRow = (message: string, at: number, fix?: string) => void;

/**
 * The rows of one text: a map with the list `prices`, or the list itself. Never throws: a row that is wrong is left out and reported
 * with its place, the others count; a text that is broken as a whole gives no row and one problem.
 */
export function parsePrices(content: string, file: string): PriceReading {
  const reading = readYamlList({ file, text: content });
  const problems: Diagnostic[] = [];
  const fail: FailRow = (message, at, fix) => {
    const base = {
      severity: 'error',
      code: 'price.invalid',
      message,
      ...locate({ source: reading.source, at }),
    } as const;
    problems.push(fix === undefined ? base : { ...base, fix });
  };
  const items = itemsOf(reading, fail);
  const wrongIn = Map.groupBy(reading.wrongValues, ({ at }) => ownerOf(reading, items, at));
  const rows = items.flatMap((item) => readRow(item, wrongIn.get(item) ?? [], fail) ?? []);
  return { rows, problems };
}

const NONE_COUNTS = 'No price of this file counts';
const LIST_FIX =
  'Write a list: \'prices:\', below it \'  - {model: …, input: "…", output: "…", valid_from: 2026-01-22}\'.';

function itemsOf(reading: YamlListReading, fail: FailRow): readonly YamlNode[] {
  const { node, error, wrongValues } = reading;
  if (node === null) {
    fail(
      `${NONE_COUNTS}: invalid YAML: ${error?.message ?? 'unknown'}`,
      error?.at ?? 0,
      error?.fix ?? 'Mend this line.',
    );
    return [];
  }
  if (node.kind === 'scalar' && node.value === null && node.raw === '') return [];
  const list = node.kind === 'map' ? node.entries.get('prices')?.node : node;
  if (list?.kind !== 'list') {
    fail(`${NONE_COUNTS}: it is no list of prices`, node.at, LIST_FIX);
    return [];
  }
  const wrong = wrongValues.find(({ at }) => ownerOf(reading, list.items, at) === undefined);
  if (wrong === undefined) return list.items;
  fail(`${NONE_COUNTS}: ${wrong.message}`, wrong.at, wrong.fix);
  return [];
}

/** A tag stands before the row that it spoils. */
const TAG = /^!\S*\s+(?:&\S+\s+)?$/;

/** The row to which the text at an offset belongs; undefined = to none, but to what stands beside the list. */
function ownerOf({ node, source }: YamlListReading, items: readonly YamlNode[], at: number): YamlNode | undefined {
  if (node?.kind === 'map') {
    const key = [...node.entries.values()].findLast((entry) => entry.at <= at)?.key;
    // A key at the margin is one of the file, also where it is written twice and so is no entry.
    const isAtMargin = source.place(at).column === 1;
    if (key !== 'prices' || isAtMargin) return undefined;
  }
  const next = items.find((item) => item.at > at);
  if (next !== undefined && TAG.test(source.text.slice(at, next.at))) return next;
  return items.findLast((item) => item.at <= at);
}

/** One row, or nothing when it has a problem. */
function readRow(node: YamlNode, wrong: YamlListReading['wrongValues'], fail: FailRow): PriceRow | undefined {
  if (node.kind !== 'map') {
    fail('This price does not count: it is no map', node.at, LIST_FIX);
    return undefined;
  }
  const failedAt = new Set<number>();
  const failRow: FailRow = (message, at, fix = 'Remove it.') => {
    const model = node.value.model;
    const name = typeof model === 'string' && model !== '' ? `The price of ${model.slice(0, 100)}` : 'This price';
    failedAt.add(at);
    fail(`${name} does not count: ${message}`, at, fix);
  };
  const row = rowOf(new Fields(node, { field: ({ message, at, fix }) => failRow(message, at.at, fix) }), failRow);
  // Of what has been said in the words of prices, YAML's words say nothing more.
  for (const { message, at, fix } of wrong) if (!failedAt.has(at)) failRow(message, at, fix);
  return failedAt.size === 0 ? row : undefined;
}

/** What to write where a required key has no value. */
const FIXES = {
  model: "Add 'model: NAME', the model as the agent calls it.",
  input: 'Add \'input: "2.50"\', in USD for 1,000,000 tokens.',
  output: 'Add \'output: "10.00"\', in USD for 1,000,000 tokens.',
  valid_from: "Add 'valid_from: 2026-01-22', the day from which on the price holds.",
} as const;

function rowOf(fields: Fields, fail: FailRow): PriceRow {
  for (const [key, fix] of Object.entries(FIXES)) fields.required(key, fix);
  const row = {
    ...readNames(fields, fail),
    input: amount(fields, 'input') ?? 0,
    output: amount(fields, 'output') ?? 0,
    cachedInput: amount(fields, 'cached_input'),
    cacheWrite: amount(fields, 'cache_write'),
    reasoning: amount(fields, 'reasoning'),
    validFrom: instant(fields, 'valid_from') ?? 0,
    validTo: instant(fields, 'valid_to'),
  };
  fields.checkAsked();
  if (row.validTo !== null && row.validTo <= row.validFrom)
    fail("'valid_to' must be after 'valid_from'", fields.node.at, "Write a later day, or leave 'valid_to' out.");
  return row;
}

function readNames(fields: Fields, fail: FailRow): Pick<PriceRow, 'model' | 'provider' | 'source'> {
  const model = fields.text('model')?.trim() ?? '';
  const provider = fields.text('provider')?.trim() ?? '';
  if (model === '*' && provider === '')
    fail('\'model: "*"\' needs a provider', fields.node.at, "Add 'provider: NAME', whose models all cost this.");
  if ((fields.text('currency') ?? 'USD') !== 'USD') {
    const fix = "Write 'currency: USD' and amounts in USD.";
    fail('only prices in USD are known', fields.spot('currency').at, fix);
  }
  return { model, provider: provider === '' ? null : provider, source: fields.text('source') ?? '' };
}

/** A price as it is written: `2.50` and `"2.50"` are the same text, so that no float ever stands between; null = none is given. */
function amount(fields: Fields, key: string): number | null {
  const take = (text: string): number | undefined => {
    try {
      return text.includes('-') ? undefined : toE10(text);
    } catch {
      return undefined;
    }
  };
  return fields.as(key, 'an amount in USD from 0 on', take, `Write '${key}: "2.50"'.`) ?? null;
}

const DAY = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/;

/** A day or an instant in UTC, as UTC ms; null = none is given. */
function instant(fields: Fields, key: string): number | null {
  const take = (text: string): number | undefined => {
    const at = DAY.test(text) ? Date.parse(text) : Number.NaN;
    // 30 February is read as 2 March: it is no day.
    return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text.slice(0, 10) ? at : undefined;
  };
  return fields.as(key, 'a day, or an instant in UTC', take, `Write '${key}: 2026-01-22'.`) ?? null;
}
