import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpClient, type HttpClient, type HttpRequest } from '../../src/core/http/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import { type HttpListener, listen } from '../support/http-listener.ts';

/** Stands for the port of a listener that must never see a connection. */
const PORT = '{port}';

const LOOPBACK_SPELLINGS: readonly string[] = [
  // Plain names and addresses
  ...[
    'localhost',
    'LOCALHOST',
    'LocalHost',
    'localhost.',
    'localhost..',
    'a.localhost',
    'x.y.LOCALHOST',
    'localhost.localdomain',
  ],
  ...[
    'ip6-localhost',
    'ip6-loopback',
    '127.0.0.1',
    '127.0.0.1.',
    '127.0.0.2',
    '127.1.2.3',
    '127.255.255.255',
    '0.0.0.0',
    '0.1.2.3',
  ],
  // Short forms
  ...['0', '127.1', '127.0.1', '0.0', '0.0.0', '1', '127.0.0.1.0.0.0'],
  // Decimal, octal, hex and mixtures
  ...[
    '2130706433',
    '017700000001',
    '0x7f000001',
    '0x7F.0.0.1',
    '0x7f.0x0.0x0.0x1',
    '0177.0.0.1',
    '0177.0.0.01',
    '127.0.0.0x1',
  ],
  ...[
    '0x7f.1',
    '0177.1',
    '127.0.1.',
    '00000177.0.0.1',
    '127.00.00.01',
    '0x0',
    '00',
    '0x7f000001.',
    '4294967295',
    '0xffffffff',
  ],
  // Other letters and percent-encoding
  ...[
    '１２７.０.０.１',
    '127。0。0。1',
    '127.0.0.①',
    'ⓛocalhost',
    'loc%61lhost',
    '%31%32%37.0.0.1',
    '127%2e0%2e0%2e1',
    'ｌｏｃａｌｈｏｓｔ',
    'loca\u00adlhost',
  ],
  // Version 6
  ...[
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[0000:0000:0000:0000:0000:0000:0000:0001]',
    '[::0001]',
    '[::1%25lo]',
    '[::1%lo]',
    '[fe80::1%25eth0]',
  ],
  // Version 4 inside of version 6
  ...[
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::FFFF:127.0.0.1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[::127.0.0.1]',
    '[::7f00:1]',
    '[::ffff:0:127.0.0.1]',
  ],
  ...[
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[2002:7f00:0001::1]',
    '[2001:0:7f00:1::1]',
    '[2001::1]',
  ],
  ...['[2a00:1450::5efe:7f00:1]', '[2a00:1450::200:5efe:7f00:1]'],
];

const OTHER_PLACES: readonly string[] = [
  // Private, shared, link-local
  ...[
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.254',
    '192.168.0.1',
    '192.168.255.255',
    '100.64.0.1',
    '100.127.255.254',
  ],
  ...[
    '169.254.0.1',
    '[fc00::1]',
    '[fd12:3456::1]',
    '[fe80::1]',
    '[febf::1]',
    '[fec0::1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:192.168.1.1]',
  ],
  // Metadata
  ...[
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '[::ffff:169.254.169.254]',
    '[64:ff9b::a9fe:a9fe]',
  ],
  ...[
    '169.254.170.2',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '[fd00:ec2::254]',
    '[fd20:ce::254]',
    'metadata.google.internal',
  ],
  // Multicast, reserved, documentation
  ...[
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '198.18.0.1',
    '192.88.99.1',
  ],
  ...['[ff02::1]', '[2001:db8::1]', '[3fff::1]', '[100::1]', '[5f00::1]', '[4000::1]', '[1::]'],
];

const HOSTS = [...LOOPBACK_SPELLINGS, ...OTHER_PLACES];

const ADDRESSES_OF_URLS: readonly string[] = [
  `http://user@127.0.0.1:${PORT}/`,
  `http://user:pass@127.0.0.1:${PORT}/`,
  `http://example.com@127.0.0.1:${PORT}/`,
  `http://example.com:80@127.0.0.1:${PORT}/`,
  `http://example.com%40127.0.0.1:${PORT}/`,
  `http://user:pass@example.com/`,
  `http://@127.0.0.1:${PORT}/`,
  `http:127.0.0.1:${PORT}/`,
  `http:/127.0.0.1:${PORT}/`,
  `http:///127.0.0.1:${PORT}/`,
  `http:\\\\127.0.0.1:${PORT}\\`,
  `http://example.com\\@127.0.0.1:${PORT}/`,
  `http://127.0.0.1\\.example.com:${PORT}/`,
  `http://127.0.0.1:${PORT}\\@example.com/`,
  `http://127.0.\n0.1:${PORT}/`,
  `http://127.0.0.1\t:${PORT}/`,
  ` http://127.0.0.1:${PORT}/`,
  `http://127.0.0.1:${PORT}/\u0000`,
  `//127.0.0.1:${PORT}/`,
  `127.0.0.1:${PORT}`,
  `hTTp://localhost:${PORT}/`,
  `https://127.0.0.1:${PORT}/`,
  `ws://127.0.0.1:${PORT}/`,
  `ftp://127.0.0.1:${PORT}/`,
  `gopher://127.0.0.1:${PORT}/_GET`,
  'file:///etc/passwd',
  'data:text/plain,hello',
  'javascript:alert(1)',
  'unix:/var/run/docker.sock',
  'http://[::1',
  'http://',
  '',
];

