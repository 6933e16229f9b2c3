import { didYouMean } from '../../../shared/suggest-name.ts';
import { analyzeText, BUILT_IN_NAMES, type Reference } from '../expressions/index.ts';
import { READER_LIMITS } from '../limits.ts';
import type { Reporter } from '../reporter.ts';
import type { StepDraft, TextUse } from '../step-draft.ts';
import { placeInScalar } from './text-place.ts';

/** What the static look at all texts of a workflow found. */
export interface TextFindings {
  referencesOf(use: TextUse): readonly Reference[];
  /** The workflow has `{path}` with a known name somewhere. */
  readonly usesSingle: boolean;
  /** The workflow has `{{ }}` or `{% %}` somewhere. */
  readonly usesDouble: boolean;
}

const NONE: readonly Reference[] = [];

/** Every step, nested ones too, depth first in file order. */
export function flattenDrafts(drafts: readonly StepDraft[]): readonly StepDraft[] {
  return drafts.flatMap((draft) => [draft, ...draft.groups.flatMap((group) => flattenDrafts(group.steps))]);
}

/** Looks at every text once: reports its syntax problems and keeps its references. */
export function findReferences(
  drafts: readonly StepDraft[],
  loose: readonly TextUse[],
  report: Reporter,
  names: ReadonlySet<string>,
): TextFindings {
  const found = new Map<TextUse, readonly Reference[]>();
  let usesSingle = false;
  let usesDouble = false;
  const look = (use: TextUse, reporter: Reporter, isSilent: boolean): void => {
    const analysis = analyzeText(use.text, use.mode);
    if (analysis.hasDouble) usesDouble = true;
    if (analysis.references.length > 0) found.set(use, analysis.references);
    usesSingle ||=
      analysis.hasSingle &&
      analysis.references.some((r) => r.dialect === 'single' && (BUILT_IN_NAMES.has(r.root) || names.has(r.root)));
    if (isSilent) return;
    for (const problem of analysis.problems) {
      const place = placeInScalar(use.node, problem.offset);
      reporter.error(problem.code, problem.message, place, problem.fix);
    }
  };
  for (const use of loose) look(use, report, false);
  for (const draft of flattenDrafts(drafts)) {
    for (const use of draft.texts) look(use, draft.report, draft.broken);
  }
  return { referencesOf: (use) => found.get(use) ?? NONE, usesSingle, usesDouble };
}

/** The path of a reference as a person writes it. */
export function shownPath(reference: Reference): string {
  return [reference.root, ...reference.path].join('.').slice(0, 120);
}

/** The nearest known name in words, or nothing. Of very many names only the first ones are compared. */
export function nearestName(word: string, ...candidates: readonly Iterable<string>[]): string | undefined {
  if (word.length < 2) return undefined;
  const compared = new Set<string>();
  for (const names of candidates) {
    for (const name of names) {
      if (compared.size >= READER_LIMITS.suggestions) break;
      compared.add(name);
    }
  }
  return didYouMean(word, compared);
}
