import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/errors.ts';
import type { JsonMap } from '../../../../shared/json.ts';
import type { ConversationItem } from '../../../../shared/model/agent.ts';
import type { ProcessEnd } from '../../../processes/index.ts';
import { ClaudeEvents } from './claude-events.ts';
import { claudeReply } from './claude-reply.ts';

const END: ProcessEnd = {
  ...{ reason: 'exited', exitCode: 0, signal: null, stdout: '', stderr: '', stderrCut: false },
};
const RESULT: JsonMap = { type: 'result', subtype: 'success', is_error: false, result: 'done', total_cost_usd: 0 };

function read(events: readonly JsonMap[]) {
  const notes: ConversationItem[] = [];
  const reader = new ClaudeEvents((item) => notes.push(item));
  for (const event of events) reader.read(event);
  return { notes, reply: (end: Partial<ProcessEnd> = {}) => claudeReply(reader.transcript, { ...END, ...end }) };
}

function failure(events: readonly JsonMap[], end: Partial<ProcessEnd> = {}): AppError {
  try {
    read(events).reply(end);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
  }
  throw new Error('it did not fail');
}

const says = (text: string, extra: JsonMap = {}): JsonMap => ({
  type: 'assistant',
  message: { id: 'm1', content: [{ type: 'text', text }] },
  parent_tool_use_id: null,
  ...extra,
});

