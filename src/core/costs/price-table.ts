import type { PriceRow } from './price-row.ts';

/** Finds the price of a model. */
export interface PriceTable {
  /**
   * The row for a model at an instant (UTC ms), or null = no price is known (SPEC §11 "Match"). A prefix `provider/` is stripped; the
   * exact name, else its longest beginning that ends at `-`, `.`, `:` or `@`; of rows for the same name the first one given. Rows of
   * the call's provider, or of none, go before those of others; a row for all models of the provider stands between.
   */
  priceOf(model: string | null, provider: string | null, at: number): PriceRow | null;
}

const ALL = '*';
const BOUNDARY = /[-.:@]/;

/** A table of rows, the more important ones first: the project's before the shipped ones, newer before older. */
export function createPriceTable(rows: readonly PriceRow[]): PriceTable {
  const byModel = new Map<string, PriceRow[]>();
  for (const row of rows) {
    const key = row.model.toLowerCase();
    byModel.set(key, [...(byModel.get(key) ?? []), row]);
  }
  const find = (key: string, fits: (row: PriceRow) => boolean): PriceRow | undefined => byModel.get(key)?.find(fits);

  return {
    priceOf: (model, provider, at) => {
      const names = namesOf(model);
      const providers = new Set([provider, ...names.providers].map((name) => name?.toLowerCase()));
      const isValid = (row: PriceRow): boolean => row.validFrom <= at && (row.validTo === null || at < row.validTo);
      const isOwn = (row: PriceRow): boolean => row.provider !== null && providers.has(row.provider.toLowerCase());
      const keys = names.models.flatMap(beginningsOf).filter((key) => key !== ALL);
      return (
        first(keys, (key) => find(key, (row) => isValid(row) && (row.provider === null || isOwn(row)))) ??
        find(ALL, (row) => isValid(row) && isOwn(row)) ??
        first(keys, (key) => find(key, isValid)) ??
        null
      );
    },
  };
}

function first(keys: readonly string[], take: (key: string) => PriceRow | undefined): PriceRow | undefined {
  for (const key of keys) {
    const row = take(key);
    if (row !== undefined) return row;
  }
  return undefined;
}

/** `openrouter/openai/gpt-4o`: the name as it is, then without each provider before it. */
function namesOf(model: string | null): { readonly models: readonly string[]; readonly providers: readonly string[] } {
  const parts = (model ?? '').toLowerCase().split('/').slice(0, 8);
  const models = parts.map((_part, index) => parts.slice(index).join('/')).filter((name) => name !== '');
  return { models, providers: parts.slice(0, -1) };
}

const MAX_NAME = 200;

/** The name, then its beginnings that end at a boundary, the longest first. */
function beginningsOf(name: string): readonly string[] {
  if (name.length > MAX_NAME) return [];
  const found = [name];
  for (let end = name.length - 1; end > 0; end -= 1) {
    if (BOUNDARY.test(name.charAt(end))) found.push(name.slice(0, end));
  }
  return found;
}
