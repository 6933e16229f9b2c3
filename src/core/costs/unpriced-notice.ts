const DAY_MS = 86_400_000;

/** Says once a day (UTC) per model that its calls cannot be priced (SPEC §11). Remembers in memory: a new process says it again. */
export class UnpricedNotice {
  readonly #saidOn = new Map<string, number>();

  /** The warning for an unpriced call at `at` (UTC ms), or null when it was given today. */
  warn(call: { readonly agent: string; readonly model: string | null; readonly at: number }): string | null {
    const model = call.model ?? `the model of ${call.agent}`;
    const day = Math.floor(call.at / DAY_MS);
    if (this.#saidOn.get(model) === day) return null;
    this.#saidOn.delete(model);
    this.#saidOn.set(model, day);
    const oldest = this.#saidOn.keys().next().value;
    if (this.#saidOn.size > MAX_MODELS && oldest !== undefined) this.#saidOn.delete(oldest);
    return `No price is known for ${model}: its calls are counted as unpriced, not as free. Add a row with model, input, output and valid_from to .aiworkflow/prices.yaml.`;
  }
}

/** Names come from agents: the memory stays small whatever they say. */
const MAX_MODELS = 1000;
