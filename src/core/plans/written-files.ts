import { AppError } from '../../shared/errors.ts';
import type { Step } from '../../shared/model/workflow.ts';
import type { PlanNames } from './plan-names.ts';
import { renderKnown } from './render-known.ts';

/** What templated names of files that steps write come to, over all turns that a plan shows. */
export class WrittenFiles {
  readonly #found = new Map<string, Set<string>>();

  /** A step that may be reached, with what is known where it stands. */
  add(step: Step, names: PlanNames): void {
    for (const written of namesOf(step)) {
      const known = this.#found.get(written) ?? new Set();
      this.#found.set(written, known.add(rendered(written, names)));
    }
  }

  /** By the name as it is written. */
  get found(): ReadonlyMap<string, readonly string[]> {
    return new Map([...this.#found].map(([written, known]) => [written, [...known]]));
  }
}

/** Names with something to be filled in. */
function namesOf({ action, inputs, outputFile }: Step): readonly string[] {
  const path = action === 'workflow.write_file' && typeof inputs.path === 'string' ? [inputs.path] : [];
  return [...path, ...(outputFile === undefined ? [] : [outputFile])].filter((name) => name.includes('{'));
}

function rendered(written: string, names: PlanNames): string {
  try {
    return String(renderKnown(written, names).value);
  } catch (error) {
    if (error instanceof AppError) return written;
    throw error;
  }
}
