import type { StepWarning } from '../../shared/model/run.ts';

/** What was odd about steps that go on for longer than one walk, each thing once, until their end says it. */
export class BlockWarnings {
  readonly #warnings = new Map<string, readonly StepWarning[]>();

  begin(path: string, warnings: readonly StepWarning[]): void {
    this.#warnings.set(path, warnings);
  }

  /** Where warnings about a step go. */
  into(path: string): (warning: StepWarning) => void {
    return (warning) => {
      const known = this.of(path);
      if (!known.some((one) => one.message === warning.message)) this.#warnings.set(path, [...known, warning]);
    };
  }

  of(path: string): readonly StepWarning[] {
    return this.#warnings.get(path) ?? [];
  }

  /** The same, and forgets them. */
  take(path: string): readonly StepWarning[] {
    const warnings = this.of(path);
    this.#warnings.delete(path);
    return warnings;
  }
}
