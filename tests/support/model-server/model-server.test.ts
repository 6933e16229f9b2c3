import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from './index.ts';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const post = (path: string, body: object): Promise<Response> =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'k', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify(body),
  });

const messages = [{ role: 'user', content: 'Wie heißt du? 🙂' }];

test.each([
  ['/v1/messages?beta=true', 'event: message_start', 'event: message_stop', 'anthropic'],
  ['/v1/chat/completions', 'data: {"id":"chatcmpl', 'data: [DONE]', 'openai'],
  ['/api/chat', '{"model":"m"', '"done":true', 'ollama'],
])('%s streams a scripted answer in the form of its provider', async (path, first, last, format) => {
  server.script([{ text: 'Ich heiße Modell 🙂', toolCalls: [{ name: 'files_read', input: { path: 'a' } }] }]);
  const answer = await post(path, { model: 'm', stream: true, messages });
  const text = await answer.text();
  expect(text.slice(0, first.length)).toBe(first);
  expect(text).toContain(last);
  expect(text).toContain('files_read');
  expect(server.questions()).toEqual([
    expect.objectContaining({ format, model: 'm', prompt: 'Wie heißt du? 🙂', isStreaming: true, number: 1 }),
  ]);
});

test('an unknown model, a status and a broken connection look as they do at a provider', async () => {
  const unknown = await post('/v1/chat/completions', { model: 'unknown-1', messages });
  expect([unknown.status, await unknown.json()]).toEqual([
    404,
    { error: expect.objectContaining({ code: 'model_not_found' }) },
  ]);
  server.script([
    { status: 429, headers: { 'retry-after': '7' } },
    { text: 'one two three four', cut: 2 },
  ]);
  const limited = await post('/v1/messages', { model: 'm', messages });
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  await expect(
    post('/v1/messages', { model: 'm', messages, stream: true }).then((one) => one.text()),
  ).rejects.toThrow();
});

test('a client that goes away is seen', async () => {
  server.script([{ hang: true }]);
  const stop = new AbortController();
  const asked = fetch(`${server.url}/api/chat`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', messages }),
    signal: stop.signal,
  }).catch(() => 'gone');
  const request = await server.waitForQuestion(1);
  stop.abort();
  expect(await asked).toBe('gone');
  expect(await request.closed).toBe('aborted');
});

test('a question for a schema is answered with a value that fits it', async () => {
  const schema = { type: 'object', properties: { severity: { enum: ['low', 'high'] }, count: { type: 'integer' } } };
  const answer = await post('/api/chat', { model: 'm', messages, format: schema, stream: false });
  expect(JSON.parse(((await answer.json()) as { message: { content: string } }).message.content)).toEqual({
    severity: 'low',
    count: 1,
  });
});
