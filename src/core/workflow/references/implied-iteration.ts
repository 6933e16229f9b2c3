import { BUILT_IN_NAMES } from '../expressions/index.ts';
import type { StepDraft } from '../step-draft.ts';
import { isKnownRoot, type NameContext } from './check-names.ts';
import { type NameScope, ownVariables, variableSetAt } from './name-scope.ts';

/** Consecutive steps that run once per item of a list (SPEC §1.4 "Implied iteration"), while they are found. */
export interface LoopGroup {
  /** The name of one item. */
  readonly item: string;
  /** The variable that holds the list. */
  readonly base: string;
  /** It and the earlier ones that may hold it, the latest first. */
  readonly bases: readonly string[];
  readonly steps: StepDraft[];
  readonly variables: Set<string>;
}

function pluralsOf(name: string): readonly string[] {
  const plurals = [`${name}s`, `${name}es`];
  return name.endsWith('y') ? [...plurals, `${name.slice(0, -1)}ies`] : plurals;
}

/** Variables by the words between `_` in their names. */
export function indexWords(variables: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const variable of variables) {
    for (const word of new Set(variable.split('_'))) {
      const held = index.get(word);
      if (held === undefined) index.set(word, [variable]);
      else held.push(variable);
    }
  }
  return index;
}

/** The visible variables whose names have the plural of `item` as a word between `_`, the latest first. */
function findBases(item: string, scope: NameScope, { words }: NameContext): readonly string[] {
  const setAt = new Map<string, number>();
  for (const plural of pluralsOf(item)) {
    for (const variable of words.get(plural) ?? []) {
      const at = variableSetAt(scope, variable);
      if (at !== undefined && variable !== item) setAt.set(variable, at);
    }
  }
  return [...setAt].sort(([, one], [, other]) => other - one).map(([variable]) => variable);
}

/** All roots that the step's own texts read. */
export function rootsOf(draft: StepDraft, { findings }: NameContext): ReadonlySet<string> {
  const roots = new Set<string>();
  for (const use of draft.texts)
    for (const reference of findings.referencesOf(use)) if (reference.word !== true) roots.add(reference.root);
  return roots;
}

/** Whether a step goes on with the group above it. */
export function continuesGroup(group: LoopGroup, roots: ReadonlySet<string>): boolean {
  return roots.has(group.item) || [...group.variables].some((name) => roots.has(name));
}

/** A new group when the step reads a name that nothing defines and that is one item of a list above. */
export function beginGroup(
  draft: StepDraft,
  roots: ReadonlySet<string>,
  scope: NameScope,
  context: NameContext,
): LoopGroup | undefined {
  if (!context.findings.usesSingle || draft.broken) return undefined;
  const local = new Set([...draft.secondPhaseNames, 'output', 'error', 'loop']);
  for (const item of roots) {
    if (BUILT_IN_NAMES.has(item) || isKnownRoot(item, scope) || local.has(item)) continue;
    const bases = findBases(item, scope, context);
    const [base] = bases;
    if (base !== undefined) return { item, base, bases, steps: [], variables: new Set() };
  }
  return undefined;
}

/** Adds a step to its group. */
export function joinGroup(group: LoopGroup, draft: StepDraft): void {
  group.steps.push(draft);
  for (const name of ownVariables(draft)) group.variables.add(name);
}

/** Tells the author, once per group. */
export function noticeGroup(group: LoopGroup): void {
  const [first, ...rest] = group.steps;
  if (first === undefined) return;
  const who =
    rest.length === 0
      ? `Step '${first.step.id}' runs`
      : `Steps ${group.steps.map((draft) => `'${draft.step.id}'`).join(', ')} run`;
  const message = `${who} once per ${group.item} of '${group.base}'`;
  first.report.notice(
    'workflow.implied_iteration',
    message,
    first.step.place,
    `Write it as for_each: ${group.base} as ${group.item}.`,
  );
}
