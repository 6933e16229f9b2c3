import { describe, expect, it } from 'vitest';
import type { ConversationItem } from '../../../shared/model/agent.ts';
import { NO_USAGE } from '../../../shared/model/agent.ts';
import type { StepState } from '../../../shared/model/run.ts';
import { callPlaceOf, callsByParent, linkCalls } from './call-links.ts';
import { addEntries, NO_CONVERSATION, rowsOfConversation } from './conversation.ts';

const entry = (
  number: number,
  item: ConversationItem,
  more: { path?: string; attempt?: number; agent?: string } = {},
) => ({
  entry: number,
  at: number * 100,
  path: 'review',
  attempt: 1,
  agent: 'claude-code',
  item,
  ...more,
});
const text = (value: string): ConversationItem => ({ kind: 'text', text: value });

describe('addEntries', () => {
  it('joins pieces of one kind in a row, whatever the pages are', () => {
    const entries = [
      entry(1, { kind: 'prompt', text: 'Review it', model: 'sonnet' }),
      entry(2, { kind: 'thinking', text: 'Let me ' }),
      entry(3, { kind: 'thinking', text: 'see.' }),
      entry(4, text('It ')),
      entry(5, text('is fine.')),
      entry(6, { kind: 'call_end', model: 'sonnet', usage: NO_USAGE, cost: '0.01', durationMs: 900 }),
    ];
    const whole = addEntries(NO_CONVERSATION, entries);
    expect(whole.sections.map(({ path, agent }) => `${path} ${agent}`)).toEqual(['review claude-code']);
    expect(whole.sections[0]?.blocks.map((block) => [block.kind, 'text' in block ? block.text : null])).toEqual([
      ['prompt', 'Review it'],
      ['thinking', 'Let me see.'],
      ['text', 'It is fine.'],
      ['call_end', null],
    ]);
    expect(whole.sections[0]?.blocks[2]).toMatchObject({ key: 4, at: 400, lastAt: 500 });
    for (let cut = 1; cut < entries.length; cut += 1) {
      const inPages = addEntries(addEntries(NO_CONVERSATION, entries.slice(0, cut)), entries.slice(cut));
      expect(inPages).toEqual(whole);
    }
  });

  it('changes nothing for entries that came before', () => {
    const once = addEntries(NO_CONVERSATION, [entry(1, text('a')), entry(2, text('b'))]);
    expect(addEntries(once, [entry(1, text('a')), entry(2, text('b'))])).toBe(once);
    expect(addEntries(once, [entry(2, text('b')), entry(3, text('c'))]).sections[0]?.blocks[0]).toMatchObject({
      text: 'abc',
    });
  });

  it('puts a result to its call, also when others came between, and keeps one without a call', () => {
    const { sections } = addEntries(NO_CONVERSATION, [
      entry(1, { kind: 'tool_call', id: 'a', tool: 'git.log', input: { since: 'v1' } }),
      entry(2, { kind: 'tool_call', id: 'b', tool: 'npm.audit', input: {} }),
      entry(3, { kind: 'tool_result', id: 'b', text: '2 found', isError: false }),
      entry(4, { kind: 'tool_result', id: 'a', text: 'refused', isError: true }),
      entry(5, { kind: 'tool_result', id: 'lost', text: 'x', isError: false }),
    ]);
    expect(sections[0]?.blocks.map((block) => (block.kind === 'tool' ? [block.tool, block.result?.text] : []))).toEqual(
      [
        ['git.log', 'refused'],
        ['npm.audit', '2 found'],
        ['lost', 'x'],
      ],
    );
  });

  it('keeps steps that run at once, attempts and agents apart', () => {
    const conversation = addEntries(NO_CONVERSATION, [
      entry(1, text('a1 '), { path: 'a' }),
      entry(2, text('b1 '), { path: 'b' }),
      entry(3, text('a2'), { path: 'a' }),
      entry(4, text('other'), { path: 'a', attempt: 2, agent: 'opencode' }),
      entry(5, text('b2'), { path: 'b' }),
    ]);
    const said = conversation.sections.map(({ path, agent, blocks }) => [
      path,
      agent,
      ...blocks.map((block) => ('text' in block ? block.text : '')),
    ]);
    expect(said).toEqual([
      ['a', 'claude-code', 'a1 a2'],
      ['b', 'claude-code', 'b1 b2'],
      ['a', 'opencode', 'other'],
    ]);
    expect(rowsOfConversation(conversation, 'a').map(({ kind }) => kind)).toEqual(['head', 'block', 'head', 'block']);
    expect(rowsOfConversation(conversation, null)).toHaveLength(6);
  });
});

describe('tool calls as child steps', () => {
  const state = (path: string, name: string, startedAt: number): StepState =>
    ({ path, name, startedAt }) as unknown as StepState;

  it('knows a call by its path', () => {
    expect(callPlaceOf('loop[2].review.call[10]')).toEqual({ parent: 'loop[2].review', number: 10 });
    expect(callPlaceOf('review[1]')).toBeNull();
    expect(callPlaceOf('call[1]')).toBeNull();
    const calls = callsByParent([state('r.call[10]', 'x', 1), state('r.call[9]', 'x', 1), state('r', 'r', 1)]);
    expect(calls.get('r')?.map(({ path }) => path)).toEqual(['r.call[9]', 'r.call[10]']);
  });

  it('ties each call of the conversation to the step that carried it out, and a refused one to none', () => {
    const [section] = addEntries(NO_CONVERSATION, [
      entry(1, { kind: 'tool_call', id: '1', tool: 'git.log', input: {} }),
      entry(2, { kind: 'tool_result', id: '1', text: 'bad parameters', isError: true }),
      entry(3, { kind: 'tool_call', id: '2', tool: 'git.log', input: {} }),
      entry(4, { kind: 'tool_result', id: '2', text: 'ok', isError: false }),
      entry(5, { kind: 'tool_call', id: '3', tool: 'Read', input: {} }),
      entry(6, { kind: 'tool_call', id: '4', tool: 'git.log', input: {} }),
    ]).sections;
    if (section === undefined) throw new Error('no section');
    const links = linkCalls(section, [
      state('review.call[0]', 'git.log', 310),
      state('review.call[1]', 'git.log', 600),
    ]);
    expect([...links]).toEqual([
      [3, 'review.call[0]'],
      [6, 'review.call[1]'],
    ]);
  });
});
