import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AgentAdapter, AgentRequest } from '../../src/core/agent-port/index.ts';
import type { Json, JsonMap } from '../../src/shared/json.ts';
import { type Asked, askCase } from '../support/ask-agent.ts';
import { functionTool, type HttpAgents, openHttpAgents } from '../support/http-agents.ts';
import { type ModelServer, startModelServer, type WireFormat } from '../support/model-server/index.ts';

/** Answers as servers really send them, which is not always as their documents say (SPEC §4.4 "both"). */
let model: ModelServer;
let agents: HttpAgents;
beforeAll(async () => {
  model = await startModelServer();
});
afterAll(() => model.close());
beforeEach(() => {
  model.reset();
  agents = openHttpAgents();
});
afterEach(() => agents.close());

const BOOK = functionTool('ledger.book', { who: { type: 'string' }, amount: { type: 'number' } });
const ANN = { who: 'Ann', amount: 10 };
const BOB = { who: 'Bob', amount: 20 };

const sse = (...events: readonly (JsonMap | string)[]): string =>
  events.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join('');
const lines = (...events: readonly JsonMap[]): string => events.map((one) => `${JSON.stringify(one)}\n`).join('');
/** A piece of a chat completion. */
const delta = (said: JsonMap, finish: string | null = null): JsonMap => ({
  choices: [{ index: 0, delta: said, finish_reason: finish }],
});
const call = (given: Json, more: JsonMap = {}): JsonMap => ({
  type: 'function',
  function: { name: 'ledger__book', arguments: given },
  ...more,
});
const DONE = '[DONE]';

interface Talk {
  readonly asked: Asked;
  /** What the tool was called with. */
  readonly called: JsonMap[];
}

/** Asks an agent whose server gives these bodies, one after the other. */
function talk(format: WireFormat, bodies: readonly string[], changes: Partial<AgentRequest> = {}, type = ''): Talk {
  const mime = type !== '' ? type : format === 'ollama' ? 'application/x-ndjson' : 'text/event-stream';
  model.script(bodies.map((body) => ({ status: 200, body, headers: { 'content-type': mime } })));
  const called: JsonMap[] = [];
  const adapter: AgentAdapter = agents.at(format, model);
  const callTool: AgentRequest['callTool'] = async (_name, input) => {
    called.push(input);
    return { text: 'booked', isError: false };
  };
  return { asked: askCase({ adapter }, { callTool, ...changes }), called };
}

const END = sse(delta({ content: 'ok' }), delta({}, 'stop'), DONE);

describe('openai: function calls', () => {
  it.each<readonly [string, string, readonly JsonMap[]]>([
    [
      'arguments as a map',
      sse(delta({ tool_calls: [call(ANN, { index: 0, id: 'a' })] }), delta({}, 'tool_calls'), DONE),
      [ANN],
    ],
    [
      'two ids under one index',
      sse(
        delta({ tool_calls: [call(JSON.stringify(ANN), { index: 0, id: 'a' })] }),
        delta({ tool_calls: [call(JSON.stringify(BOB), { index: 0, id: 'b' })] }),
        delta({}, 'tool_calls'),
        DONE,
      ),
      [ANN, BOB],
    ],
    [
      'no index and no id, whole',
      sse(delta({ tool_calls: [call(JSON.stringify(ANN)), call(JSON.stringify(BOB))] }, 'tool_calls'), DONE),
      [ANN, BOB],
    ],
    [
      'no index and no id, one after the other, in pieces',
      sse(
        delta({ tool_calls: [call('{"who":"Ann",')] }),
        delta({ tool_calls: [{ function: { arguments: '"amount":10}' } }] }),
        delta({ tool_calls: [call('{"who":"Bob",')] }),
        delta({ tool_calls: [{ function: { arguments: '"amount":20}' } }] }),
        delta({}, 'tool_calls'),
        DONE,
      ),
      [ANN, BOB],
    ],
    [
      'every piece with the name and an id of its own',
      sse(
        delta({ tool_calls: [call('{"who":"Ann"', { index: 0, id: 'a' })] }),
        delta({ tool_calls: [{ index: 0, id: 'b', function: { arguments: ',"amount":10}' } }] }),
        delta({}, 'tool_calls'),
        DONE,
      ),
      [ANN],
    ],
    [
      'pieces mixed by index',
      sse(
        delta({ tool_calls: [call('', { index: 0, id: 'a' }), call('', { index: 1, id: 'b' })] }),
        delta({ tool_calls: [{ index: 1, function: { arguments: '{"who":"Bob",' } }] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: JSON.stringify(ANN) } }] }),
        delta({ tool_calls: [{ index: 1, function: { arguments: '"amount":20}' } }] }),
        delta({}, 'tool_calls'),
        DONE,
      ),
      [ANN, BOB],
    ],
    [
      'the whole call once more at the end',
      sse(
        delta({ tool_calls: [call('', { index: 0, id: 'a' })] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: JSON.stringify(ANN) } }] }),
        delta({ tool_calls: [call(JSON.stringify(ANN), { index: 0, id: 'a' })] }, 'tool_calls'),
        DONE,
      ),
      [ANN],
    ],
    [
      'one call that is no list, no finish_reason, no last blank line',
      `${sse(delta({ tool_calls: call(ANN, { id: 'a' }) }))}data: [DONE]`,
      [ANN],
    ],
    [
      'the form before tool_calls',
      sse(
        delta({ function_call: { name: 'ledger__book', arguments: '{"who":"Ann",' } }),
        delta({ function_call: { arguments: '"amount":10}' } }),
        delta({}, 'function_call'),
        DONE,
      ),
      [ANN],
    ],
  ])('%s', async (_what, body, expected) => {
    const { asked, called } = talk('openai', [body, END], { tools: [BOOK] });
    expect((await asked.reply).text).toBe('ok');
    expect(called).toEqual(expected);
  });

  it.each<readonly [string, Json]>([
    ['a list', [ANN]],
    ['a number', 7],
    ['a flag', true],
  ])('arguments that are %s are refused, and never read as none', async (_what, given) => {
    const body = sse(delta({ tool_calls: [call(given, { index: 0, id: 'a' })] }), delta({}, 'tool_calls'), DONE);
    const { asked, called } = talk('openai', [body, END], { tools: [BOOK] });
    await asked.reply;
    expect(called).toEqual([]);
    expect(model.questions()[1]?.toolResults[0]?.text).toBe('The arguments must be a JSON object.');
  });

  it('every digit of an integer comes through, with a word about it', async () => {
    const big = '{"who":"Ann","amount":12345678901234567890}';
    const body = sse(delta({ tool_calls: [call(big, { index: 0, id: 'a' })] }), delta({}, 'tool_calls'), DONE);
    const { asked, called } = talk('openai', [body, END], { tools: [BOOK] });
    await asked.reply;
    expect(called).toEqual([{ who: 'Ann', amount: '12345678901234567890' }]);
    expect(asked.notes).toContainEqual({
      kind: 'note',
      level: 'warning',
      text: 'amount: 12345678901234567890 is kept as text',
    });
  });
});

