/**
 * What a model costs (SPEC §11): USD per 1,000,000 tokens in integers of 10^-10. A special price that is null is the plain one.
 */
export interface PriceRow {
  /** Name or its beginning; `*` = every model of the provider. */
  readonly model: string;
  /** null = whoever serves it. */
  readonly provider: string | null;
  readonly input: number;
  readonly output: number;
  readonly cachedInput: number | null;
  readonly cacheWrite: number | null;
  readonly reasoning: number | null;
  /** UTC ms, from which on and until when (not any more) it holds; null = for ever. */
  readonly validFrom: number;
  readonly validTo: number | null;
  /** Where the price was read, and when. */
  readonly source: string;
}
