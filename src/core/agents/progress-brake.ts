import { toE10 } from '../../shared/decimal.ts';
import { AppError } from '../../shared/errors.ts';
import { sha256Hex } from '../crypto/index.ts';

/** How long an agent may go on without anything new (`costs.no_progress_turns`, `costs.no_progress_usd`); null = as long as it likes. */
export interface ProgressLimits {
  readonly turns: number | null;
  /** USD as decimal text. */
  readonly usd: string | null;
}

/**
 * Watches one attempt of an agent for progress: a tool says something that it has not said in it before. A file that was written, a state
 * that is another, a search that finds something are all said by tools; the same answer once more is none.
 */
export class ProgressBrake {
  readonly #agent: string;
  readonly #limits: ProgressLimits;
  readonly #known = new Set<string>();
  #turns = 0;
  #spentE10 = 0;

  constructor(agent: string, limits: ProgressLimits) {
    this.#agent = agent;
    this.#limits = limits;
  }

  /** The agent has taken a turn. */
  noteTurn(): void {
    this.#turns += 1;
  }

  /** A call of a model is paid for; USD as decimal text, null = nobody knows its price. */
  noteCost(cost: string | null): void {
    this.#spentE10 += cost === null ? 0 : toE10(cost);
  }

  /** A tool has answered. */
  noteResult(text: string): void {
    const hash = sha256Hex(text);
    if (this.#known.has(hash)) return;
    this.#known.add(hash);
    this.#turns = 0;
    this.#spentE10 = 0;
  }

  /** Why the agent is stopped now: `agent.no_progress`; null = it may go on. */
  stop(): AppError | null {
    const { turns, usd } = this.#limits;
    const isTooLong = turns !== null && this.#turns >= turns;
    const isTooDear = usd !== null && this.#spentE10 >= toE10(usd);
    if (!isTooLong && !isTooDear) return null;
    const what = isTooLong ? `${this.#turns} turns` : `$${usd}`;
    return new AppError('agent.no_progress', `The agent ${this.#agent} has spent ${what} without anything new.`, {
      hint: "Look at its conversation. 'aiworkflow runs resume RUN' begins the step anew, 'aiworkflow runs cancel RUN' stops the run.",
      details: { agent: this.#agent, turns: this.#turns },
    });
  }
}
