import type { StepState } from '../../../shared/model/run.ts';
import type { Section } from './conversation.ts';

const CALL_PATH = /^(.+)\.call\[(\d{1,7})\]$/;

/** The agent step that a tool call belongs to, and its number there; null for every other step (DESIGN decision 4). */
export function callPlaceOf(path: string): { readonly parent: string; readonly number: number } | null {
  const match = CALL_PATH.exec(path);
  return match === null ? null : { parent: match[1] ?? '', number: Number(match[2]) };
}

/** `path` of each agent step -> its tool calls, in the order in which they were made. */
export function callsByParent(states: readonly StepState[]): ReadonlyMap<string, readonly StepState[]> {
  const calls = new Map<string, (readonly [number, StepState])[]>();
  for (const state of states) {
    const place = callPlaceOf(state.path);
    if (place === null) continue;
    const known = calls.get(place.parent);
    if (known === undefined) calls.set(place.parent, [[place.number, state]]);
    else known.push([place.number, state]);
  }
  return new Map(
    [...calls].map(([parent, list]) => [parent, list.sort((a, b) => a[0] - b[0]).map(([, state]) => state)]),
  );
}

/**
 * Block -> path of the child step that carried the call out. A call that was refused, or that the agent did with a tool of its
 * own, has none: by name and time, each child once.
 */
export function linkCalls(section: Section, calls: readonly StepState[]): ReadonlyMap<number, string> {
  const links = new Map<number, string>();
  const free = new Set(calls);
  for (const block of section.blocks) {
    if (block.kind !== 'tool') continue;
    const until = block.result?.at ?? Number.POSITIVE_INFINITY;
    const child = [...free].find(
      ({ name, startedAt }) => name === block.tool && startedAt !== null && startedAt >= block.at && startedAt <= until,
    );
    if (child === undefined) continue;
    free.delete(child);
    links.set(block.key, child.path);
  }
  return links;
}
