import { nearestName } from './references/text-findings.ts';
import type { StepDraft } from './step-draft.ts';

/** The order of top-level steps when any of them has `needs` (SPEC §3.2). */
export interface NeedsOrder {
  /** False: no step has `needs`, the order is that of the file. */
  readonly used: boolean;
  /** Whether the step with index `earlier` has surely ended before `later` starts. */
  isBefore(earlier: number, later: number): boolean;
}

/** Steps from which a cycle is looked for: more than enough to show what is wrong. */
const MAX_CYCLE_STARTS = 100;

/** Checks `needs` for unknown ids, cycles and nested use, and works out which steps run before which. */
export function checkNeeds(drafts: readonly StepDraft[]): NeedsOrder {
  reportNested(drafts);
  const used = drafts.some((draft) => draft.step.needs !== undefined);
  if (!used) return { used, isBefore: (earlier, later) => earlier < later };
  const index = new Map<string, number>();
  for (const [at, draft] of drafts.entries()) if (!index.has(draft.step.id)) index.set(draft.step.id, at);
  const direct = drafts.map((draft, at) => directNeeds(draft, at, index));
  const { isBefore, open } = closeOver(direct);
  reportCycles(drafts, direct, open);
  return { used, isBefore };
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
        nearestName(id, index.keys()),
      );
    } else found.push(target);
  }
  return found;
}

/** Who ran before whom, as one bit per pair of steps: with thousands of steps nothing larger is cheap enough. */
function closeOver(direct: readonly (readonly number[])[]): {
  readonly isBefore: NeedsOrder['isBefore'];
  readonly open: readonly number[];
} {
  const width = Math.ceil(direct.length / 32);
  const bits = direct.map(() => new Uint32Array(width));
  const left = direct.map((needs) => new Set(needs).size);
  const users = direct.map((): number[] => []);
  for (const [at, needs] of direct.entries()) for (const need of new Set(needs)) users[need]?.push(at);
  const ready = left.flatMap((count, at) => (count === 0 ? [at] : []));
  for (let at = ready.pop(); at !== undefined; at = ready.pop()) {
    for (const user of users[at] ?? []) {
      addBits(bits[user], bits[at], at);
      const rest = (left[user] ?? 0) - 1;
      left[user] = rest;
      if (rest === 0) ready.push(user);
    }
  }
  return {
    isBefore: (earlier, later) => (((bits[later]?.[earlier >> 5] ?? 0) >>> (earlier & 31)) & 1) === 1,
    open: left.flatMap((count, at) => (count > 0 ? [at] : [])),
  };
}

function addBits(target: Uint32Array | undefined, from: Uint32Array | undefined, at: number): void {
  if (target === undefined || from === undefined) return;
  for (const [index, word] of from.entries()) target[index] = (target[index] ?? 0) | word;
  target[at >> 5] = (target[at >> 5] ?? 0) | (1 << (at & 31));
}

/** `open` are the steps that never become ready: those of cycles and those that wait for them. */
function reportCycles(
  drafts: readonly StepDraft[],
  direct: readonly (readonly number[])[],
  open: readonly number[],
): void {
  const done = new Set<number>();
  for (const start of open.slice(0, MAX_CYCLE_STARTS)) {
    const draft = drafts[start];
    const cycle = done.has(start) ? undefined : findCycle(start, direct);
    if (cycle === undefined || draft === undefined) continue;
    for (const at of cycle) done.add(at);
    const ids = [...cycle, start].map((at) => drafts[at]?.step.id ?? '').join(' -> ');
    const place = draft.keyAt('needs') ?? draft.step.place;
    draft.report.error('workflow.needs_cycle', `Steps wait for each other: ${ids.slice(0, 300)}`, place);
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