/** Answers of a resolver that must not be followed, alone or beside a good one. */
const PUBLIC = '3ffe::1';
const BAD_ANSWERS: readonly (readonly string[])[] = [
  ['127.0.0.1'],
  ['::1'],
  ['10.1.2.3'],
  ['169.254.169.254'],
  ['fe80::1%eth0'],
  ['::ffff:127.0.0.1'],
  ['64:ff9b::7f00:1'],
  ['2002:7f00:1::'],
  ['0.0.0.0'],
  ['100.64.1.1'],
  ['not an address'],
  ['127.1'],
  [PUBLIC, '127.0.0.1'],
  ['127.0.0.1', PUBLIC],
  ['93.184.216.34', '::1'],
];

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
    await using(createHttpClient({ lookup: toLoopback }), async (client) => {
      expect(await refusal(client.request(request(urlOf(host))))).toBe('tool.address_refused');
      expect(await refusal(client.fetchWith({ allowedHosts: [] })(urlOf(host)))).toMatch(
        /tool.address_refused|TypeError/,
      );
    });
    expectNoConnection();
  });

  it.each(ADDRESSES_OF_URLS)('%j', async (url) => {
    await using(createHttpClient({ lookup: toLoopback }), async (client) => {
      expect(await refusal(client.request(request(withPort(url))))).toBe('tool.address_refused');
      expect(await refusal(client.fetchWith({ allowedHosts: [] })(withPort(url)))).toMatch(
        /tool.address_refused|TypeError/,
      );
    });
    expectNoConnection();
  });

  it.each(BAD_ANSWERS)('a name with the addresses %j %j', async (...answer) => {
    await using(createHttpClient({ lookup: async () => answer.filter((one) => one !== undefined) }), async (client) => {
      expect(await refusal(client.request(request(urlOf('rebind.example'))))).toBe('tool.address_refused');
    });
    expectNoConnection();
  });
});

describe('redirects', () => {
  const redirect = (to: string, status = 302): string =>
    `${door.origin}/?status=${status}&to=${encodeURIComponent(to)}`;

  it.each(HOSTS)('to http://%s', async (host) => {
    await using(createHttpClient({ lookup: toLoopback }), async (client) => {
      const allowedHosts = [`127.0.0.1:${door.port}`];
      expect(await refusal(client.request(request(redirect(urlOf(host)), { allowedHosts })))).toBe(
        'tool.address_refused',
      );
    });
    expectNoConnection();
  });

  it.each([301, 302, 303, 307, 308])('with status %i, also after a hop on the same host', async (status) => {
    await using(createHttpClient(), async (client) => {
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
      await using(createHttpClient(), async (client) => {
        const allowedHosts = [`127.0.0.1:${door.port}`];
        expect(await refusal(client.request(request(redirect(withPort(to)), { allowedHosts })))).toBe(
          'tool.address_refused',
        );
      });
      expectNoConnection();
    },
  );

  it('leave the allowed hosts only where that is open', async () => {
    await using(createHttpClient({ lookup: async () => [PUBLIC] }), async (client) => {
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
    await using(createHttpClient({ lookup }), async (client) => {
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
    await using(createHttpClient({ lookup }), async (client) => {
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
    await using(createHttpClient({ lookup }), async (client) => {
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
    await using(createHttpClient(), async (client) => {
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
    await using(createHttpClient(), async (client) => {
      expect(await refusal(client.request(request(urlOf('127.0.0.1'), { allowedHosts })))).toBe('tool.address_refused');
    });
    expectNoConnection();
  });

  it('an odd spelling of an allowed host stays refused', async () => {
    await using(createHttpClient(), async (client) => {
      const allowedHosts = ['127.0.0.1'];
      expect(await refusal(client.request(request(urlOf('0x7f000001'), { allowedHosts })))).toBe(
        'tool.address_refused',
      );
    });
    expectNoConnection();
  });
});
