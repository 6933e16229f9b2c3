import { isIPv4 } from 'node:net';
import { appLog } from '../../core/app-log/index.ts';
import type { MetricsPlace, Scrape } from '../../core/operations/index.ts';
import { listen } from '../listen.ts';

/** A scrape is one short request; whoever is slower than this is let go. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Names under which this computer is asked by itself. A name that points here by DNS rebinding is none of them. */
const isOwnName = (host: string): boolean => {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
};

/**
 * Serves `/metrics` and `/health` (SPEC §10), everything else is not found; a web page finds nothing on a loopback address. Rejects with
 * `trigger.port_in_use`, `usage.invalid` for an address that is not of this computer.
 */
export async function startMetricsListener(
  place: MetricsPlace,
  scrape: (wants: 'text' | 'json') => Promise<Scrape>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { default: Fastify } = await import('fastify');
  const app = Fastify({ requestTimeout: REQUEST_TIMEOUT_MS, forceCloseConnections: true });
  const isLoopback = isOwnName(place.host);
  app.addHook('onRequest', async (request, reply) => {
    if (isLoopback && !isOwnName(request.headers.host ?? '')) return reply.callNotFound();
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).type('text/plain').send('Not Found\n'));
  app.setErrorHandler((thrown, _request, reply) => {
    const status = (thrown as { readonly statusCode?: number }).statusCode ?? 500;
    if (status >= 500) appLog.error('metrics could not be served', thrown);
    return reply
      .code(status)
      .type('text/plain')
      .send(status < 500 ? 'Bad Request\n' : 'Internal error\n');
  });
  app.get('/health', (_request, reply) => reply.type('text/plain').send('OK'));
  app.get('/metrics', async (request, reply) => {
    const wantsJson = (request.headers.accept ?? '')
      .split(',')
      .some((type) => type.trim().startsWith('application/json'));
    const { contentType, body } = await scrape(wantsJson ? 'json' : 'text');
    return reply.header('content-type', contentType).send(body);
  });
  const port = await listen(app, place, {
    failure: 'Metrics cannot be served',
    setting: 'monitoring: {metrics_endpoint: …}',
  });
  const host = place.host.includes(':') ? `[${place.host}]` : place.host;
  return { url: `http://${host}:${port}`, close: () => app.close() };
}
