import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { suggestName } from '../../shared/suggest-name.ts';
import { type MapNode, readYamlList, type YamlListReading, type YamlNode } from '../yaml/index.ts';
import { amount, type FailRow, instant, missing, scalar, text } from './price-fields.ts';
import type { PriceRow } from './price-row.ts';

/** Rows in the order in which `createPriceTable` wants them, and what is wrong with the files, all `price.invalid`. */
export interface PriceReading {
  readonly rows: readonly PriceRow[];
  readonly problems: readonly Diagnostic[];
}

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

/**
 * The rows of one text: a map with the list `prices`, or the list itself. Never throws: a row that is wrong is left out and reported
 * with its place, the others count; a text that is broken as a whole gives no row and one problem.
 */
export function parsePrices(content: string, file: string): PriceReading {
  const reading = readYamlList(content);
  const problems: Diagnostic[] = [];
  const fail: FailRow = (message, at, fix) => {
    const base = { severity: 'error', code: 'price.invalid', message, file, ...reading.source.place(at) } as const;
    problems.push(fix === undefined ? base : { ...base, fix });
  };
  const items = itemsOf(reading, fail);
  const wrongIn = Map.groupBy(reading.wrongValues, ({ at }) => ownerOf(reading, items, at));
  const rows = items.flatMap((item) => readRow(item, wrongIn.get(item) ?? [], fail) ?? []);
  return { rows, problems };
}

const NONE_COUNTS = 'No price of this file counts';
const LIST_FIX = 'Write a list: `prices:`, below it `  - {model: …, input: "…", output: "…", valid_from: 2026-01-22}`.';

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
  const model = text(node, 'model');
  const name = model === null ? 'This price' : `The price of ${model.slice(0, 100)}`;
  const failedAt = new Set<number>();
  const failRow: FailRow = (message, at, fix) => {
    failedAt.add(at);
    fail(`${name} does not count: ${message}`, at, fix);
  };
  const row = rowOf(node, failRow);
  // Of what has been said in the words of prices, YAML's words say nothing more.
  for (const { message, at, fix } of wrong) if (!failedAt.has(at)) failRow(message, at, fix);
  return failedAt.size === 0 ? row : undefined;
}

function rowOf(node: MapNode, fail: FailRow): PriceRow {
  for (const { key, at } of node.entries.values()) {
    if (KNOWN_KEYS.has(key)) continue;
    const meant = suggestName(key, KEYS);
    fail(`unknown key \`${key}\``, at, meant === undefined ? 'Remove it.' : `Write \`${meant}\`.`);
  }
  const row = {
    ...readNames(node, fail),
    input: amount(node, 'input', fail) ?? missing(node, 'input', fail),
    output: amount(node, 'output', fail) ?? missing(node, 'output', fail),
    cachedInput: amount(node, 'cached_input', fail),
    cacheWrite: amount(node, 'cache_write', fail),
    reasoning: amount(node, 'reasoning', fail),
    validFrom: instant(node, 'valid_from', fail) ?? missing(node, 'valid_from', fail),
    validTo: instant(node, 'valid_to', fail),
  };
  if (row.validTo !== null && row.validTo <= row.validFrom)
    fail('`valid_to` must be after `valid_from`', node.at, 'Write a later day, or leave `valid_to` out.');
  return row;
}

function readNames(node: MapNode, fail: FailRow): Pick<PriceRow, 'model' | 'provider' | 'source'> {
  const model = text(node, 'model');
  const provider = text(node, 'provider');
  const currency = scalar(node, 'currency');
  if (model === null) missing(node, 'model', fail);
  if (model === '*' && provider === null)
    fail('`model: "*"` needs a provider', node.at, 'Add `provider: NAME`, whose models all cost this.');
  if (currency !== undefined && currency.raw !== 'USD')
    fail('only prices in USD are known', currency.at, 'Write `currency: USD` and amounts in USD.');
  return { model: model ?? '', provider, source: text(node, 'source') ?? '' };
}
