import { describe, expect, it } from 'vitest';
import type { Json, JsonMap } from '../../../shared/json.ts';
import type { AgentReply } from '../../agent-port/index.ts';
import type { ProcessEnd } from '../../processes/index.ts';
import { ClaudeEvents } from './claude-code/claude-events.ts';
import { claudeReply } from './claude-code/claude-reply.ts';
import { eventsOf } from './json-lines.ts';
import { OpenCodeEvents } from './opencode/open-code-events.ts';
import { openCodeReply } from './opencode/open-code-reply.ts';
import { profileReply } from './profiles/profile-reply.ts';
import { readCliProfile } from './profiles/read-cli-profiles.ts';

/** What command-line agents print, in the forms in which their versions really print it: an answer that is there is taken. */
const END: ProcessEnd = {
  ...{ reason: 'exited', exitCode: 0, signal: null, stdout: '', stderr: '', stderrCut: false },
};
const printed = (events: readonly (JsonMap | string)[]): string =>
  events.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');

function claude(events: readonly (JsonMap | string)[]): AgentReply {
  const reader = new ClaudeEvents(() => undefined);
  for (const { event, notices } of eventsOf(printed(events))) reader.read(event, notices);
  return claudeReply(reader.transcript, END);
}

function openCode(events: readonly JsonMap[], exitCode = 0): AgentReply {
  const reader = new OpenCodeEvents(() => undefined);
  for (const event of events) reader.read(event);
  return openCodeReply(reader.transcript, { ...END, exitCode }, null);
}

function profile(text: string, stdout: string): AgentReply {
  const { profile: read } = readCliProfile('mine', {
    file: 'mine.yaml',
    text: `command: mine\nprompt: stdin\n${text}`,
  });
  if (read === null) throw new Error('the profile cannot be read');
  return profileReply(read, { ...END, stdout }, null);
}

const RESULT: JsonMap = { type: 'result', subtype: 'success', is_error: false };
const says = (id: string, text: string): JsonMap => ({
  type: 'assistant',
  message: { id, content: [{ type: 'text', text }] },
  parent_tool_use_id: null,
});

describe('claude-code', () => {
  it.each<readonly [string, readonly (JsonMap | string)[], string]>([
    ['parts in place of the text', [{ ...RESULT, result: [{ type: 'text', text: 'Ten.' }] }], 'Ten.'],
    ['no text in the result, but one before it', [says('m1', 'I look.'), says('m2', 'Ten.'), RESULT], 'Ten.'],
    ['a message in several events', [says('m1', 'Ten'), says('m1', '.'), RESULT], 'Ten.'],
  ])('%s', (_what, events, text) => expect(claude(events).text).toBe(text));

  it('a structured answer needs no text, and keeps its digits', () => {
    const line =
      '{"type":"result","subtype":"success","is_error":false,"structured_output":{"id":12345678901234567890}}';
    expect(claude([line])).toMatchObject({
      structured: { id: '12345678901234567890' },
      notices: ['id: 12345678901234567890 is kept as text'],
    });
  });

  it.each(['Invalid API key · Please run /login', 'API Error: 401 {"type":"error"}', 'OAuth token has expired.'])(
    'a login that ran out: %s',
    (result) => expect(() => claude([{ ...RESULT, is_error: true, result }])).toThrow(/is not logged in/),
  );

  it('a number in a sentence is no status', () =>
    expect(() => claude([{ ...RESULT, is_error: true, result: 'It failed in line 401 of a.js' }])).toThrow(
      /^The agent claude-code failed: /,
    ));
});

describe('opencode', () => {
  const start = { type: 'step_start', part: { messageID: 'm' } };
  const text = (said: Json): JsonMap => ({ type: 'text', part: { messageID: 'm', text: said } });
  const finish = (reason: string): JsonMap => ({ type: 'step_finish', part: { reason } });

  it.each<readonly [string, readonly JsonMap[]]>([
    ['the end of a turn is not said', [start, text('Ten.')]],
    [
      'an error before it went on',
      [start, { type: 'error', error: { name: 'APIError' } }, start, text('Ten.'), finish('stop')],
    ],
    ['parts in place of the text', [start, text([{ type: 'text', text: 'Ten.' }]), finish('stop')]],
  ])('%s', (_what, events) => expect(openCode(events).text).toBe('Ten.'));

  it.each<readonly [string, readonly JsonMap[], number]>([
    ['it stopped at a tool call', [start, text('I look.'), finish('tool-calls')], 0],
    ['nothing was said', [start], 0],
    ['its process failed', [start, text('Ten.')], 1],
  ])('no answer: %s', (_what, events, exitCode) => expect(() => openCode(events, exitCode)).toThrow());
});

describe('profiles', () => {
  it.each([
    ['parts', 'output: json\nresult_path: content', '{"content":[{"type":"text","text":"Ten."}]}'],
    ['a few words before the JSON', 'output: json\nresult_path: a', 'Loading…\n{"a": "Ten."}'],
    ['a null after the answer', 'output: jsonl\nresult_path: a', '{"a":"Ten."}\n{"a":null}'],
  ])('%s', (_what, text, stdout) => expect(profile(text, stdout).text).toBe('Ten.'));

  it('keep digits, with a word about it', () =>
    expect(profile('output: json\nresult_path: out', '{"out":{"id":12345678901234567890}}')).toMatchObject({
      structured: { id: '12345678901234567890' },
      notices: ['id: 12345678901234567890 is kept as text'],
    }));

  it('a null is no answer', () => expect(() => profile('output: json\nresult_path: a', '{"a":null}')).toThrow());
});
