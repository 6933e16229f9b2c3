import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HARMLESS, json, REFUSED, withBody, yaml } from './openapi-bomb-corpus.ts';

/** A hang, not a measurement: processor time of the thread, many times what the slowest takes on a machine whose cores are shared. */
const HANG_MS = 10_000;
const MAX_HEAP_MB = 100;
const MIB = 1024 * 1024;
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2_147_483_647);
const RUNS = Number(process.env.FUZZ_RUNS ?? 5000);

/** Reads specs in a thread that may hold 100 MB in all: one that needs more ends it. */
const READER = `
const { parentPort, workerData } = require('node:worker_threads');
const ready = import(workerData.tool);
const cpu = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000; };
parentPort.on('message', async ({ file, folder }) => {
  const { createOpenApiTool } = await ready;
  const auth = async () => ({ type: 'none', token: null, header: null, query: null, scopes: [] });
  const pin = { accepted: () => null, check: () => {} };
  const commons = { name: 'bomb', description: '', auth, allowedHosts: ['nobody.invalid'], allowedPaths: [], timeoutMs: 1000, pin, onChange: () => {} };
  const http = { request: async () => { throw Object.assign(new Error('sent'), { code: 'sent' }); } };
  const tool = createOpenApiTool({ commons, http, specFile: file, specUrl: null, baseUrl: null, cacheDir: folder, projectDir: folder });
  const say = (thrown) => thrown?.name === 'AppError' || thrown?.code === 'sent' ? { code: thrown.code, message: thrown.message } : { code: 'crash', message: String(thrown?.stack) };
  const begin = cpu();
  let operations = null, error = null;
  try { operations = (await tool.describe(new AbortController().signal)).operations; } catch (thrown) { error = say(thrown); }
  const read = cpu() - begin;
  const begun = cpu();
  let called = null;
  if (operations?.some(({ name }) => name === 'a')) {
    const inputs = { x: 'a'.repeat(40) + '!' };
    const call = { operation: 'a', inputs, timeoutMs: 1000, signal: new AbortController().signal, log: () => {} };
    try { await tool.execute(call); called = { code: 'ok' }; } catch (thrown) { called = say(thrown); }
  }
  const size = JSON.stringify(operations)?.length ?? 0;
  parentPort.postMessage({ read, call: cpu() - begun, error, called, size, polluted: {}.polluted !== undefined || globalThis.polluted !== undefined });
});`;

interface Answer {
  readonly read: number;
  readonly call: number;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly called: { readonly code: string; readonly message?: string } | null;
  /** Characters of the listed operations. */
  readonly size: number;
  readonly polluted: boolean;
}

let reader: Worker;
let folder: string;

const FINE = json(withBody('{"type":"object","properties":{"x":{"type":"string"}}}'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiw-bombs-'));
  await startReader();
});

afterAll(async () => {
  await reader.terminate();
  await rm(folder, { recursive: true, force: true });
});

async function startReader(): Promise<void> {
  const at = (path: string): string => new URL(path, import.meta.url).href;
  const workerData = { tool: at('../../src/core/tools/openapi/index.ts') };
  const resourceLimits = { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: 32 };
  reader = new Worker(READER, { eval: true, workerData, resourceLimits });
  // The libraries are loaded by the first of each kind.
  await readOnce(FINE);
  await readOnce(yaml('paths: {}'));
}

async function readOnce(text: string): Promise<Answer> {
  const file = join(folder, 'bomb.yaml');
  await writeFile(file, text);
  return new Promise((resolve, reject) => {
    reader.removeAllListeners();
    reader.once('error', reject);
    reader.once('message', resolve);
    reader.postMessage({ file, folder });
  });
}

/** A text that ended the thread is one failure, not that of all that come after it. */
async function read(text: string): Promise<Answer> {
  try {
    return await readOnce(text);
  } catch (thrown) {
    await startReader();
    throw thrown;
  }
}

