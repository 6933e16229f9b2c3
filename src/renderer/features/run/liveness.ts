import type { StepState } from '../../../shared/model/run.ts';
import type { Block, Conversation, ToolBlock } from './conversation.ts';

/** After so long without a word of the agent the screen says "silent", whatever it did last. */
export const SILENT_AFTER_MS = 20_000;

/** What an agent step does at this moment, as far as can be known: never more than its last word says. */
export type Liveness =
  | { readonly kind: 'starting' | 'thinking' | 'writing' | 'settling' }
  | { readonly kind: 'tool'; readonly tool: string; readonly others: number; readonly forMs: number }
  | { readonly kind: 'silent'; readonly forMs: number }
  | { readonly kind: 'retrying'; readonly inMs: number }
  | { readonly kind: 'in_doubt' | 'waiting' };

type LiveStep = Pick<StepState, 'status' | 'attempt' | 'retryAt' | 'startedAt' | 'attempts'>;

/** Null: the step is not at work. `hasDoubtfulCall`: a tool call of it waits for a person's decision. */
export function livenessOf(
  step: LiveStep,
  blocks: readonly Block[],
  { now, hasDoubtfulCall = false }: { readonly now: number; readonly hasDoubtfulCall?: boolean },
): Liveness | null {
  if (step.status === 'in_doubt' || hasDoubtfulCall) return { kind: 'in_doubt' };
  if (step.retryAt !== null && step.status !== 'completed' && step.status !== 'failed')
    return { kind: 'retrying', inMs: Math.max(0, step.retryAt - now) };
  if (step.status === 'waiting') return { kind: 'waiting' };
  if (step.status !== 'running') return null;
  const open = blocks.filter((block): block is ToolBlock => block.kind === 'tool' && block.result === null);
  const first = open[0];
  if (first !== undefined)
    return { kind: 'tool', tool: first.tool, others: open.length - 1, forMs: Math.max(0, now - first.at) };
  // Notes are the app's own words: they say nothing about whether the agent is alive.
  const last = blocks.findLast((block) => block.kind !== 'note');
  const since = last?.lastAt ?? step.attempts.at(-1)?.startedAt ?? step.startedAt ?? now;
  if (now - since >= SILENT_AFTER_MS) return { kind: 'silent', forMs: now - since };
  if (last === undefined) return { kind: 'starting' };
  if (last.kind === 'text') return { kind: 'writing' };
  return { kind: last.kind === 'call_end' ? 'settling' : 'thinking' };
}

/** What stands in the newest section of a step's attempt: the words of whoever is at work on it now. */
export function currentBlocks(
  conversation: Conversation,
  { path, attempt }: { readonly path: string; readonly attempt: number },
): readonly Block[] {
  return (
    conversation.sections.findLast((section) => section.path === path && section.attempt === attempt)?.blocks ?? []
  );
}
