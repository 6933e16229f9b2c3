import swagger from '@fastify/swagger';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

/** A real service whose OpenAPI spec its own framework writes. Every route says what it was asked. */
export interface ShopService {
  readonly origin: string;
  readonly host: string;
  spec(): Record<string, unknown>;
  /** Requests, in their order: `GET /path?query`. */
  readonly seen: readonly string[];
  /** What the next requests are answered with; each is used once. */
  readonly plan: { status: number; headers?: Record<string, string>; body?: string }[];
  /** Access tokens that were given out and still hold. */
  readonly tokens: Set<string>;
  close(): Promise<void>;
}

export const SECRETS = {
  bearer: 'bearer-secret-3f9a',
  key: 'key-secret-77aa',
  password: 'pass-secret-0b1c',
  client: 'client-secret-c0de',
} as const;

const SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer' },
  basic: { type: 'http', scheme: 'basic' },
  header_key: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
  query_key: { type: 'apiKey', in: 'query', name: 'api_key' },
  cookie_key: { type: 'apiKey', in: 'cookie', name: 'session' },
  client: {
    type: 'oauth2',
    flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: { 'things:read': 'Read things' } } },
  },
} as const;

const NODE = {
  $id: 'Node',
  type: 'object',
  required: ['label'],
  properties: {
    label: { type: 'string' },
    parent: { $ref: 'Node#' },
    children: { type: 'array', items: { $ref: 'Node#' } },
  },
};

const echo = (request: FastifyRequest): unknown => ({
  method: request.method,
  url: request.url,
  params: request.params,
  query: request.query,
  headers: request.headers,
  body: request.body ?? null,
});

/** 401 unless the request carries the login that the route wants. */
const LOGINS: Readonly<Record<string, (request: FastifyRequest, service: ShopService) => boolean>> = {
  bearer: ({ headers }) => headers.authorization === `Bearer ${SECRETS.bearer}`,
  basic: ({ headers }) =>
    headers.authorization === `Basic ${Buffer.from(`user:${SECRETS.password}`).toString('base64')}`,
  header_key: ({ headers }) => headers['x-api-key'] === SECRETS.key,
  query_key: ({ url }) => new URL(url, 'http://x').searchParams.get('api_key') === SECRETS.key,
  cookie_key: ({ headers }) => (headers.cookie ?? '').split('; ').includes(`session=${SECRETS.key}`),
  client: ({ headers }, { tokens }) => tokens.has((headers.authorization ?? '').replace('Bearer ', '')),
};

export async function startShop(): Promise<ShopService> {
  const app: FastifyInstance = fastify();
  for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/csv']) {
    app.addContentTypeParser(type, { parseAs: 'string' }, (_request, body, done) => done(null, body));
  }
  await app.register(swagger, {
    openapi: { openapi: '3.0.3', info: { title: 'Shop', version: '1.0.0' }, components: { securitySchemes: SCHEMES } },
    refResolver: { buildLocalReference: (json) => String(json.$id) },
  });
  app.addSchema(NODE);
  const state = { origin: '', host: '' };
  const seen: string[] = [];
  const plan: ShopService['plan'] = [];
  const tokens = new Set<string>();
  const service: ShopService = {
    get origin() {
      return state.origin;
    },
    get host() {
      return state.host;
    },
    spec: () => {
      const spec = JSON.parse(JSON.stringify(app.swagger())) as { paths: Record<string, Record<string, unknown>> };
      // The framework serves HEAD and does not write it down.
      const methods = spec.paths['/methods'];
      if (methods !== undefined)
        methods.head = { operationId: 'methodsHEAD', responses: { 200: { description: 'ok' } } };
      return spec;
    },
    ...{ seen, plan, tokens },
    close: () => app.close(),
  };
  app.addHook('onRequest', async (request, reply) => {
    seen.push(`${request.method} ${request.url}`);
    const next = plan.shift();
    if (next !== undefined)
      await reply
        .code(next.status)
        .headers(next.headers ?? {})
        .send(next.body ?? '');
  });
  addRoutes(app, service);
  state.origin = await app.listen({ port: 0, host: '127.0.0.1' });
  state.host = new URL(state.origin).host;
  return service;
}

