import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { type CliProcess, type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';
import { waitUntil } from '../support/wait-until.ts';

/** `queue status|publish|worker|pause|resume|purge|list|dead` of SPEC §13, over the real command line. */
let world: CliWorld;
let started: CliProcess | null = null;
let server: RedisServer | null = null;
afterEach(async () => {
  started?.child.kill('SIGTERM');
  await started?.ended;
  started = null;
  await server?.close();
  server = null;
  world.dispose();
});

async function ok(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr, json } = await world.run('--json', 'queue', ...args);
  expect(exitCode, stdout + stderr).toBe(0);
  return json();
}

describe('the commands of queues', () => {
  it('send, take one, work until Ctrl-C, show why something waits, send the dead again and purge', async () => {
    world = await openCliWorld();
    world.write({
      '.aiworkflow/workflows/greet.md': workflowText(
        'greet',
        [['action: workflow.set_outputs', 'inputs: {said: "hello {{ inputs.name }}"}']],
        ['inputs: {name: {type: string, required: true}}'],
      ),
    });
    const low = await ok('publish', 'greet', '-p', 'low', '-i', 'name=Ben');
    const high = await ok('publish', 'greet', '--priority', 'CRITICAL', '-i', 'name=Ana');
    expect(high).toMatchObject({
      workflow_id: 'greet',
      priority: 'critical',
      status: 'pending',
      attempts: 0,
      warnings: [],
    });
    expect(await ok('list')).toMatchObject({
      messages: [
        { id: high.id, waits: 'nobody takes messages', payload: { name: 'Ana' } },
        { id: low.id, priority: 'low' },
      ],
      count: 2,
    });
    expect(await ok('worker', '--once')).toMatchObject({ id: high.id, status: 'completed', attempts: 1 });
    const wrong = await world.run('queue', 'publish', 'greet');
    expect([wrong.exitCode, wrong.stderr]).toEqual([0, expect.stringContaining('Required input not provided: name')]);
    await ok('publish', 'greet', '--delay', '1h', '-i', 'name=Later');

    started = world.start('queue', 'worker', '-c', '2');
    await started.says('Messages of aiworkflow-default are run until Ctrl-C, 2 at once.');
    const pending = { type: 'local', name: 'aiworkflow-default', pending: 1, processing: 0 };
    await waitUntil('the dead letter', async () =>
      isDeepStrictEqual(await ok('status'), { ...pending, dead_letter: 1 }),
    );
    const { messages: dead } = (await ok('dead', 'list')) as { messages: { id: string }[] };
    expect(dead).toMatchObject([{ error: 'Required input not provided: name', status: 'failed', attempts: 1 }]);
    const again = await ok('dead', 'requeue', (dead[0]?.id ?? '').slice(0, 8), '-i', 'name=Mended');
    const requeued = { attempts: 0, payload: { name: 'Mended' }, metadata: { requeued_from: dead[0]?.id } };
    expect(again).toMatchObject(requeued);
    const paused = await ok('pause');
    expect(paused).toEqual({ type: 'local', name: 'aiworkflow-default', paused: true, paused_by: expect.any(String) });
    const held = await world.run('queue', 'worker', '--once');
    expect([held.exitCode, held.stderr]).toEqual([0, expect.stringContaining('aiworkflow-default is held back by')]);
    expect(await ok('resume')).toMatchObject({ paused: false, paused_by: null });
    const odd = await world.run('queue', 'publish', 'greet', '--queue', 'über alles');
    expect([odd.exitCode, odd.stderr]).toEqual([2, expect.stringContaining("Invalid --queue: 'über alles'")]);
    // A second worker asks the one that is there.
    expect(await ok('worker', '-c', '3')).toMatchObject({ started: false, pid: started.child.pid, concurrency: 3 });
    started.child.kill('SIGINT');
    const stopped = await started.ended;
    expect(stopped.stderr).toContain('Taking no message more; runs at work get 30s.');
    started = null;

    const asked = await world.run('queue', 'purge');
    expect([asked.exitCode, asked.stderr]).toEqual([
      2,
      expect.stringContaining('1 message of aiworkflow-default would go'),
    ]);
    const memory = await world.run('queue', 'publish', 'greet', '--type', 'memory');
    expect([memory.exitCode, memory.stderr]).toEqual([1, expect.stringContaining('A queue in memory lasts')]);
  });

  it('say what a worker over RabbitMQ does not do, also where nobody answers there', async () => {
    world = await openCliWorld();
    const address = `amqp://guest:secret@127.0.0.1:${await freePort()}/`;
    started = world.start('queue', 'worker', '--type', 'rabbitmq', '--rabbitmq-url', address);
    await started.says('does not answer');
    await started.says('messages are run with the workflows of this project, and their runs are seen here alone');
    await started.says('Messages of aiworkflow-default are run until Ctrl-C, 1 at once.');
    started.child.kill('SIGINT');
    expect((await started.ended).stderr).not.toContain('secret');
  });

  it('reach a queue on Redis by its address, and say when nobody answers there', async () => {
    world = await openCliWorld();
    const hello = [['action: workflow.set_outputs', 'inputs: {said: hello}']] as const;
    world.write({ '.aiworkflow/workflows/greet.md': workflowText('greet', hello) });
    server = await startRedis();
    const redis = ['--type', 'redis', '--redis-url', server.url.replace('//', '//default:secret@')];
    await server.stop();
    const gone = await world.run('queue', 'status', ...redis);
    expect([gone.exitCode, gone.stderr]).toEqual([
      1,
      expect.stringContaining(`Redis at ${server.url} does not answer`),
    ]);
    expect(gone.stdout + gone.stderr).not.toContain('secret');
    await server.start();
    const sent = await ok('publish', 'greet', '--type', 'redis', '--redis-url', server.url);
    expect(await ok('worker', '--once', '--type', 'redis', '--redis-url', server.url)).toMatchObject({
      ...{ id: sent.id, status: 'completed', attempts: 1 },
    });
    await server.client.config('SET', 'appendfsync', 'everysec');
    const status = await world.run('--json', 'queue', 'status', '--type', 'redis', '--redis-url', server.url);
    expect(status.json()).toMatchObject({ type: 'redis', pending: 0, processing: 0, dead_letter: 0 });
    expect(status.stderr).toContain('writes to its disk every second');
    const local = await world.run('queue', 'status', '--redis-url', server.url);
    expect([local.exitCode, local.stderr]).toEqual([1, expect.stringContaining('The queue is one of type local')]);
  });
});