describe('openai: texts', () => {
  const usage = { prompt_tokens: 9, completion_tokens: 4 };
  it.each([
    ['no finish_reason before the end', sse(delta({ content: 'Ten' }), delta({ content: '.' }), DONE)],
    ['no end mark', sse(delta({ content: 'Ten.' }), delta({}, 'stop'))],
    ['an end that is not said but finished', sse(delta({ content: 'Ten.' }, 'stop'))],
    [
      'a last event without its blank line',
      `${sse(delta({ content: 'Ten.' }))}data: ${JSON.stringify(delta({}, 'stop'))}`,
    ],
    [
      'content as parts',
      sse(
        delta({
          content: [
            { type: 'text', text: 'Ten' },
            { type: 'text', text: '.' },
          ],
        }),
        DONE,
      ),
    ],
    ['content as one part', sse(delta({ content: { type: 'text', text: 'Ten.' } }), DONE)],
    ['empty events between', `data: \n\n${sse(delta({ content: 'Ten.' }), '', DONE)}`],
    [
      'an error that is none',
      sse({ ...delta({ content: 'Ten.' }), error: null }, { ...delta({}, 'stop'), error: '' }, DONE),
    ],
    ['usage in a last empty piece', sse(delta({ content: 'Ten.' }, 'stop'), { choices: [], usage }, DONE)],
    ['an error after the end', sse(delta({ content: 'Ten.' }, 'stop'), { error: { message: 'too late' } })],
    ['a whole message', JSON.stringify({ choices: [{ message: { content: 'Ten.' }, finish_reason: 'stop' }], usage })],
  ])('%s', async (_what, body) => {
    const { asked } = talk('openai', [body]);
    expect((await asked.reply).text).toBe('Ten.');
    expect(model.questions()).toHaveLength(1);
    expect(asked.calls).toMatchObject([{ error: null }]);
    if (body.includes('prompt_tokens'))
      expect(asked.calls[0]?.usage).toMatchObject({ inputTokens: 9, outputTokens: 4 });
  });

  it('a connection that breaks after the answer, or stays open, changes nothing', async () => {
    model.script([
      { text: 'Ten.', cut: 5 },
      { text: 'Ten.', linger: true },
    ]);
    const adapter = agents.at('openai', model);
    for (const _turn of [1, 2]) expect((await askCase({ adapter }).reply).text).toBe('Ten.');
  });

  it('thoughts are no part of it, in whichever form', async () => {
    const body = sse(
      delta({ reasoning_content: 'a' }),
      delta({ reasoning: 'b' }),
      delta({ reasoning_details: [{ type: 'reasoning.text', text: 'c' }] }),
      delta({
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'd' }] },
          { type: 'text', text: 'Ten.' },
        ],
      }),
      DONE,
    );
    const { asked } = talk('openai', [body]);
    expect((await asked.reply).text).toBe('Ten.');
    expect(asked.said('thinking')).toBe('abcd');
    expect(asked.said('text')).toBe('Ten.');
  });

  it.each<readonly [string, JsonMap]>([
    ['a picture', { content: [{ type: 'image_url', image_url: { url: 'data:' } }] }],
    ['a number', { content: 7 }],
    ['a part whose text is none', { content: [{ type: 'text', text: { value: 'x' } }] }],
  ])('%s is no empty answer, and is not asked for again', async (_what, said) => {
    const { asked } = talk('openai', [sse(delta(said), delta({}, 'stop'), DONE)]);
    expect((await asked.failure()).toRecord()).toMatchObject({
      code: 'agent.invalid_reply',
      message: expect.stringContaining('in a form that is not understood'),
      retryable: false,
    });
  });

  it.each([
    sse({ error: { message: 'Expired.', type: 'authentication_error' } }),
    sse({ error: { message: 'Wrong.', code: 'invalid_api_key' } }),
  ])('a login that ran out is named, also within a stream: %j', async (body) => {
    expect((await talk('openai', [body]).asked.failure()).toRecord()).toMatchObject({
      code: 'agent.not_logged_in',
      retryable: false,
    });
  });
});

