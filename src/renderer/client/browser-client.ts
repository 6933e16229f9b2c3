import type {
  ControlCenterClient,
  InputOf,
  LiveBatch,
  OperationName,
  OutputOf,
  WireAnswer,
} from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { setConnection } from './connection.ts';
import { LIVE_RESYNC } from './live-batch.ts';
import { reconnectDelayMs } from './reconnect.ts';
import { openAnswer } from './wire-answer.ts';

type Listener = (batch: LiveBatch) => void;

const unreachable = (cause: unknown): AppError =>
  new AppError('holder.unreachable', 'The app does not answer.', {
    hint: 'Look whether the terminal that started it is still open, then try again.',
    cause,
  });

async function post(path: string, headers: Record<string, string>, body: string): Promise<Response> {
  try {
    return await fetch(path, { method: 'POST', credentials: 'same-origin', cache: 'no-store', headers, body });
  } catch (thrown) {
    throw unreachable(thrown);
  }
}

const sessionExpired = (): AppError =>
  new AppError('access.bad_token', 'This page is no longer signed in.', {
    hint: 'Sign in again with your password, or open the link that the app prints in its terminal.',
  });

/** The session token, held in memory only; asked for once and again when the server was started anew. */
function createSession(): { token(): Promise<string>; forget(): void } {
  let pending: Promise<string> | null = null;
  const ask = async (): Promise<string> => {
    const response = await post('/api/session', { 'content-type': 'application/json' }, '{}');
    if (!response.ok) throw sessionExpired();
    const answer = (await response.json()) as { readonly token: string };
    return answer.token;
  };
  return {
    token() {
      pending ??= ask().catch((thrown: unknown) => {
        pending = null;
        throw thrown;
      });
      return pending;
    },
    forget() {
      pending = null;
    },
  };
}

type Session = ReturnType<typeof createSession>;

interface SocketEvents {
  readonly onOpen: () => void;
  readonly onBatch: Listener;
  /** `wasOpen` false: refused or unreachable, the token may be an old one. */
  readonly onClose: (wasOpen: boolean) => void;
}

function openSocket(token: string, { onOpen, onBatch, onClose }: SocketEvents): void {
  const url = new URL('/api/events', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.searchParams.set('token', token);
  const socket = new WebSocket(url);
  let wasOpen = false;
  socket.addEventListener('open', () => {
    wasOpen = true;
    onOpen();
  });
  socket.addEventListener('message', (event) => onBatch(JSON.parse(String(event.data)) as LiveBatch));
  socket.addEventListener('close', () => onClose(wasOpen));
}

/** Goes on after a while, or as soon as the window is looked at again or the machine has woken up. */
function wait(delayMs: number, goOn: () => void): void {
  const once = (): void => {
    window.clearTimeout(timer);
    for (const name of WAKING) window.removeEventListener(name, once);
    goOn();
  };
  const timer = window.setTimeout(once, delayMs);
  for (const name of WAKING) window.addEventListener(name, once);
}
const WAKING = ['focus', 'online'] as const;

/** The live events: a socket opened with the first listener, kept open, reconnected with backoff. */
function createEventSocket(session: Session): (listener: Listener) => () => void {
  const listeners = new Set<Listener>();
  let isStarted = false;
  let hasBeenOpen = false;
  let failures = 0;
  const deliver: Listener = (batch) => {
    for (const listener of [...listeners]) listener(batch);
  };
  const onOpen = (): void => {
    failures = 0;
    setConnection('online');
    if (hasBeenOpen) deliver(LIVE_RESYNC);
    hasBeenOpen = true;
  };
  // A page that is signed out tries as well: a fresh link that is opened in another tab signs this one in too.
  const retry = (thrown?: unknown): void => {
    setConnection(thrown instanceof AppError && thrown.code === 'access.bad_token' ? 'signed_out' : 'lost');
    failures += 1;
    wait(reconnectDelayMs(failures, Math.random()), connect);
  };
  const onClose = (wasOpen: boolean): void => {
    if (!wasOpen) session.forget();
    retry();
  };
  const connect = (): void => {
    session.token().then((token) => openSocket(token, { onOpen, onBatch: deliver, onClose }), retry);
  };
  return (listener) => {
    listeners.add(listener);
    if (!isStarted) connect();
    isStarted = true;
    return () => listeners.delete(listener);
  };
}

/** The client of the browser door (same origin, cookie, token header). */
export function createBrowserClient(): ControlCenterClient {
  const session = createSession();
  const send = async (name: string, input: unknown): Promise<Response> => {
    const headers = { 'content-type': 'application/json', 'x-aiworkflow-token': await session.token() };
    return post('/api/call', headers, JSON.stringify({ name, input }));
  };
  return {
    async call<N extends OperationName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> {
      let response = await send(name, input);
      if (response.status === 401 || response.status === 403) {
        session.forget();
        response = await send(name, input);
      }
      let answer: WireAnswer;
      try {
        answer = (await response.json()) as WireAnswer;
      } catch (thrown) {
        throw response.status === 401 || response.status === 403 ? sessionExpired() : unreachable(thrown);
      }
      return openAnswer<OutputOf<N>>(answer);
    },
    subscribe: createEventSocket(session),
  };
}