function addRoutes(app: FastifyInstance, service: ShopService): void {
  const text = { type: 'string' } as const;
  app.route({
    method: ['GET'],
    url: '/things/:id/parts/:part',
    schema: {
      operationId: 'getThingPart',
      summary: 'One part',
      params: { type: 'object', required: ['id', 'part'], properties: { id: { type: 'integer' }, part: text } },
      querystring: {
        type: 'object',
        required: ['sort'],
        properties: {
          sort: { type: 'string', enum: ['up', 'down'] },
          limit: { type: 'integer', minimum: 1, maximum: 100 },
          tags: { type: 'array', items: text },
          deep: { type: 'boolean' },
        },
      },
      headers: { type: 'object', properties: { 'x-trace': text, authorization: text } },
    },
    handler: async (request) => echo(request),
  });
  app.post(
    '/nodes',
    { schema: { operationId: 'addNode', body: { $ref: 'Node#' }, response: { 201: { $ref: 'Node#' } } } },
    async (request, reply) => reply.code(201).send(request.body),
  );
  for (const [type, name] of [
    ['application/x-www-form-urlencoded', 'form'],
    ['multipart/form-data', 'files'],
    ['text/csv', 'csv'],
  ] as const) {
    const fields = {
      name: text,
      count: { type: 'integer' },
      tags: { type: 'array', items: text },
      ...(name === 'files' ? { upload: { type: 'string', format: 'binary' } } : {}),
    };
    app.post(
      `/${name}`,
      {
        schema: {
          operationId: `send_${name}`,
          consumes: [type],
          body: name === 'csv' ? text : { type: 'object', properties: fields },
        },
        validatorCompiler: () => () => true,
      },
      async (request) => ({ type: request.headers['content-type'], body: request.body }),
    );
  }
  for (const method of ['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const) {
    app.route({
      method,
      url: '/methods',
      schema: { operationId: `methods${method}` },
      handler: async (request) => echo(request),
    });
  }
  for (const [name, isRight] of Object.entries(LOGINS)) {
    const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> =>
      isRight(request, service)
        ? echo(request)
        : reply
            .code(401)
            .send({ error: 'login', got: [request.headers.authorization, request.headers['x-api-key'], request.url] });
    app.get(`/logins/${name}`, { schema: { operationId: `login_${name}`, security: [{ [name]: [] }] } }, handler);
  }
  app.get('/logins/none', { schema: { operationId: 'login_none', security: [] } }, async (request) => echo(request));
  app.post('/oauth/token', { schema: { hide: true } }, async (request, reply) => {
    const wanted = `Basic ${Buffer.from(`me:${SECRETS.client}`).toString('base64')}`;
    if (request.headers.authorization !== wanted) return reply.code(401).send({ error: 'invalid_client' });
    const token = `access-${service.seen.length}-${SECRETS.client.length}`;
    service.tokens.add(token);
    return { access_token: token, token_type: 'Bearer', expires_in: 3600, body: request.body };
  });
  app.get('/answers', { schema: { operationId: 'answers' } }, async () => ({ ok: true }));
  app.get<{ Querystring: { page?: string } }>(
    '/pages',
    {
      schema: {
        operationId: 'pages',
        querystring: { type: 'object', properties: { page: { type: 'integer' }, size: { type: 'integer' } } },
      },
    },
    async (request, reply) => {
      const page = Number(request.query.page ?? 1);
      const next = page < 4 ? `/pages?page=${page + 1}` : null;
      if (next !== null)
        reply.header('link', `<${service.origin}/pages?page=1>; rel="first", <${service.origin}${next}>; rel="next"`);
      return { data: { items: [page * 10, page * 10 + 1] }, links: { next } };
    },
  );
}