describe('anthropic', () => {
  const start = (block: JsonMap, index = 0): JsonMap => ({ type: 'content_block_start', index, content_block: block });
  const piece = (said: JsonMap, index = 0): JsonMap => ({ type: 'content_block_delta', index, delta: said });
  const stop = (reason: string): JsonMap => ({
    type: 'message_delta',
    delta: { stop_reason: reason },
    usage: { output_tokens: 5 },
  });
  const use = (input: Json): JsonMap => ({ type: 'tool_use', id: 't1', name: 'ledger__book', input });
  const OVER = { type: 'message_stop' };
  const OK = sse(start({ type: 'text', text: 'ok' }), stop('end_turn'), OVER);

  it.each<readonly [string, string]>([
    ['input with the start of its block alone', sse(start(use(ANN)), stop('tool_use'), OVER)],
    [
      'input as a map in a piece',
      sse(start(use({})), piece({ type: 'input_json_delta', partial_json: ANN }), stop('tool_use'), OVER),
    ],
    [
      'input twice, and the same',
      sse(
        start(use(ANN)),
        piece({ type: 'input_json_delta', partial_json: JSON.stringify(ANN) }),
        stop('tool_use'),
        OVER,
      ),
    ],
    ['no message_stop', sse(start(use(ANN)), stop('tool_use'))],
    ['a whole message', JSON.stringify({ type: 'message', content: [use(ANN)], stop_reason: 'tool_use' })],
  ])('%s', async (_what, body) => {
    const { asked, called } = talk('anthropic', [body, OK], { tools: [BOOK] });
    expect((await asked.reply).text).toBe('ok');
    expect(called).toEqual([ANN]);
    // A text that came with the start of its block was shown, too.
    expect(asked.said('text')).toBe('ok');
  });

  it('the answer of a schema may come with the start of its block', async () => {
    const schema = { type: 'object', properties: { who: { type: 'string' } } };
    const block = { type: 'tool_use', id: 't1', name: 'give_answer', input: { who: 'Ann' } };
    const { asked } = talk('anthropic', [sse(start(block), stop('tool_use'), OVER)], { schema });
    expect(await asked.reply).toMatchObject({ structured: { who: 'Ann' }, text: '{"who":"Ann"}' });
  });

  it('input that came twice and differs is refused', async () => {
    const body = sse(start(use(ANN)), piece({ partial_json: JSON.stringify(BOB) }), stop('tool_use'), OVER);
    const { asked, called } = talk('anthropic', [body, OK], { tools: [BOOK] });
    await asked.reply;
    expect(called).toEqual([]);
  });
});

describe('ollama', () => {
  it.each<readonly [string, string, string]>([
    [
      'a whole message over many lines',
      JSON.stringify({ message: { content: 'Ten.' }, done: true }, null, 2),
      'application/json',
    ],
    ['content as parts', lines({ message: { content: [{ type: 'text', text: 'Ten.' }] }, done: true }), ''],
    ['no last line end', lines({ message: { content: 'Ten.' }, done: true }).trimEnd(), ''],
  ])('%s', async (_what, body, type) => {
    expect((await talk('ollama', [body], {}, type).asked.reply).text).toBe('Ten.');
  });

  it.each<readonly [string, Json, readonly JsonMap[]]>([
    ['a map', ANN, [ANN]],
    ['a text', JSON.stringify(ANN), [ANN]],
    ['nothing', null, [{}]],
    ['a list', [ANN], []],
  ])('arguments as %s', async (_what, given, expected) => {
    const body = lines({ message: { content: '', tool_calls: [call(given)] }, done: true });
    const { asked, called } = talk('ollama', [body, lines({ message: { content: 'ok' }, done: true })], {
      tools: [BOOK],
    });
    await asked.reply;
    expect(called).toEqual(expected);
  });

  it('an answer with thoughts before it is not asked for once more', async () => {
    const schema = { type: 'object', properties: { who: { type: 'string' } } };
    const body = lines({ message: { content: '<think>{"who": "?"}</think>```json\n{"who":"Ann"}\n```' }, done: true });
    await talk('ollama', [body], { tools: [BOOK], schema }).asked.reply;
    expect(model.questions()).toHaveLength(1);
  });
});
