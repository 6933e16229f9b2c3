import { expect } from 'vitest';
import type { ToolResult } from '../../src/core/tools/index.ts';
import type { Json, JsonMap } from '../../src/shared/json.ts';
import { listen, type SeenRequest } from './http-listener.ts';
import { createOpenApiLab, failureOf, type OpenApiLab } from './openapi-lab.ts';

export interface ServiceAnswer {
  readonly status?: number;
  /** Empty = no content type. */
  readonly type?: string;
  readonly body?: string;
}

/** A service that says what it was asked, and OpenAPI tools whose specs are written in a test. */
export interface EchoService {
  readonly origin: string;
  readonly lab: OpenApiLab;
  /** What it answers; null = what it was asked, as JSON. */
  answer: ServiceAnswer | null;
  /** A text is YAML below the head of a spec. */
  call(spec: string | object, operation: string, inputs?: JsonMap): Promise<ToolResult>;
  /** What the service was asked. */
  asked(spec: string | object, operation: string, inputs?: JsonMap): Promise<SeenRequest>;
  /** The message of a call that is refused before anything is sent. */
  refusal(spec: string | object, operation: string, inputs?: JsonMap): Promise<string>;
  close(): Promise<void>;
}

const HEAD = 'openapi: 3.0.3\ninfo: {title: Shop, version: "1"}\n';

export async function openEchoService(): Promise<EchoService> {
  const lab = await createOpenApiLab();
  const listener = await listen((request, response) => {
    const { status = 200, type = 'application/json', body = JSON.stringify(request) } = service.answer ?? {};
    response.writeHead(status, type === '' ? {} : { 'content-type': type }).end(body);
  });
  const service: EchoService = {
    ...{ origin: listener.origin, lab, answer: null },
    call: async (spec, operation, inputs = {}) => {
      lab.pin.accepted = null;
      const file = await lab.write('shop.yaml', typeof spec === 'string' ? HEAD + spec : spec);
      return lab.call(await lab.tool({ specFile: file, baseUrl: listener.origin }), operation, inputs);
    },
    asked: async (...args) => (await service.call(...args)).output as unknown as SeenRequest,
    refusal: async (...args) => {
      const before = listener.requests.length;
      const error = await failureOf(service.call(...args));
      expect(error.code).toBe('tool.invalid_params');
      expect(listener.requests).toHaveLength(before);
      return error.message;
    },
    close: async () => {
      await lab.close();
      await listener.close();
    },
  };
  return service;
}

/** A spec with POST /orders/{id}, `change_order`, that takes this schema as its body. */
export const orderSpec = (schema: Json, type = 'application/json'): object => ({
  openapi: '3.0.3',
  info: { title: 'Shop', version: '1' },
  paths: {
    '/orders/{id}': {
      post: {
        operationId: 'changeOrder',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer', format: 'int64' } }],
        requestBody: { required: true, content: { [type]: { schema } } },
        responses: { 200: { description: 'Done' } },
      },
    },
  },
  components: {
    schemas: { Discount: { type: 'object', required: ['percent'], properties: { percent: { type: 'integer' } } } },
  },
});

/** A schema of a map with these fields. */
export const fields = (properties: JsonMap): Json => ({ type: 'object', properties });
