import { AppError } from '../../shared/errors.ts';
import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import type { UndoAction } from '../../shared/model/undo.ts';
import type { ToolCall, ToolResult } from '../tools/index.ts';

interface OfRepository {
  /** A folder of the project. */
  readonly repo: string;
}

interface OfStep extends OfRepository {
  /** Stands for the step over attempts, crash and resume: by it an act knows again what it began. */
  readonly key: string;
}

/** What the built-ins do to repositories of git. Each may be asked again with the same words and then finds what it did (SPEC §3.10). */
export interface GitActs {
  /** Takes a commit back by a commit. Errors: `git.not_clean`, `git.conflict`. */
  revert(asked: OfRepository & { readonly commit: string }): Promise<{
    readonly revertedBy: string;
    /** It had been made before. */
    readonly wasThere: boolean;
  }>;
  /** Makes a branch. Errors: `git.branch_exists`, `git.not_clean`. */
  createBranch(
    asked: OfStep & { readonly branch: string; readonly start: string; readonly checkout: boolean },
  ): Promise<{
    readonly commit: string /** The branch or commit that was checked out; null = nothing else was. */;
    readonly wasOn: string | null;
  }>;
  /** Removes a branch that stands at `commit`. Errors: `git.moved`, `git.checked_out`, `git.not_clean`. */
  deleteBranch(
    asked: OfStep & { readonly branch: string; readonly commit: string; readonly switchTo: string | null },
  ): Promise<{ readonly keptAs: string /** Nobody knows who removed it. */; readonly wasGone: boolean }>;
  /** Sets what is checked out to `commit`, where it stands at `from`; null = wherever. Errors: `git.moved`, `git.not_clean`. */
  resetHard(asked: OfStep & { readonly commit: string; readonly from: string | null }): Promise<{
    readonly before: string;
    readonly keptAs: string;
  }>;
}

interface GitOperation {
  /** Inputs that are texts; those of `optional` may be left out or null. */
  readonly texts: readonly string[];
  readonly optional: readonly string[];
  readonly run: (asked: Asked, acts: GitActs) => Promise<JsonMap>;
  /** What undoes it, read from its output; null = it changed nothing. */
  readonly undo: (output: JsonMap) => UndoAction | null;
}

interface Asked {
  readonly repo: string;
  readonly key: string;
  readonly text: (name: string) => string;
  readonly maybe: (name: string) => string | null;
  readonly checkout: boolean;
}

const undoBy = (operation: string, inputs: JsonMap): UndoAction => ({ action: `workflow.${operation}`, inputs });

/** SPEC §3.10, handlers of git. */
export const GIT_OPERATIONS: Readonly<Record<string, GitOperation>> = {
  git_revert: {
    texts: ['commit'],
    optional: ['repo_path'],
    run: async ({ repo, text }, acts) => {
      const commit = text('commit');
      const { revertedBy, wasThere } = await acts.revert({ repo, commit });
      return { commit, reverted_by: revertedBy, was_there: wasThere, repo_path: repo };
    },
    undo: ({ reverted_by: commit = null, was_there, repo_path = '.' }) =>
      was_there === true ? null : undoBy('git_revert', { commit, repo_path }),
  },
  git_branch_create: {
    texts: ['branch'],
    optional: ['start', 'repo_path'],
    run: async ({ repo, key, text, maybe, checkout }, acts) => {
      const branch = text('branch');
      const { commit, wasOn } = await acts.createBranch({
        repo,
        key,
        branch,
        start: maybe('start') ?? 'HEAD',
        checkout,
      });
      return { branch, commit, was_on: wasOn, repo_path: repo };
    },
    undo: ({ branch = null, commit = null, was_on: switch_to = null, repo_path = '.' }) =>
      undoBy('git_branch_delete', { branch, commit, switch_to, repo_path }),
  },
  git_branch_delete: {
    texts: ['branch', 'commit'],
    optional: ['switch_to', 'repo_path'],
    run: async ({ repo, key, text, maybe }, acts) => {
      const [branch, commit] = [text('branch'), text('commit')];
      const { keptAs, wasGone } = await acts.deleteBranch({ repo, key, branch, commit, switchTo: maybe('switch_to') });
      return { branch, commit, kept_as: wasGone ? null : keptAs, was_gone: wasGone, repo_path: repo };
    },
    undo: ({ branch = null, commit: start = null, was_gone, repo_path = '.' }) =>
      was_gone === true ? null : undoBy('git_branch_create', { branch, start, repo_path }),
  },
  reset_hard: {
    texts: ['commit'],
    optional: ['from', 'repo_path'],
    run: async ({ repo, key, text, maybe }, acts) => {
      const commit = text('commit');
      const { before, keptAs } = await acts.resetHard({ repo, key, commit, from: maybe('from') });
      return { commit, before, kept_as: keptAs, repo_path: repo };
    },
    undo: ({ commit: from = null, before: commit = null, repo_path = '.' }) =>
      from === commit ? null : undoBy('reset_hard', { commit, from, repo_path }),
  },
};

/** Does what a built-in of git says. `tool.invalid_params` before anything is looked at. */
export async function runGit({ operation, inputs, stepKey }: ToolCall, acts: GitActs): Promise<ToolResult> {
  const found = GIT_OPERATIONS[operation];
  if (found === undefined) throw new Error(`no operation of git: ${operation}`);
  const maybe = (name: string): string | null => {
    const value = inputs[name] ?? null;
    if (value === null) return null;
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    throw invalid(operation, `'${name}' is a text`);
  };
  const text = (name: string): string => {
    const value = maybe(name);
    if (value === null) throw invalid(operation, `it needs '${name}'`);
    return value;
  };
  const { checkout = false } = inputs;
  if (typeof checkout !== 'boolean') throw invalid(operation, "'checkout' is true or false");
  const asked = { repo: maybe('repo_path') ?? '.', key: stepKey, text, maybe, checkout };
  return { output: await found.run(asked, acts) };
}

const invalid = (operation: string, what: string): AppError =>
  new AppError('tool.invalid_params', `workflow.${operation}: ${what}.`);

/** What undoes an operation of git that gave `output`; null = nothing is to be undone, absent = it says nothing of it. */
export function undoOfGit(operation: string, output: Json): UndoAction | null | undefined {
  const found = Object.hasOwn(GIT_OPERATIONS, operation) ? GIT_OPERATIONS[operation] : undefined;
  return found === undefined || !isJsonMap(output) ? undefined : found.undo(output);
}
