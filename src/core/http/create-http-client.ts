import { lookup as systemLookup } from 'node:dns/promises';
import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../time/index.ts';
import { checkUrl } from './check-url.ts';
import { type ConnectionPools, createConnectionPools } from './connection-pools.ts';
import { cancelledRun, type Deadline, startDeadline } from './deadline.ts';
import { type Answer, exchange, type Progress, type Watch } from './exchange.ts';
import { createFetch } from './fetch-with.ts';
import type { HttpClient, HttpRequest } from './http-client.ts';
import { type OpenResponse, openResponse } from './open-response.ts';
import { type Hop, nextHop, tooManyRedirects } from './redirect.ts';
import { checkMethod } from './request-headers.ts';
import { type Lookup, resolveTarget } from './resolve-target.ts';
import { discard } from './response-body.ts';

export interface HttpPorts {
  /** All addresses of a name; the system's resolver by default. Asked once for each hop. */
  readonly lookup?: Lookup;
  readonly clock: Pick<Clock, 'now'>;
}

const DEFAULT_MAX_REDIRECTS = 5;

interface Wire {
  readonly clock: Pick<Clock, 'now'>;
  readonly lookup: Lookup;
  readonly pools: ConnectionPools;
}

/** The HTTP client of the product (SPEC §5.4). Connections are kept for some seconds; `close()` ends them all. */
export function createHttpClient(ports: HttpPorts): HttpClient {
  const wire: Wire = {
    clock: ports.clock,
    lookup: ports.lookup ?? lookUpAll,
    pools: createConnectionPools(),
  };
  return {
    request: (request) => {
      const { signal, timeoutMs } = request;
      return send(wire, request, startDeadline({ signal, timeoutMs, cancelled: cancelledRun }));
    },
    fetchWith: (rules) =>
      createFetch((request) => {
        const cancelled = ({ reason }: AbortSignal): unknown => reason;
        const deadline = startDeadline({ signal: request.signal, timeoutMs: null, cancelled });
        return send(wire, { ...request, ...rules, timeoutMs: 0 }, deadline);
      }),
    close: () => wire.pools.close(),
  };
}

async function lookUpAll(host: string): Promise<readonly string[]> {
  const found = await systemLookup(host, { all: true, order: 'verbatim' });
  return found.map((one) => one.address);
}

async function send(wire: Wire, request: HttpRequest, deadline: Deadline): Promise<OpenResponse> {
  const progress: Progress = { isSent: false };
  try {
    checkMethod(request.method);
    return await follow(wire, { request, checked: checkUrl(request.url) }, { deadline, progress });
  } catch (thrown) {
    deadline.end();
    throw progress.isSent ? thrown : unsent(thrown);
  }
}

async function follow(wire: Wire, first: Hop, watch: Watch): Promise<OpenResponse> {
  const max = first.request.maxRedirects ?? DEFAULT_MAX_REDIRECTS;
  let hop = first;
  for (let count = 0; ; count++) {
    const target = await watch.deadline.race(resolveTarget(hop.checked, hop.request, wire.lookup));
    const answer = await exchange({ target, pools: wire.pools }, hop.request, watch);
    const next = max === 0 ? null : redirectOf(hop, answer);
    if (next === null) return openResponse(hop, answer, { deadline: watch.deadline, receivedAt: wire.clock.now() });
    discard(answer.stream);
    if (count === max) throw tooManyRedirects(hop.checked, max, answer.status);
    hop = next;
  }
}

function redirectOf(hop: Hop, answer: Answer): Hop | null {
  try {
    return nextHop(hop, answer.status, answer.headers.location);
  } catch (thrown) {
    discard(answer.stream);
    throw thrown;
  }
}

/** Says that nothing was sent: no effect can have begun. */
function unsent(thrown: unknown): unknown {
  if (!(thrown instanceof AppError)) return thrown;
  const { hint, retryable, cause } = thrown;
  const details = { ...thrown.details, phase: 'connect' };
  return new AppError(thrown.code, thrown.message, { hint, retryable, cause, details });
}
