import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpClient, type HttpClient, type HttpRequest } from '../../src/core/http/index.ts';
import { systemClock } from '../../src/core/time/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import { type HttpListener, listen } from '../support/http-listener.ts';
import { ADDRESSES_OF_URLS, BAD_ANSWERS, HOSTS, PORT, PUBLIC } from './ssrf-spellings.ts';

let blocked: HttpListener;
let door: HttpListener;
let blockedV6: HttpListener | null;

beforeAll(async () => {
  blocked = await listen((_request, response) => response.end('secret'));
  blockedV6 = await listen((_request, response) => response.end('secret'), '::1').catch(() => null);
  // Leads wherever the address says.
  door = await listen((request, response) => {
    const to = new URL(request.url, 'http://door').searchParams.get('to') ?? '';
    response.writeHead(Number(new URL(request.url, 'http://door').searchParams.get('status') ?? 302), {
      location: Buffer.from(to, 'utf8').toString('latin1'),
    });
    response.end('moved');
  });
});

afterAll(async () => {
  await Promise.all([blocked.close(), door.close(), blockedV6?.close()]);
});

const withPort = (url: string): string => url.replaceAll(PORT, String(blocked.port));
const urlOf = (host: string): string => `http://${host}:${blocked.port}/`;

const request = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  ...{ method: 'GET', url, headers: {}, signal: new AbortController().signal, timeoutMs: 5000, allowedHosts: [] },
  ...more,
});

async function refusal(work: Promise<unknown>): Promise<string> {
  const thrown = await work.then(
    () => 'answered',
    (error: unknown) => error,
  );
  return thrown instanceof AppError ? thrown.code : String(thrown);
}

function expectNoConnection(): void {
  expect(blocked.connections()).toBe(0);
  expect(blockedV6?.connections() ?? 0).toBe(0);
}

/** A resolver that would take anybody to the blocked listener. */
const toLoopback = async (): Promise<readonly string[]> => ['127.0.0.1'];

async function using(client: HttpClient, work: (client: HttpClient) => Promise<void>): Promise<void> {
  try {
    await work(client);
  } finally {
    await client.close();
  }
}

describe('addresses that must not be asked', () => {
  it('are enough', () => {
    expect(new Set([...HOSTS, ...ADDRESSES_OF_URLS]).size).toBeGreaterThan(130);
  });

  it.each(HOSTS)('http://%s', async (host) => {
    await using(createHttpClient({ clock: systemClock, lookup: toLoopback }), async (client) => {
      expect(await refusal(client.request(request(urlOf(host))))).toBe('tool.address_refused');
      expect(await refusal(client.fetchWith({ allowedHosts: [] })(urlOf(host)))).toMatch(
        /tool.address_refused|TypeError/,
      );
    });
    expectNoConnection();
  });

  it.each(ADDRESSES_OF_URLS)('%j', async (url) => {
    await using(createHttpClient({ clock: systemClock, lookup: toLoopback }), async (client) => {
      expect(await refusal(client.request(request(withPort(url))))).toBe('tool.address_refused');
      expect(await refusal(client.fetchWith({ allowedHosts: [] })(withPort(url)))).toMatch(
        /tool.address_refused|TypeError/,
      );
    });
    expectNoConnection();
  });

  it.each(BAD_ANSWERS)('a name with the addresses %j %j', async (...answer) => {
    await using(
      createHttpClient({ clock: systemClock, lookup: async () => answer.filter((one) => one !== undefined) }),
      async (client) => {
        expect(await refusal(client.request(request(urlOf('rebind.example'))))).toBe('tool.address_refused');
      },
    );
    expectNoConnection();
  });
});

describe('redirects', () => {
  const redirect = (to: string, status = 302): string =>
    `${door.origin}/?status=${status}&to=${encodeURIComponent(to)}`;

  it.each(HOSTS)('to http://%s', async (host) => {
    await using(createHttpClient({ clock: systemClock, lookup: toLoopback }), async (client) => {
      const allowedHosts = [`127.0.0.1:${door.port}`];
      expect(await refusal(client.request(request(redirect(urlOf(host)), { allowedHosts })))).toBe(
        'tool.address_refused',
      );
    });
    expectNoConnection();
  });

  it.each([301, 302, 303, 307, 308])('with status %i, also after a hop on the same host', async (status) => {
    await using(createHttpClient({ clock: systemClock }), async (client) => {
      const allowedHosts = [`127.0.0.1:${door.port}`];
      const url = redirect(redirect(`http://127.0.0.1:${blocked.port}/`, status), status);
      expect(await refusal(client.request(request(url, { allowedHosts, method: 'POST', body: 'x' })))).toBe(
        'tool.address_refused',
      );
    });
    expectNoConnection();
  });

  it.each([`//127.0.0.1:${PORT}/`, `\\\\127.0.0.1:${PORT}\\`, `/\\127.0.0.1:${PORT}`, `http:127.0.0.1:${PORT}`])(
    'written as %j',
    async (to) => {
      await using(createHttpClient({ clock: systemClock }), async (client) => {
        const allowedHosts = [`127.0.0.1:${door.port}`];
        expect(await refusal(client.request(request(redirect(withPort(to)), { allowedHosts })))).toBe(
          'tool.address_refused',
        );
      });
      expectNoConnection();
    },
  );

  it('leave the allowed hosts only where that is open', async () => {
    await using(createHttpClient({ clock: systemClock, lookup: async () => [PUBLIC] }), async (client) => {
      const allowedHosts = [`127.0.0.1:${door.port}`];
      const url = redirect('http://public.example/');
      expect(await refusal(client.request(request(url, { allowedHosts, isConfined: true })))).toBe(
        'tool.address_refused',
      );
    });
  });
});

