/**
 * A thousand workers that tell one control center of their runs, over a real Redis, some of it twice, some not at all, some by strangers:
 * node remote.ts <share> <of how many> <seed>
 */
import { remoteRunId } from '../../src/core/operations/remote/ship-version.ts';
import type { RunEvent, StoredEvent } from '../../src/shared/model/events.ts';
import { LocalProject } from '../support/local-project.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { seeded } from '../support/seeded.ts';
import { waitUntil } from '../support/wait-until.ts';

const WORKERS = Number(process.env.WORKERS ?? 1_000);
const QUEUE = 'aiworkflow:aiworkflow-default';
/** So long without one more run at its end: what is left does not come. */
const STUCK_MS = 30_000;
const LONGEST_MS = 30 * 60_000;
/** Of each batch: how often it is told twice, not told, and told by somebody else first. */
const FAULTS = { twice: 0.1, lost: 0.05, stranger: 0.05 } as const;

interface Row {
  readonly what: string;
  readonly unit: string;
  readonly looked: number;
  readonly wrong: readonly string[];
}

type Event = Pick<StoredEvent<RunEvent>, 'seq' | 'at' | 'actor' | 'event'>;
interface Told {
  readonly worker: string;
  readonly messageId: string;
  readonly runId: string;
  readonly events: readonly Event[];
}

const [share = 0, , seed = 1] = process.argv.slice(2).map(Number);

/** The events of one real run, as those of all others: only what names the run is another in each. */
async function templateOf(home: LocalProject): Promise<readonly Event[]> {
  const runId = await home.run('greet', { name: 'Ana' });
  const { events } = await home.call('runs.events', { runId, limit: 1_000 });
  await home.call('runs.delete', { runId });
  return events as readonly Event[];
}

function eventsOf(template: readonly Event[], messageId: string, runId: string): readonly Event[] {
  return template.map((one) => {
    if (one.event.type !== 'run.created') return one;
    const trigger = { type: 'queue', by: 'tester', data: { message_id: messageId } } as const;
    return { ...one, event: { ...one.event, trigger, startKey: `queue:${messageId}`, originRunId: runId } };
  });
}

async function tell(
  client: RedisServer['client'],
  home: string,
  { worker, messageId, runId, events }: Told,
): Promise<void> {
  const records = events.map(({ seq, at, actor, event }) => ({
    ...{ message_id: messageId, run_id: runId, seq, type: event.type, at, data: { v: 1, actor, event } },
  }));
  const text = JSON.stringify({ home, worker: { id: worker, name: worker }, records });
  await client.xadd(`${QUEUE}-events:${home}`, '*', 't', text);
}

/** Tells of all runs in turns, with faults; gives how many batches were told. */
async function tellAll({ client }: RedisServer, home: string, runs: readonly Told[]): Promise<number> {
  const random = seeded(seed);
  const left = runs.map((run) => ({ ...run, events: [...run.events], isKnown: false }));
  let told = 0;
  while (left.length > 0) {
    const at = Math.floor(random() * left.length);
    const run = left[at] as (typeof left)[number];
    const batch = { ...run, events: run.events.splice(0, 1 + Math.floor(random() * 4)) };
    const isLast = run.events.length === 0;
    if (isLast) left.splice(at, 1);
    // Who is heard first has the run: before a product's worker is heard no stranger can tell anything of it (its key on the server, ADR 38).
    if (run.isKnown && random() < FAULTS.stranger) await tell(client, home, { ...batch, worker: `stranger-${told}` });
    // What is lost in the middle is missed with what comes behind it.
    const times = (isLast || random() >= FAULTS.lost ? 1 : 0) + (random() < FAULTS.twice ? 1 : 0);
    for (let time = 0; time < times; time += 1) await tell(client, home, batch);
    run.isKnown ||= times > 0;
    told += 1;
  }
  return told;
}

