import { expect, it } from 'vitest';
import { type ConversationItem, NO_USAGE } from '../../../shared/model/agent.ts';
import type { StepState } from '../../../shared/model/run.ts';
import { addEntries, NO_CONVERSATION } from './conversation.ts';
import { currentBlocks, livenessOf, SILENT_AFTER_MS } from './liveness.ts';

const step = (more: Partial<StepState> = {}): StepState =>
  ({
    path: 'a',
    status: 'running',
    attempt: 1,
    retryAt: null,
    startedAt: 1000,
    attempts: [{ attempt: 1, startedAt: 1000 }],
    ...more,
  }) as unknown as StepState;

/** Entries 1 s apart, the first at 1,000 ms. */
const said = (...items: readonly ConversationItem[]) =>
  currentBlocks(
    addEntries(
      NO_CONVERSATION,
      items.map((item, at) => ({ entry: at + 1, at: (at + 1) * 1000, path: 'a', attempt: 1, agent: 'x', item })),
    ),
    { path: 'a', attempt: 1 },
  );
const prompt: ConversationItem = { kind: 'prompt', text: 'Go', model: null };
const call: ConversationItem = { kind: 'tool_call', id: '1', tool: 'git.log', input: null };
const result: ConversationItem = { kind: 'tool_result', id: '1', text: '', isError: false };
const callEnd: ConversationItem = { kind: 'call_end', model: null, usage: NO_USAGE, cost: null, durationMs: 1 };
const note: ConversationItem = { kind: 'note', level: 'warning', text: 'silent' };

it.each([
  ['nothing yet', [], 2000, { kind: 'starting' }],
  ['the prompt', [prompt], 2000, { kind: 'thinking' }],
  ['a thought', [prompt, { kind: 'thinking', text: 'hm' }], 3000, { kind: 'thinking' }],
  ['words', [prompt, { kind: 'text', text: 'It' }], 3000, { kind: 'writing' }],
  ['a tool at work', [prompt, call], 14_000, { kind: 'tool', tool: 'git.log', others: 0, forMs: 12_000 }],
  ['a tool that takes long', [prompt, call], 92_000, { kind: 'tool', tool: 'git.log', others: 0, forMs: 90_000 }],
  ['its result', [prompt, call, result], 4000, { kind: 'thinking' }],
  ['the end of a call', [prompt, callEnd], 3000, { kind: 'settling' }],
  ['long ago', [prompt, { kind: 'text', text: 'It' }], 42_000, { kind: 'silent', forMs: 40_000 }],
  ['a note of the app is no sign of life', [prompt, note], 41_000, { kind: 'silent', forMs: 40_000 }],
  ['never a word', [], 1000 + SILENT_AFTER_MS, { kind: 'silent', forMs: SILENT_AFTER_MS }],
] as const)('says what its last word was: %s', (_name, items, now, expected) => {
  expect(livenessOf(step(), said(...(items as readonly ConversationItem[])), { now })).toEqual(expected);
});

it('says that a person is waited for, or a moment, and nothing once it has ended', () => {
  expect(livenessOf(step({ status: 'in_doubt' }), [], { now: 0 })).toEqual({ kind: 'in_doubt' });
  expect(livenessOf(step(), said(prompt), { now: 0, hasDoubtfulCall: true })).toEqual({ kind: 'in_doubt' });
  expect(livenessOf(step({ status: 'waiting' }), [], { now: 0 })).toEqual({ kind: 'waiting' });
  expect(livenessOf(step({ status: 'pending', retryAt: 9000 }), [], { now: 4000 })).toEqual({
    kind: 'retrying',
    inMs: 5000,
  });
  expect(livenessOf(step({ status: 'completed' }), said(prompt), { now: 0 })).toBeNull();
});

it('looks only at the newest agent of the attempt', () => {
  const entries = [
    { entry: 1, at: 1, path: 'a', attempt: 1, agent: 'old', item: call },
    { entry: 2, at: 2, path: 'a', attempt: 1, agent: 'new', item: prompt },
  ];
  const blocks = currentBlocks(addEntries(NO_CONVERSATION, entries), { path: 'a', attempt: 1 });
  expect(livenessOf(step(), blocks, { now: 10 })).toEqual({ kind: 'thinking' });
});
