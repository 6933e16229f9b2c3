import { afterEach, expect, it, vi } from 'vitest';
import { createBrowserClient } from './browser-client.ts';

afterEach(() => vi.unstubAllGlobals());

interface Seen {
  readonly path: string;
  readonly token: string | undefined;
  readonly body: string;
}

/** A server that hands out tokens in order and takes only the last one. */
function stubServer(tokens: readonly string[], valid: string): Seen[] {
  const seen: Seen[] = [];
  const left = [...tokens];
  vi.stubGlobal(
    'fetch',
    async (path: string, init: { readonly headers: Record<string, string>; readonly body: string }) => {
      const token = init.headers['x-aiworkflow-token'];
      seen.push({ path, token, body: init.body });
      if (path === '/api/session') return Response.json({ token: left.shift() ?? valid });
      if (token !== valid) return new Response('', { status: 401 });
      const { name } = JSON.parse(init.body) as { readonly name: string };
      if (name === 'workflows.get')
        return Response.json({
          ok: false,
          error: { code: 'workflow.not_found', kind: 'not_found', message: 'No such workflow.', retryable: false },
        });
      return Response.json({ ok: true, value: { asked: name } });
    },
  );
  return seen;
}

it('asks for the session once and sends its token with every call', async () => {
  const seen = stubServer(['t'], 't');
  const client = createBrowserClient();
  const answers = await Promise.all([client.call('app.info', {}), client.call('runs.counts', {})]);
  expect(answers).toEqual([{ asked: 'app.info' }, { asked: 'runs.counts' }]);
  expect(seen.map(({ path, token }) => `${path} ${token}`)).toEqual([
    '/api/session undefined',
    '/api/call t',
    '/api/call t',
  ]);
  expect(JSON.parse(seen[1]?.body ?? '')).toEqual({ name: 'app.info', input: {} });
});

it('signs in again when the server was started anew', async () => {
  const seen = stubServer(['old', 'new'], 'new');
  await expect(createBrowserClient().call('app.info', {})).resolves.toEqual({ asked: 'app.info' });
  expect(seen).toHaveLength(4);
});

it('rejects with the error of the answer', async () => {
  stubServer(['t'], 't');
  await expect(createBrowserClient().call('workflows.get', { ref: 'x' })).rejects.toMatchObject({
    code: 'workflow.not_found',
    message: 'No such workflow.',
  });
});

it('says when nobody answers, or nobody knows this page', async () => {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('Failed to fetch');
  });
  await expect(createBrowserClient().call('app.info', {})).rejects.toMatchObject({ code: 'holder.unreachable' });
  vi.stubGlobal('fetch', async () => new Response('', { status: 401 }));
  await expect(createBrowserClient().call('app.info', {})).rejects.toMatchObject({ code: 'access.bad_token' });
});
