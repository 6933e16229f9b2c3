import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ShownMessage } from '../../src/shared/model/queue.ts';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Runs whose control center and worker are two projects, over a real Redis (SPEC §8 "Worker"). */
let server: RedisServer;
const projects: LocalProject[] = [];
afterEach(async () => {
  for (const project of projects.splice(0)) await project.close();
  await server.close();
});

const SECRET = 'hunter2-at-the-worker';

/** A project that sends and takes nothing, and one that works for it. */
async function open(visible = '30s'): Promise<{ readonly home: LocalProject; readonly worker: LocalProject }> {
  server = await startRedis();
  const queue = (concurrency: number): readonly string[] => [
    `queue: {type: redis, redis_url: "${server.url}", concurrency: ${concurrency}, retry_delay: 20ms, visibility_timeout: ${visible}}`,
  ];
  const home = new LocalProject(queue(0), { isHost: true });
  const worker = new LocalProject(queue(2), { isHost: true });
  worker.write('.env', `WORKER_TOKEN=${SECRET}\n`);
  projects.push(home, worker);
  return { home, worker };
}

const GREET = [
  ['action: workflow.log', 'inputs: {message: "greeting {{ inputs.name }}"}'],
  ['action: workflow.set_outputs', 'inputs: {said: "hello {{ inputs.name }}"}'],
];
const INPUTS = ['inputs: {name: {type: string, required: true}}'];

/** Trusts what came along with a message, as its owner does after looking at it. */
async function trust(worker: LocalProject, path: string): Promise<void> {
  const sheet = await worker.call('trust.show', { ref: path });
  const read = sheet.findings.map(({ id }) => id);
  await worker.call('trust.give', { ref: path, contentHash: sheet.contentHash, read });
}

const find = async (project: LocalProject, id: string): Promise<ShownMessage | undefined> =>
  (await project.call('queue.messages', {})).find((one) => one.id === id);

const statusAt = async (project: LocalProject, runId: string): Promise<string> =>
  project.call('runs.get', { runId }).then(
    ({ run }) => run.status,
    () => 'unknown',
  );

