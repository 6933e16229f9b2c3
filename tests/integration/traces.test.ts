import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';

/** Issue "traces": run = trace, step = span, made of committed events; a collector that is away holds nothing up. */
let project: LocalProject | null = null;
let server: Server | null = null;
afterEach(async () => {
  await project?.close();
  await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
});

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
  readonly status: { readonly code: number; readonly message?: string };
}

/** A collector that keeps what it takes; `answers` says what it answers next. */
async function collector(port = 0) {
  const spans: Span[] = [];
  const state = { status: 200, asked: 0 };
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => {
      state.asked += 1;
      expect([request.method, request.url, request.headers['content-type']]).toEqual([
        ...['POST', '/v1/traces', 'application/json'],
      ]);
      if (state.status === 200)
        for (const { scopeSpans } of JSON.parse(body).resourceSpans)
          for (const scope of scopeSpans) spans.push(...scope.spans);
      response.writeHead(state.status).end('{}');
    });
  });
  await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
  return { spans, state, port: (server.address() as AddressInfo).port };
}

const attribute = (span: Span | undefined, key: string): string | undefined =>
  span?.attributes.find((one) => one.key === key)?.value.stringValue;

function workflows(to: LocalProject): void {
  to.addWorkflow('child', [['action: workflow.noop']]);
  to.addWorkflow('parent', [
    ['action: workflow.set_outputs', 'inputs: {said: "not for collectors"}'],
    ['for_each: [1, 2]', 'steps:', '  - action: workflow.noop'],
    ['workflow: child'],
  ]);
  to.addWorkflow('bad', [['action: workflow.fail', 'inputs: {message: "no luck"}']]);
}

describe('traces', () => {
  it('a run is a trace, its steps and the runs that it started are spans in it, with nothing that was said', async () => {
    const { spans, port } = await collector();
    project = new LocalProject([`monitoring: {traces_endpoint: "http://127.0.0.1:${port}"}`], { isHost: true });
    workflows(project);
    const parent = await project.run('parent');
    const bad = await project.run('bad');
    const roots = () => spans.filter((span) => attribute(span, 'aiworkflow.run.id') !== undefined);
    await expect.poll(() => roots().length, { timeout: 30_000 }).toBe(3);
    const of = (runId: string) => roots().find((span) => attribute(span, 'aiworkflow.run.id') === runId);
    const root = of(parent);
    expect(root).toMatchObject({ name: 'parent', status: { code: 1 } });
    expect(root?.parentSpanId).toBeUndefined();
    const family = spans.filter(({ traceId }) => traceId === root?.traceId);
    const byId = new Map(family.map((span) => [span.spanId, span]));
    expect(byId.size).toBe(family.length);
    // Each span hangs on one of the same trace, and lies within it.
    for (const span of family.filter((one) => one !== root)) {
      const above = byId.get(span.parentSpanId ?? '');
      expect(above).toBeDefined();
      expect(BigInt(span.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(above?.startTimeUnixNano ?? 0));
      expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
    }
    const child = family.find((span) => span !== root && attribute(span, 'aiworkflow.run.id') !== undefined);
    expect(attribute(byId.get(child?.parentSpanId ?? ''), 'aiworkflow.step.kind')).toBe('workflow');
    expect(family.filter((span) => attribute(span, 'aiworkflow.step.path')?.includes('['))).toHaveLength(2);
    expect(of(bad)).toMatchObject({ status: { code: 2, message: expect.stringContaining('no luck') } });
    expect(JSON.stringify(spans)).not.toContain('not for collectors');
  });

  it('a collector that is away, or refuses, holds nothing up; what it missed is sent after a restart, once', async () => {
    const first = await collector();
    const { port } = first;
    first.state.status = 503;
    project = new LocalProject([`monitoring: {traces_endpoint: "http://127.0.0.1:${port}"}`], { isHost: true });
    workflows(project);
    const one = await project.run('child');
    await expect.poll(() => first.state.asked, { timeout: 30_000 }).toBeGreaterThan(0);
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    const other = await project.run('child');
    expect((await project.call('runs.result', { runId: other })).status).toBe('completed');
    await project.leave();
    const { spans } = await collector(port);
    await project.reopen();
    const runs = () => spans.map((span) => attribute(span, 'aiworkflow.run.id')).filter((id) => id !== undefined);
    await expect.poll(() => runs().length, { timeout: 30_000 }).toBe(2);
    await project.reopen();
    const third = await project.run('child');
    await expect.poll(runs, { timeout: 30_000 }).toContain(third);
    expect(runs().toSorted()).toEqual([one, other, third].toSorted());
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  });
});
