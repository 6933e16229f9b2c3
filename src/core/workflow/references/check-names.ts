import type { Step } from '../../../shared/model/workflow.ts';
import { BUILT_IN_NAMES, type Reference } from '../expressions/index.ts';
import type { StepDraft, TextRole, TextUse } from '../step-draft.ts';
import { hasName, type NameScope, variableSetAt, visibleNames } from './name-scope.ts';
import { nearestName, shownPath, type TextFindings } from './text-findings.ts';
import { placeInScalar } from './text-place.ts';

/** What the check of names knows about the whole workflow. */
export interface NameContext {
  readonly findings: TextFindings;
  /** Names of the inputs. */
  readonly inputs: ReadonlySet<string>;
  readonly stepIds: ReadonlySet<string>;
  /** Every variable of the file and the step that sets it first. */
  readonly setters: ReadonlyMap<string, string>;
  /** Variables by the words in their names. */
  readonly words: ReadonlyMap<string, readonly string[]>;
  /** Steps may run in another order than that of the file. */
  readonly hasNeeds: boolean;
  /** Hears of each step what it sees; see `ReadOptions.onNames`. */
  readonly onNames?: ((step: Step, names: Iterable<string>) => void) | undefined;
}

const LOCALS_OF_ROLE: Readonly<Record<TextRole, readonly string[]>> = {
  plain: [],
  second_phase: [],
  output: ['output'],
  error: ['error'],
  item: [],
  open: [],
};

/** Why a reference names nothing: what to show, and how to mend it. */
interface Missing {
  readonly shown: string;
  readonly fix: string | undefined;
  readonly severity: 'error' | 'warning';
}

/** Whether a scope or the language defines a root name. */
export function isKnownRoot(root: string, scope: NameScope): boolean {
  return BUILT_IN_NAMES.has(root) || hasName(scope, root);
}

/** Reports every reference of the texts that nothing defines (SPEC §1.10), each once per step. */
export function checkNames(draft: StepDraft, uses: readonly TextUse[], scope: NameScope, context: NameContext): void {
  if (draft.broken) return;
  const seen = new Set<string>();
  for (const use of uses) {
    if (use.role === 'open') continue;
    const locals = namesOfUse(draft, use);
    for (const reference of context.findings.referencesOf(use)) {
      if (reference.word === true) noticeWord(draft, use, reference, scope);
      if (reference.guarded || locals.has(reference.root)) continue;
      if (use.role === 'second_phase' && draft.openSecondPhase && !isKnownRoot(reference.root, scope)) continue;
      const missing = findMissing(reference, use, scope, context);
      if (missing === undefined || seen.has(missing.shown)) continue;
      seen.add(missing.shown);
      const message = `Step '${draft.step.id}' references undefined variable: ${missing.shown}`;
      const place = placeInScalar(use.node, reference.offset);
      draft.report.report(missing.severity, 'workflow.undefined_variable', message, place, missing.fix);
    }
  }
}

function namesOfUse(draft: StepDraft, use: TextUse): ReadonlySet<string> {
  const names = use.role === 'second_phase' ? draft.secondPhaseNames : LOCALS_OF_ROLE[use.role];
  return new Set(names);
}

function noticeWord(draft: StepDraft, use: TextUse, reference: Reference, scope: NameScope): void {
  if (isKnownRoot(reference.root, scope)) return;
  const message = `'${reference.root.slice(0, 60)}' is no known name, it is compared as text`;
  const place = placeInScalar(use.node, reference.offset);
  draft.report.notice('workflow.bare_word', message, place, `Write '${reference.root.slice(0, 60)}' in quotes.`);
}

/** What is wrong with a reference, undefined when it names something. */
function findMissing(reference: Reference, use: TextUse, scope: NameScope, context: NameContext): Missing | undefined {
  const { root, path } = reference;
  if (hasName(scope, root)) return undefined;
  if (BUILT_IN_NAMES.has(root)) return findMissingField(root, path[0], scope, context);
  const severity = severityOf(reference, use, context);
  return severity === undefined
    ? undefined
    : { shown: shownPath(reference), severity, fix: reference.fix ?? fixFor(root, scope, context) };
}

function findMissingField(
  root: string,
  field: string | undefined,
  scope: NameScope,
  context: NameContext,
): Missing | undefined {
  if (field === undefined) return undefined;
  const known = fieldsOfRoot(root, field, scope, context);
  if (known === undefined || known.isKnown) return undefined;
  const fix = nearestName(field, known.names);
  const shown = `${root}.${field}`.slice(0, 120);
  return { shown, severity: 'error', fix: fix?.replace("'", `'${root}.`) };
}

/** For roots with a closed set of fields: whether the field is one of them. */
function fieldsOfRoot(root: string, field: string, scope: NameScope, context: NameContext) {
  if (root === 'inputs') return { isKnown: context.inputs.has(field), names: context.inputs };
  if (root === 'steps') return { isKnown: context.stepIds.has(field), names: context.stepIds };
  if (root !== 'variables') return undefined;
  const isKnown = variableSetAt(scope, field) !== undefined || (context.hasNeeds && context.setters.has(field));
  return { isKnown, names: context.setters.keys() };
}

/**
 * `{path}` in a text may be meant as it stands (JSON, CSS, a URL): it is an error only where the workflow is written in
 * that dialect, a warning where no other dialect is used.
 */
function severityOf(reference: Reference, use: TextUse, { findings }: NameContext): Missing['severity'] | undefined {
  if (reference.dialect === 'double' || use.mode === 'condition') return 'error';
  const before = use.text.slice(0, reference.offset);
  if (/:\/\/\S*$/.test(before.slice(-500))) return undefined;
  if (findings.usesSingle) return 'error';
  return findings.usesDouble ? undefined : 'warning';
}

function fixFor(root: string, scope: NameScope, context: NameContext): string | undefined {
  if (context.inputs.has(root)) return `Write 'inputs.${root}'.`;
  const setter = context.setters.get(root);
  if (setter !== undefined) {
    return context.hasNeeds ? `Add '${setter}' to the needs of this step.` : `It is set later, by step '${setter}'.`;
  }
  return nearestName(root, visibleNames(scope), BUILT_IN_NAMES);
}