describe('a worker in another project', () => {
  it('runs what its owner trusts, and the control center sees that one run from its start to its end', async () => {
    const { home, worker } = await open();
    home.addWorkflow('greet', GREET, INPUTS);
    await worker.center();
    const refused = await home.call('queue.publish', { workflow: 'greet', payload: { name: 'Ana' } });
    expect(refused.message.metadata).toEqual({});
    await waitUntil('the refusal', async () => (await find(home, refused.message.id))?.status === 'failed');
    const dead = await find(home, refused.message.id);
    const path = /bundle trust (\S+)'/.exec(dead?.error ?? '')?.[1] ?? '';
    expect([dead?.error, path]).toEqual([
      expect.stringMatching(/^Nobody at office trusts version [0-9a-f]{7} of greet\./),
      `.aiworkflow/state/incoming/${refused.message.versionHash}`,
    ]);
    await trust(worker, path);
    const { message } = await home.call('queue.requeue', { id: refused.message.id });
    await waitUntil('the end', async () => (await find(home, message.id))?.status === 'completed');
    const done = await find(home, message.id);
    const runId = done?.runId ?? '';
    await waitUntil('the end at home', async () => (await statusAt(home, runId)) === 'completed');
    const [here, there] = await Promise.all([home, worker].map((one) => one.call('runs.events', { runId })));
    expect(here?.events.map(({ seq, event }) => [seq, event.type])).toEqual(
      there?.events.map(({ seq, event }) => [seq, event.type]),
    );
    const { run } = await home.call('runs.get', { runId });
    expect(run).toMatchObject({ status: 'completed', trigger: 'queue', actor: 'tester', workflowName: 'greet' });
    expect((await home.call('runs.result', { runId })).final_output).toEqual({ said: 'hello Ana' });
    const { lines } = await home.call('runs.log', { runId, from: 1, limit: 10 });
    expect(lines.map(({ text }) => text)).toEqual(['greeting Ana']);
    await home.reopen();
    expect(await statusAt(home, runId)).toBe('completed');
  });

  it('gives back what only its control center can keep, by name, and takes none that is not what it says', async () => {
    const { home, worker } = await open();
    home.addWorkflow('ask', [['type: approval', 'title: "Pay?"']]);
    home.addWorkflow('greet', GREET, INPUTS);
    home.write(
      '.aiworkflow/bundles/big/workflow.md',
      bundleText('big', { name: 'Big', steps: [['action: workflow.log', 'inputs: {message: hello}']] }),
    );
    home.write('.aiworkflow/bundles/big/noise.txt', randomBytes(400_000).toString('base64'));
    await worker.leave();
    const big = await home.call('queue.publish', { workflow: 'big' });
    const { message: asks, warnings } = await home.call('queue.publish', { workflow: 'ask' });
    expect([...big.warnings, ...warnings]).toEqual([
      expect.stringContaining('does not fit into a message of 256 KiB'),
      "Only this project runs it, no worker elsewhere: step 'Part 1' asks people of its control center.",
    ]);
    const greets = (await home.call('queue.publish', { workflow: 'greet', payload: { name: 'Ana' } })).message;
    // Somebody changes a byte of what came along.
    const key = `aiworkflow:aiworkflow-default:${greets.id}`;
    const sent = JSON.parse((await server.client.hget(key, 'data')) ?? '');
    const ours = sent.metadata.aiworkflow;
    const bytes = Buffer.from(ours.archive, 'base64');
    bytes.writeUInt8(bytes.readUInt8(80) ^ 1, 80);
    await server.client.hset(
      key,
      'data',
      JSON.stringify({ ...sent, metadata: { aiworkflow: { ...ours, archive: bytes.toString('base64') } } }),
    );
    await worker.reopen();
    await waitUntil('the refusal', async () => (await find(home, greets.id))?.status === 'failed');
    expect((await find(home, greets.id))?.error).toBe(
      'The archive that office sent is not what it says: its hash is another.',
    );
    await waitUntil('the end of the large one', async () => (await find(home, big.message.id))?.status === 'failed');
    expect((await find(home, big.message.id))?.error).toMatch(/^This worker does not have the version [0-9a-f]{7}\.$/);
    await waitUntil('the reason', async () => (await find(home, asks.id))?.error !== null);
    expect((await find(home, asks.id))?.error).toBe(
      "Only office may run it: step 'Part 1' asks people of its control center.",
    );
    expect((await worker.call('runs.list', { limit: 10 })).runs).toEqual([]);
  });

  it('tells no secret of its own, and what others tell of the run is refused', async () => {
    const { home, worker } = await open();
    const back = [...SECRET].reverse().join('');
    const bundle = {
      'config.yaml': 'name: say\n',
      'workflow.md': bundleText('say', { name: 'Say', steps: [['action: say.run', 'output_variable: said']] }),
      'tools/say.sh': `#!/usr/bin/env bash\nsaid=$(echo '${back}' | rev)\necho "I say $said" >&2\necho "{\\"said\\": \\"$said\\"}"\n`,
    };
    for (const project of [home, worker])
      for (const [name, text] of Object.entries(bundle)) project.write(`.aiworkflow/bundles/say/${name}`, text);
    await worker.center();
    const { message } = await home.call('queue.publish', { workflow: 'say' });
    await waitUntil('the end', async () => (await find(home, message.id))?.status === 'completed');
    const runId = (await find(home, message.id))?.runId ?? '';
    await waitUntil('the end at home', async () => (await statusAt(home, runId)) === 'completed');
    const result = await home.call('runs.result', { runId });
    const { lines } = await home.call('runs.log', { runId, from: 1, limit: 10 });
    expect([JSON.stringify(result.final_output), lines.map(({ text }) => text)]).toEqual([
      expect.stringContaining('said'),
      [expect.stringContaining('I say'), expect.stringContaining('said')],
    ]);
    const [, dir = ''] = (await server.client.config('GET', 'dir')) as string[];
    const files = readdirSync(join(dir, 'appendonlydir'));
    const written = files.map((file) => readFileSync(join(dir, 'appendonlydir', file), 'latin1')).join('');
    expect([written.includes('run.completed'), written.includes(SECRET)]).toEqual([true, false]);

    const [stream = ''] = await server.client.keys('aiworkflow:aiworkflow-default-events:*');
    const before = await home.call('runs.events', { runId, limit: 1_000 });
    const id = stream.split(':').at(-1) ?? '';
    const record = { message_id: message.id, run_id: runId, seq: 99, type: 'run.resumed', at: 1, data: {} };
    const told = (records: unknown[], at = id) =>
      JSON.stringify({ home: at, worker: { id: 'evil', name: 'evil' }, records });
    const hostile = [
      '',
      'nothing',
      '[]',
      told([]),
      told([record]),
      told([record], 'another'),
      told([{ ...record, seq: -1 }]),
    ];
    for (const text of [...hostile, told([{ ...record, run_id: '../x' }]), told([{ ...record, message_id: 'none' }])])
      await server.client.xadd(stream, '*', 't', text);
    await server.client.publish('aiworkflow:aiworkflow-default:x-remote', stream);
    await waitUntil('all of it to be heard', async () => (await server.client.xlen(stream)) === 0);
    expect(await home.call('runs.events', { runId, limit: 1_000 })).toEqual(before);
    expect(await statusAt(home, runId)).toBe('completed');
  });
});
