import type { Json, JsonMap } from '../../shared/json.ts';
import type { Workflow } from '../../shared/model/workflow.ts';

import { type Reference, requiredTools, type Scope } from '../workflow/index.ts';

/** Names whose values only a run has. `env` may be another one by then. */
const OF_THE_RUN: ReadonlySet<string> = new Set([
  ...['now', 'run', 'run_id', 'steps', 'workflow_context', 'trigger', 'secrets', 'env', 'error', 'output'],
]);

/** What the names of a run are given before it has begun. */
export interface NamesSource {
  readonly workflow: Workflow;
  readonly versionHash: string;
  readonly inputs: JsonMap;
  /** Inputs whose values are not known: secret ones, and those that only the run gives. */
  readonly hiddenInputs: ReadonlySet<string>;
}

/**
 * The names that a step will see, as far as they are known before the run (SPEC §2.2): variables with a known value, and those that an
 * earlier step sets to what nobody knows yet. A name that nothing sets is known too: it is undefined.
 */
export class PlanNames {
  readonly #source: NamesSource;
  readonly #known: Map<string, Json>;
  readonly #open: Set<string>;

  constructor(source: NamesSource, known: Iterable<[string, Json]> = [], open: Iterable<string> = []) {
    this.#source = source;
    this.#known = new Map(known);
    this.#open = new Set(open);
  }

  /** The same names, to go on with apart. */
  fork(): PlanNames {
    return new PlanNames(this.#source, this.#known, this.#open);
  }

  /** A name has this value from here on. */
  learn(name: string, value: Json): void {
    this.#open.delete(name);
    this.#known.set(name, value);
  }

  /** Nobody knows from here on what these names hold. */
  forget(names: Iterable<string>): void {
    for (const name of names) {
      this.#known.delete(name);
      this.#open.add(name);
    }
  }

  /** Whether what a text reads there is known. */
  knows({ root, path }: Pick<Reference, 'root' | 'path'>): boolean {
    if (this.#known.has(root)) return true;
    if (this.#open.has(root) || OF_THE_RUN.has(root)) return false;
    const [first] = path;
    if (root === 'inputs')
      return first === undefined ? this.#source.hiddenInputs.size === 0 : !this.#source.hiddenInputs.has(first);
    if (root === 'variables') return first !== undefined && this.knows({ root: first, path: [] });
    if (root === 'workflow') return first !== undefined && first !== 'timeout';
    return true;
  }

  /** The known ones, for rendering. */
  scope(): Scope {
    const names = new Map<string, Json>([
      ['inputs', this.#source.inputs],
      ['workflow', workflowNames(this.#source)],
      ['variables', Object.fromEntries(this.#known)],
      ...this.#known,
    ]);
    return { has: (name) => names.has(name), get: (name) => names.get(name), names: () => [...names.keys()] };
  }
}

const workflowNames = ({ workflow, versionHash }: NamesSource): JsonMap => ({
  id: workflow.id,
  name: workflow.name,
  version: workflow.version,
  hash: versionHash,
  author: workflow.author,
  tags: workflow.tags,
  requires: [...workflow.requirements.tools],
  tools: [...requiredTools(workflow).tools],
});
