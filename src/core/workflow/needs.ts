import { didYouMean } from './references/text-findings.ts';
import type { StepDraft } from './step-draft.ts';

/** The order of top-level steps when any of them has `needs` (SPEC §3.2). */
export interface NeedsOrder {
  /** False: no step has `needs`, the order is that of the file. */
  readonly used: boolean;
  /** For every step, by index: the steps that have ended before it starts. */
  readonly before: readonly ReadonlySet<number>[];
}

/** Checks `needs` for unknown ids, cycles and nested use, and works out which steps run before which. */
export function checkNeeds(drafts: readonly StepDraft[]): NeedsOrder {
  reportNested(drafts);
  const used = drafts.some((draft) => draft.step.needs !== undefined);
  if (!used) return { used, before: drafts.map((_, index) => new Set(Array.from({ length: index }, (__, at) => at))) };
  const index = new Map<string, number>();
  for (const [at, draft] of drafts.entries()) if (!index.has(draft.step.id)) index.set(draft.step.id, at);
  const direct = drafts.map((draft, at) => directNeeds(draft, at, index));
  reportCycles(drafts, direct);
  return { used, before: direct.map((_, at) => reach(at, direct)) };
}

function directNeeds(draft: StepDraft, at: number, index: ReadonlyMap<string, number>): readonly number[] {
  const { needs } = draft.step;
  if (needs === undefined) return at === 0 ? [] : [at - 1];
  const found: number[] = [];
  for (const id of needs) {
    const target = index.get(id);
    if (target === undefined) {
      const message = `Step '${draft.step.id}' needs unknown step: ${id.slice(0, 80)}`;
      draft.report.error(
        'workflow.unknown_need',
        message,
        draft.keyAt('needs') ?? draft.step.place,
        didYouMean(id, index.keys()),
      );
    } else found.push(target);
  }
  return found;
}

/** Everything reachable from a step, without itself. */
function reach(from: number, direct: readonly (readonly number[])[]): ReadonlySet<number> {
  const seen = new Set<number>();
  const open = [...(direct[from] ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(direct[next] ?? []));
  }
  seen.delete(from);
  return seen;
}

function reportCycles(drafts: readonly StepDraft[], direct: readonly (readonly number[])[]): void {
  const done = new Set<number>();
  for (const [start, draft] of drafts.entries()) {
    if (done.has(start)) continue;
    const cycle = findCycle(start, direct);
    if (cycle === undefined) continue;
    for (const at of cycle) done.add(at);
    const ids = [...cycle, start].map((at) => drafts[at]?.step.id ?? '').join(' -> ');
    draft.report.error(
      'workflow.needs_cycle',
      `Steps wait for each other: ${ids.slice(0, 300)}`,
      draft.keyAt('needs') ?? draft.step.place,
    );
  }
}

/** The shortest way from a step back to itself. */
function findCycle(start: number, direct: readonly (readonly number[])[]): readonly number[] | undefined {
  const from = new Map<number, number>();
  const open = [start];
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    for (const next of direct[at] ?? []) {
      if (next === start) return pathBack(start, at, from);
      if (from.has(next)) continue;
      from.set(next, at);
      open.push(next);
    }
  }
  return undefined;
}

function pathBack(start: number, last: number, from: ReadonlyMap<number, number>): readonly number[] {
  const path: number[] = [];
  for (let at: number | undefined = last; at !== undefined && at !== start; at = from.get(at)) path.unshift(at);
  return [start, ...path];
}

function reportNested(drafts: readonly StepDraft[]): void {
  for (const draft of drafts) {
    for (const group of draft.groups) {
      for (const inner of group.steps) {
        if (inner.step.needs === undefined) continue;
        const message = `Step '${inner.step.id}' is inside another step: only top-level steps may have needs`;
        inner.report.error('workflow.nested_needs', message, inner.keyAt('needs') ?? inner.step.place);
      }
      reportNested(group.steps);
    }
  }
}
