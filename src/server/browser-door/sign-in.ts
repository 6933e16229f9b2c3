import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OutputOf } from '../../shared/contract/index.ts';
import { SESSION_ABSOLUTE_MS, unknownActor } from '../../shared/model/access.ts';
import { answerCall, type CenterPort } from '../call-envelope.ts';
import { checkOrigin, contextOf, cookieName, type DoorIdentity, type Refusal } from './request-checks.ts';
import { signInPage } from './sign-in-page.ts';

const MAX_FORM_BYTES = 8 * 1024;

/** The form is sent to where it came from; with no referrer at all the browser would not say from where. */
const FORM_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** `GET` and `POST /sign-in`: a user of the project comes in by his password (SPEC §12.1). */
export function addSignIn(
  app: FastifyInstance,
  {
    door,
    center,
    refuse,
  }: {
    readonly door: DoorIdentity;
    readonly center: CenterPort;
    readonly refuse: (reply: FastifyReply, refusal: Refusal) => FastifyReply;
  },
): void {
  const page = (reply: FastifyReply, status: 200 | 401, problem: string | null): FastifyReply =>
    reply.code(status).headers(FORM_HEADERS).type('text/html; charset=utf-8').send(signInPage(problem));
  app.get('/sign-in', (_request, reply) => page(reply, 200, null));
  // A scope of its own: nothing else of the door takes a form.
  app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      async (_request: FastifyRequest, text: string) => new URLSearchParams(text),
    );
    const check = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
      const refusal = checkOrigin(request.headers);
      return refusal === null ? undefined : refuse(reply, refusal);
    };
    scope.post('/sign-in', { bodyLimit: MAX_FORM_BYTES, onRequest: check }, async (request, reply) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const input = { username: form.get('username') ?? '', password: form.get('password') ?? '' };
      const answer = await answerCall(
        center,
        { name: 'sessions.open', input },
        {
          ...unknownActor('browser'),
          from: contextOf(request),
        },
      );
      if (!answer.ok) {
        const { message, hint } = answer.error;
        return page(reply, 401, hint === undefined ? message : `${message} ${hint}`);
      }
      // What the handler of that very operation gives.
      const { token } = answer.value as OutputOf<'sessions.open'>;
      door.sessions.openFor(token);
      const cookie = `${cookieName(door.port)}=${token}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${SESSION_ABSOLUTE_MS / 1000}`;
      return reply.header('set-cookie', cookie).header('cache-control', 'no-store').redirect('/', 303);
    });
  });
}