describe('events of Claude Code', () => {
  it('shows a text once, whether it comes in pieces or whole', () => {
    const piece = (text: string): JsonMap => ({
      type: 'stream_event',
      event: { type: 'content_block_delta', delta: { type: 'text_delta', text } },
    });
    const start = { type: 'stream_event', event: { type: 'message_start', message: { id: 'm1' } } };
    expect(read([start, piece('a'), piece('b'), says('ab')]).notes).toEqual([
      { kind: 'text', text: 'a' },
      { kind: 'text', text: 'b' },
    ]);
    expect(read([says('ab')]).notes).toEqual([{ kind: 'text', text: 'ab' }]);
  });

  it('leaves what sub-agents say to them', () =>
    expect(read([says('inner', { parent_tool_use_id: 'toolu_1' })]).notes).toEqual([]));

  it('sums up all models and keeps cached tokens inside the input', () => {
    const modelUsage = {
      big: {
        inputTokens: 10,
        outputTokens: 7,
        cacheReadInputTokens: 4,
        cacheCreationInputTokens: 3,
        thinkingTokens: 2,
      },
      small: { inputTokens: 5, outputTokens: 1, cacheReadInputTokens: 0, cacheCreationInputTokens: 0 },
    };
    const { usage, model, reportedCost } = read([
      { ...RESULT, modelUsage, total_cost_usd: 0.00019979999999999998 },
    ]).reply();
    expect(usage).toEqual({
      ...{ inputTokens: 22, outputTokens: 8, cachedTokens: 4, cacheWriteTokens: 3, reasoningTokens: 2 },
      isEstimated: false,
    });
    expect(model).toBe('big');
    expect(reportedCost).toBe('0.0001998');
  });

  it('tells what each model cost where agents below it used others, and nothing apart that is not the whole', () => {
    const usage = (costUSD: number) => ({ inputTokens: 5, outputTokens: 1, webSearchRequests: 2, costUSD });
    const modelUsage = { big: usage(0.1), small: usage(0.2) };
    const shares = (total: number) => read([{ ...RESULT, modelUsage, total_cost_usd: total }]).reply().shares;
    expect(shares(0.30000000000000004)).toEqual([
      expect.objectContaining({ model: 'big', reportedCost: '0.1' }),
      expect.objectContaining({ model: 'small', reportedCost: '0.2' }),
    ]);
    expect(shares(0.3)?.[0]?.usage).toMatchObject({ inputTokens: 5, outputTokens: 1, paidToolCalls: 2 });
    expect(shares(0.5)).toBeUndefined();
  });

  it.each([
    ['nothing at all', [], 'agent.invalid_reply'],
    ['a result without a text', [{ ...RESULT, result: null }], 'agent.invalid_reply'],
    ['too many turns', [{ ...RESULT, subtype: 'error_max_turns', is_error: true }], 'agent.turn_limit'],
    ['a budget that is spent', [{ ...RESULT, subtype: 'error_max_budget_usd', is_error: true }], 'agent.budget_spent'],
    [
      'no answer for the schema',
      [{ ...RESULT, subtype: 'error_max_structured_output_retries', is_error: true }],
      'agent.invalid_output',
    ],
    ['an error of its own', [{ ...RESULT, subtype: 'error_during_execution', is_error: true }], 'agent.failed'],
    [
      'a connection that is not there',
      [says('API Error: Connection refused (ECONNREFUSED)', { error: 'server_error' }), { ...RESULT, is_error: true }],
      'agent.connection_lost',
    ],
    [
      'a missing login',
      [says('Not logged in · Please run /login', { error: 'authentication_failed' }), { ...RESULT, is_error: true }],
      'agent.not_logged_in',
    ],
  ] as const)('%s: %#', (_what, events, code) => expect(failure(events).code).toBe(code));

  it('says what it had used where it ended before it could say so, each message once and those of sub-agents too', () => {
    const start = (id: string, input_tokens: number, extra: JsonMap = {}): JsonMap => {
      const message = { id, usage: { input_tokens, cache_read_input_tokens: 40, output_tokens: 1 } };
      return { type: 'stream_event', event: { type: 'message_start', message }, ...extra };
    };
    const grown = (output_tokens: number, extra: JsonMap = {}): JsonMap => ({
      type: 'stream_event',
      event: { type: 'message_delta', usage: { output_tokens } },
      ...extra,
    });
    const below = { parent_tool_use_id: 'toolu_1' };
    const whole = {
      id: 'm1',
      content: [],
      usage: { input_tokens: 100, cache_read_input_tokens: 40, output_tokens: 1 },
    };
    const events = [
      ...[start('m1', 100), start('m2', 7, below), grown(30)],
      ...[{ type: 'assistant', message: whole, parent_tool_use_id: null }, grown(5, below), start('m3', -9)],
    ];
    expect(failure(events, { exitCode: null, signal: 'SIGKILL' }).details?.usage).toMatchObject({
      inputTokens: 227,
      outputTokens: 36,
      cachedTokens: 120,
    });
  });

  it('says what a failed question has cost, and each model of it', () => {
    const usage = (costUSD: number) => ({ inputTokens: 5, outputTokens: 1, costUSD });
    const modelUsage = { big: usage(0.1), small: usage(0.2) };
    const spent = { ...RESULT, subtype: 'error_max_budget_usd', is_error: true, modelUsage, total_cost_usd: 0.3 };
    expect(failure([spent]).details).toMatchObject({
      reported_cost: '0.3',
      usage: { inputTokens: 10, outputTokens: 2 },
      shares: [
        { model: 'big', reportedCost: '0.1' },
        { model: 'small', reportedCost: '0.2' },
      ],
    });
  });

  it('says with what words it ended where it was killed or broke down', () => {
    expect(failure([], { exitCode: null, signal: 'SIGKILL' }).message).toContain('SIGKILL');
    expect(failure([], { exitCode: 3, stderr: 'no such option' }).toRecord()).toMatchObject({
      code: 'agent.failed',
      message: expect.stringContaining('no such option'),
      details: { exit_code: 3 },
    });
  });

  it('takes events of a form that it does not know for no events', () => {
    const odd = [
      { type: 'assistant' },
      { type: 'user', message: 5 },
      { type: 'result2' },
      { type: 'system' },
      { type: 7 },
    ];
    expect(read(odd as unknown as JsonMap[]).notes).toEqual([]);
  });
});