/** Answers what the control center asks for again. */
async function answer({ client }: RedisServer, home: string, runs: ReadonlyMap<string, Told>): Promise<void> {
  for (const key of await client.keys(`${QUEUE}-orders:worker-*`)) {
    const run = runs.get(key.slice(`${QUEUE}-orders:`.length));
    const [[, asked = []] = []] = (await client.multi().xrange(key, '-', '+').del(key).exec()) ?? [];
    for (const [, fields] of asked as [string, string[]][]) {
      const order = JSON.parse(fields[1] ?? '{}') as { readonly type?: string; readonly from?: number };
      if (order.type === 'tell_again' && run !== undefined)
        await tell(client, home, { ...run, events: run.events.filter(({ seq }) => seq >= (order.from ?? 1)) });
    }
  }
  await client.publish(`${QUEUE}:x-remote`, `${QUEUE}-events:${home}`);
}

async function prove(): Promise<readonly Row[]> {
  const server = await startRedis();
  const home = new LocalProject([`queue: {type: redis, redis_url: "${server.url}", concurrency: 0}`], { isHost: true });
  try {
    home.addWorkflow(
      'greet',
      [
        ['action: workflow.log', 'inputs: {message: "greeting {{ inputs.name }}"}'],
        ['action: workflow.set_outputs', 'inputs: {said: "hello {{ inputs.name }}"}'],
      ],
      ['inputs: {name: {type: string, required: true}}'],
    );
    const template = await templateOf(home);
    const publishedAt = clockNow();
    const runs: Told[] = [];
    for (let at = 0; at < WORKERS; at += 1) {
      const { message } = await home.call('queue.publish', { workflow: 'greet', payload: { name: 'Ana' } });
      const runId = remoteRunId(message.workflowId, message.createdAt, message.id);
      runs.push({
        ...{ worker: `worker-${at}`, messageId: message.id, runId },
        events: eventsOf(template, message.id, runId),
      });
    }
    const publishing = since(publishedAt);
    const homeId = await homeOf(server);
    const toldAt = clockNow();
    await tellAll(server, homeId, runs);
    const byWorker = new Map(runs.map((run) => [run.worker, run]));
    let known = -1;
    let movedAt = performance.now();
    const isOver = async (): Promise<boolean> => {
      const { runs: done } = await home.call('runs.totals', { status: ['completed'] });
      if (done === known) await answer(server, homeId, byWorker);
      else movedAt = performance.now();
      known = done;
      return done >= WORKERS || performance.now() - movedAt > STUCK_MS;
    };
    await waitUntil('all runs to be complete at home', isOver, LONGEST_MS);
    const telling = since(toldAt);
    const wrong = known < WORKERS ? [`${WORKERS - known} runs stood still for ${STUCK_MS / 1_000} s`] : [];
    for (const { runId, events } of runs) {
      const stored = await home.call('runs.events', { runId, limit: 1_000 }).catch(() => null);
      const numbers = stored?.events.map(({ seq }) => seq).join() ?? 'none';
      if (numbers !== events.map(({ seq }) => seq).join()) wrong.push(`${runId}: events ${numbers}`);
    }
    const eventCount = WORKERS * template.length;
    return [
      { what: `messages sent, ${rate(WORKERS, publishing)}`, unit: 'messages', looked: WORKERS, wrong: [] },
      {
        what: `runs of ${WORKERS} workers written down at home, each event once, ${rate(WORKERS, telling)}`,
        ...{ unit: 'events', looked: eventCount, wrong },
      },
    ];
  } finally {
    await home.close();
    await server.close();
  }
}

interface Took {
  readonly ms: number;
  readonly cpuMs: number;
}

/** The second figure says what this process has worked: the first hangs on what else the computer does. */
const clockNow = (): Took => {
  const { user, system } = process.cpuUsage();
  return { ms: performance.now(), cpuMs: (user + system) / 1_000 };
};
const since = (then: Took): Took => {
  const now = clockNow();
  return { ms: now.ms - then.ms, cpuMs: now.cpuMs - then.cpuMs };
};
const rate = (count: number, { ms, cpuMs }: Took): string =>
  `${Math.round((count * 1_000) / ms)}/s, ${(cpuMs / count).toFixed(1)} ms of a processor each`;

async function homeOf({ client }: RedisServer): Promise<string> {
  const [key = ''] = await client.keys(`${QUEUE}:????????-*`);
  return JSON.parse((await client.hget(key, 'data')) ?? '{}').metadata.aiworkflow.home as string;
}

console.log(JSON.stringify(share === 0 ? await prove() : []));
