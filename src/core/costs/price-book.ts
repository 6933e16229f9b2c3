import { statSync } from 'node:fs';
import { roundDecimal, toE10 } from '../../shared/decimal.ts';
import type { TokenUsage } from '../../shared/model/agent.ts';
import type { CostSource } from '../../shared/model/cost.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { errnoOf } from '../files/index.ts';
import { costOf } from './cost-of.ts';
import { createPriceTable, type PriceTable } from './price-table.ts';
import { type PriceFiles, readPrices } from './read-prices.ts';

/** A call of a model that has ended. `agent` is the adapter's name; `at` is UTC ms. */
export interface PricedCall {
  readonly agent: string;
  readonly model: string | null;
  readonly usage: TokenUsage;
  /** What the agent itself says it cost, in USD as it printed it. */
  readonly reportedCost: string | null;
  readonly at: number;
}

/** USD as decimal text, null = no price is known (SPEC §11 "unpriced"). */
export interface CallPrice {
  readonly cost: string | null;
  readonly source: CostSource;
}

/** No call costs more; what an agent claims beyond it is not taken for an amount. */
const MAX_CALL_E10 = toE10('1000');

/** The prices of a project. A price file that was changed counts from the next call on. */
export class PriceBook {
  readonly #files: PriceFiles;
  #stamp = '';
  #table: PriceTable = createPriceTable([]);
  #problems: readonly Diagnostic[] = [];

  constructor(files: PriceFiles) {
    this.#files = files;
  }

  /** What a call costs: the agent's own word wins, else its tokens at the price of its model (SPEC §11). Never throws. */
  price(call: PricedCall): CallPrice {
    const reported = call.reportedCost === null ? null : believable(roundDecimal(call.reportedCost));
    if (reported !== null) return { cost: reported, source: 'reported' };
    this.#refresh();
    const row = this.#table.priceOf(call.model, call.agent, call.at);
    const cost = row === null ? null : believable(costOf(call.usage, row));
    return { cost, source: call.usage.isEstimated ? 'estimated' : 'computed' };
  }

  /** What is wrong with the price files as they are now, all `price.invalid`. */
  problems(): readonly Diagnostic[] {
    this.#refresh();
    return this.#problems;
  }

  #refresh(): void {
    const stamp = `${stampOf(this.#files.projectFile)} ${stampOf(this.#files.shipped)}`;
    if (stamp === this.#stamp) return;
    const { rows, problems } = readPrices(this.#files);
    this.#table = createPriceTable(rows);
    this.#problems = problems;
    this.#stamp = stamp;
  }
}

/** Counts of tokens come from agents: an absurd one must not become an amount that no sum can hold. */
function believable(cost: string | null): string | null {
  if (cost === null) return null;
  try {
    return toE10(cost) <= MAX_CALL_E10 ? cost : null;
  } catch {
    return null;
  }
}

/** What tells two states of a file apart; one that cannot be looked at is reported by reading it. */
function stampOf(path: string): string {
  try {
    const found = statSync(path);
    return `${found.mtimeMs}.${found.size}.${found.ino}`;
  } catch (thrown) {
    return errnoOf(thrown);
  }
}
