import { STEP_KINDS, type StepKind } from '../../shared/model/workflow.ts';
import { didYouMean, suggestName } from '../../shared/suggest-name.ts';
import { type MapEntry, type MapNode, scalarText } from '../yaml/index.ts';

import type { Reporter } from './reporter.ts';
import { AGENT_KEYS, STEP_KEYS } from './words.ts';

/** The kind of a step block, and the sugar it is written in. */
export interface KindReading {
  readonly kind: StepKind;
  /** The key that says the kind; undefined when only `type` does or nothing. */
  readonly entry: MapEntry | undefined;
  /** `if` beside `action`: a condition. `for_each` beside `action`: the loop's body. */
  readonly sugar: 'none' | 'condition' | 'loop_body';
}

/** Keys that only a step has: a map with one of them and no kind is a broken step, not an example. */
const STEP_ONLY_KEYS = ['output_variable', 'on_error', 'agent_hints', 'needs', 'fallback', 'retry', 'compensate'];
/** Kinds whose value may stand beside `type` in other keys (`type: transaction` with `steps`). */
const VALUELESS: ReadonlySet<StepKind> = new Set<StepKind>(['transaction', 'approval']);

function isKind(word: string): word is StepKind {
  return (STEP_KINDS as readonly string[]).includes(word);
}

/** Whether a map has a key that makes it a step block. */
export function hasKindKey(node: MapNode): boolean {
  if (STEP_KINDS.some((kind) => node.entries.has(kind))) return true;
  const type = node.entries.get('type')?.node.value;
  return typeof type === 'string' && isKind(type);
}

/** A misspelt kind key, and what was meant. */
function nearKindKey(node: MapNode): { readonly entry: MapEntry; readonly kind: string } | undefined {
  for (const entry of node.entries.values()) {
    if (entry.key.length < 4 || STEP_KEYS.includes(entry.key) || AGENT_KEYS.includes(entry.key)) continue;
    const kind = suggestName(entry.key, STEP_KINDS);
    if (kind !== undefined && kind.length >= 4) return { entry, kind };
  }
  return undefined;
}

/** Whether a map without a kind key was still meant as a step. */
export function isBrokenStep(node: MapNode): boolean {
  return nearKindKey(node) !== undefined || STEP_ONLY_KEYS.some((key) => node.entries.has(key));
}

/** Decides the kind of a step (SPEC §1.4) and reports none, unknown and more than one; undefined when there is none. */
export function readKind(node: MapNode, report: Reporter): KindReading | undefined {
  const present = STEP_KINDS.filter((kind) => node.entries.has(kind));
  const typed = readType(node, report);
  if (typed !== undefined) return readTyped(typed, node, report);
  const [first, second] = present;
  if (first === undefined) {
    reportNoKind(node, report);
    return undefined;
  }
  if (second === undefined) return { kind: first, entry: node.entries.get(first), sugar: 'none' };
  const sugar = readSugar(present, node);
  if (sugar !== undefined) return sugar;
  const at = node.entries.get(present.at(-1) ?? second)?.at ?? node.at;
  const fix = present.includes('if')
    ? "Use 'condition' instead of 'if', or put the step under 'then'."
    : "Make two steps, or write 'type'.";
  report.error('workflow.two_kinds', `A step has one kind, this one has ${present.join(' and ')}`, at, fix);
  return { kind: first, entry: node.entries.get(first), sugar: 'none' };
}

function readType(node: MapNode, report: Reporter): StepKind | undefined {
  const entry = node.entries.get('type');
  if (entry === undefined || entry.node.value === null) return undefined;
  const word = scalarText(entry.node) ?? '';
  if (isKind(word)) return word;
  const fix = didYouMean(word, STEP_KINDS) ?? `Use one of ${STEP_KINDS.join(', ')}.`;
  report.error('workflow.unknown_kind', `Unknown step type '${word.slice(0, 60)}'`, entry.node.at, fix);
  return undefined;
}

function readTyped(kind: StepKind, node: MapNode, report: Reporter): KindReading {
  const entry = node.entries.get(kind);
  if (entry === undefined && !VALUELESS.has(kind)) {
    report.error(
      'workflow.missing_key',
      `A step of type ${kind} needs the key '${kind}'`,
      node.entries.get('type')?.at ?? node.at,
    );
  }
  if (kind === 'action' && node.entries.has('if')) return { kind, entry, sugar: 'condition' };
  if (kind === 'for_each' && node.entries.has('action')) return { kind, entry, sugar: 'loop_body' };
  return { kind, entry, sugar: 'none' };
}

function readSugar(present: readonly StepKind[], node: MapNode): KindReading | undefined {
  if (present.length !== 2 || !node.entries.has('action')) return undefined;
  const action = node.entries.get('action');
  if (node.entries.has('if') && !node.entries.has('then')) return { kind: 'action', entry: action, sugar: 'condition' };
  if (node.entries.has('for_each'))
    return { kind: 'for_each', entry: node.entries.get('for_each'), sugar: 'loop_body' };
  return undefined;
}

function reportNoKind(node: MapNode, report: Reporter): void {
  const near = nearKindKey(node);
  if (near !== undefined) {
    const message = `This step has no kind: unknown key '${near.entry.key.slice(0, 60)}'`;
    report.error('workflow.no_kind', message, near.entry.at, `Did you mean '${near.kind}'?`);
    return;
  }
  if (node.entries.has('type')) return;
  report.error(
    'workflow.no_kind',
    "This step has no kind such as 'action'",
    node.at,
    `Add one of ${STEP_KINDS.join(', ')}.`,
  );
}