function expectHarmless(answer: Answer): void {
  expect(answer.read).toBeLessThan(HANG_MS);
  expect(answer.call).toBeLessThan(HANG_MS);
  expect(answer.polluted).toBe(false);
  expect(answer.size).toBeLessThan(64 * MIB);
  for (const error of [answer.error, answer.called]) {
    if (error === null) continue;
    expect(error.code, error.message).toMatch(
      /^(tool\.(definition_invalid|invalid_params|not_configured|unknown_operation)|sent|ok)$/,
    );
    expect(error.message?.length ?? 0).toBeLessThan(2000);
  }
}

describe('OpenAPI bombs', () => {
  it('are enough', () => {
    expect(REFUSED.length + HARMLESS.length).toBeGreaterThanOrEqual(80);
  });

  it('are not what a small spec is', async () => {
    const answer = await read(FINE);
    expect(answer.error).toBeNull();
    expect(answer.called?.code).toBe('sent');
  });

  it.each(REFUSED)('refused: %s', async (_, text) => {
    const answer = await read(text());
    expectHarmless(answer);
    expect(answer.error?.code).toBe('tool.definition_invalid');
  });

  it.each(HARMLESS)('harmless: %s', async (_, text) => {
    expectHarmless(await read(text()));
  });
});

const SNIPPETS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '\\',
    '\0',
    '\ufeff',
    '\n',
    '- ',
    '? ',
    '&a ',
    '*a',
    '!!str ',
    '|',
    '>',
    '#',
    '%YAML 1.1\n',
    '---\n',
  ],
  ...[
    '"$ref":"#/paths"',
    '"$ref":"#"',
    '"$ref":"#/components/schemas/s"',
    '"$ref":"bomb.yaml"',
    '"$ref":7',
    'null',
    'true',
    '1e999',
    '-1',
    '{}',
    '[]',
  ],
  ...[
    '"in":"path"',
    '"in":"body"',
    '"style":"matrix"',
    '"type":["string","null"]',
    '"nullable":true',
    '"allOf":[{}]',
    '"enum":[]',
    '"__proto__":{}',
  ],
];

const VALID = [
  FINE,
  json(
    `"/a/{x}":{"parameters":[{"name":"x","in":"path","required":true,"schema":{"type":"string"}}],"get":{"operationId":"a","responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"$ref":"#/components/schemas/s"}}}}}}}`,
    '"s":{"type":"object","properties":{"next":{"$ref":"#/components/schemas/s"},"kind":{"enum":["a","b"]}}}',
  ),
  yaml(
    'servers:\n  - url: https://api.example.com\npaths:\n  /a:\n    get:\n      operationId: a\n      parameters:\n        - {name: x, in: query, schema: {type: string, maxLength: 90}}\n      responses: {"200": {description: ok}}\n',
  ),
];

/** Cuts, doubles, swaps and puts pieces into a text that is right. */
const mutated = fc
  .tuple(
    fc.constantFrom(...VALID),
    fc.array(fc.tuple(fc.nat(5), fc.nat(10_000), fc.nat(60), fc.constantFrom(...SNIPPETS)), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([text, changes]) =>
    changes.reduce((current, [kind, at, length, snippet]) => {
      const start = current.length === 0 ? 0 : at % current.length;
      const piece = current.slice(start, start + length);
      const [before, after] = [current.slice(0, start), current.slice(start)];
      if (kind === 0) return before + after.slice(length);
      if (kind === 1) return before + piece + after;
      if (kind === 2) return before + snippet + after;
      if (kind === 3) return before + snippet + after.slice(length);
      if (kind === 4) return after + before;
      return before + piece.split('').reverse().join('') + after.slice(length);
    }, text),
  );

describe('mutated specs', () => {
  it(`${RUNS} of them are a typed error or fine (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (text) => {
        expectHarmless(await read(text));
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
  });
});