describe('DNS rebinding', () => {
  it('is of no use: a name that turns private after it was checked', async () => {
    const answers = [[PUBLIC], ['127.0.0.1'], ['127.0.0.1']];
    let asked = 0;
    const lookup = async (): Promise<readonly string[]> => answers[Math.min(asked++, 2)] ?? [];
    await using(createHttpClient({ clock: systemClock, lookup }), async (client) => {
      const work = client.request(request(urlOf('rebind.example'), { timeoutMs: 300 }));
      // The public address of the test answers nobody; what counts is that nothing else was tried instead.
      expect(await refusal(work)).toMatch(/^tool\.(connection_lost|timed_out)$/);
    });
    expect(asked).toBe(1);
    expectNoConnection();
  });

  it('is found out on the next request and on the next hop', async () => {
    const answers = [[PUBLIC], ['127.0.0.1']];
    let asked = 0;
    const lookup = async (): Promise<readonly string[]> => answers[Math.min(asked++, 1)] ?? [];
    await using(createHttpClient({ clock: systemClock, lookup }), async (client) => {
      await refusal(client.request(request(urlOf('rebind.example'), { timeoutMs: 300 })));
      expect(await refusal(client.request(request(urlOf('rebind.example'))))).toBe('tool.address_refused');
    });
    expectNoConnection();
  });

  it('cannot use a connection that was kept for another address', async () => {
    const first = await listen((_request, response) => response.end('first'));
    const answers = [['127.0.0.1'], ['127.0.0.9']];
    let asked = 0;
    const lookup = async (): Promise<readonly string[]> => answers[Math.min(asked++, 1)] ?? [];
    await using(createHttpClient({ clock: systemClock, lookup }), async (client) => {
      const allowed = { allowedHosts: ['twice.example'] };
      const answer = await client.request(request(`http://twice.example:${first.port}/`, allowed));
      expect(await answer.text()).toBe('first');
      // Nobody listens on 127.0.0.9: the kept connection to 127.0.0.1 would have answered.
      expect(await refusal(client.request(request(`http://twice.example:${first.port}/`, allowed)))).toMatch(
        /^tool\.(connection_lost|timed_out)$/,
      );
    });
    expect(first.requests).toHaveLength(1);
    await first.close();
  });
});

describe('what a person allowed', () => {
  it.each([
    ['the host', ['127.0.0.1']],
    ['host and port', [`127.0.0.1:${PORT}`]],
    ['another spelling of the host', ['LOCALHOST', '127.0.0.1']],
  ])('%s', async (_, hosts) => {
    const open = await listen((_request, response) => response.end('hello'));
    await using(createHttpClient({ clock: systemClock }), async (client) => {
      const allowedHosts = hosts.map((host) => host.replaceAll(PORT, String(open.port)));
      expect(await (await client.request(request(`${open.origin}/`, { allowedHosts }))).text()).toBe('hello');
    });
    await open.close();
  });

  it.each([
    ['another port', [`127.0.0.1:1`]],
    ['a part of the name', ['127.0.0', '0.0.1', '7.0.0.1']],
    ['a wildcard', ['*', '*.0.0.1', '127.*']],
    ['a URL', ['http://127.0.0.1/']],
    ['nothing', ['', ' ', ':', '@']],
  ])('but not by %s', async (_, allowedHosts) => {
    await using(createHttpClient({ clock: systemClock }), async (client) => {
      expect(await refusal(client.request(request(urlOf('127.0.0.1'), { allowedHosts })))).toBe('tool.address_refused');
    });
    expectNoConnection();
  });

  it('an odd spelling of an allowed host stays refused', async () => {
    await using(createHttpClient({ clock: systemClock }), async (client) => {
      const allowedHosts = ['127.0.0.1'];
      expect(await refusal(client.request(request(urlOf('0x7f000001'), { allowedHosts })))).toBe(
        'tool.address_refused',
      );
    });
    expectNoConnection();
  });
});
