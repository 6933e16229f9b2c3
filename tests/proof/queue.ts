/**
 * Proof of queues on servers (SPEC §8): 1,000 confirmed messages over a connection that is cut, and 1,000 runs over three worker processes of
 * three projects, one killed, one frozen for three leases, the broker killed and started. On a real Redis and a real RabbitMQ, where worker and broker
 * are stopped in good order: what several projects take from RabbitMQ is given twice where they are killed (ADR 37). 200 restarts of workers, one
 * after the other, and messages that cannot be done. `MESSAGES`, `RESTARTS` = other numbers.
 */
import { type QueueBackend, RabbitQueue, RedisQueue } from '../../src/core/queue/index.ts';
import { openMemoryQueues } from '../../src/core/storage/index.ts';
import { startCutProxy } from '../support/cut-proxy.ts';
import { publishOverCuts, QUEUE_RULES } from '../support/cut-publishes.ts';
import { runFleet } from '../support/queue-fleet.ts';
import { failAll, rollRestarts } from '../support/queue-lives.ts';
import { startRabbit } from '../support/rabbit-server.ts';
import { startRedis } from '../support/redis-server.ts';
import { endHosts } from '../support/webhook-hosts.ts';

interface Row {
  readonly what: string;
  readonly looked: number;
  readonly wrong: readonly string[];
  readonly unit: string;
}

interface Server {
  readonly url: string;
  stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

const MESSAGES = Number(process.env.MESSAGES ?? 1_000);
const RESTARTS = Number(process.env.RESTARTS ?? 200);
let leases = 0;
/** What a project took from RabbitMQ is in its own store, over all its lives. */
const tables = new Map<string, ReturnType<typeof openMemoryQueues>['rows']>();
const common = {
  ...{ rules: { ...QUEUE_RULES, retryDelayMs: 1 }, now: Date.now, historyMs: () => 86_400_000 },
  newLease: () => `lease-${process.pid}-${++leases}`,
};
const PLACES: Readonly<
  Record<
    string,
    {
      readonly start: () => Promise<Server>;
      /** `owner` = the project that opens it. */
      readonly open: (url: string, name: string, owner?: number) => QueueBackend;
    }
  >
> = {
  redis: {
    start: () => startRedis(),
    open: (url, name, owner = 0) =>
      new RedisQueue({ ...common, url, name, owner: `proof ${owner}`, ownerName: 'the proof' }),
  },
  rabbitmq: {
    start: () => startRabbit(),
    open: (url, name, owner = 0) => {
      const rows = tables.get(`${name} ${owner}`) ?? openMemoryQueues().rows;
      tables.set(`${name} ${owner}`, rows);
      return new RabbitQueue({ ...common, url, name, rows });
    },
  },
};

async function proveCuts(type: string, server: Server): Promise<Row> {
  const at = new URL(server.url);
  const proxy = await startCutProxy(Number(at.port));
  at.port = String(proxy.port);
  const queue = PLACES[type]?.open(at.href, 'cuts');
  if (queue === undefined) throw new Error(`no queue of type ${type}`);
  const { sent, claimed, faults } = await publishOverCuts(queue, proxy, { messages: MESSAGES, everyMessages: 60 });
  const times = new Map<string, number>();
  for (const id of claimed) times.set(id, (times.get(id) ?? 0) + 1);
  const wrong = sent.filter((id) => times.get(id) !== 1).map((id) => `${id} came ${times.get(id) ?? 0} times`);
  for (const fault of faults) if (fault !== 'queue.unreachable') wrong.push(`sending failed with ${fault}`);
  await queue.close();
  await proxy.close();
  return { what: `${type}, connection cut during confirmed messages`, looked: sent.length, wrong, unit: 'messages' };
}

async function proveFleet(type: string, server: Server): Promise<Row> {
  const queue = PLACES[type]?.open(server.url, 'aiworkflow-default');
  if (queue === undefined) throw new Error(`no queue of type ${type}`);
  const ends = type === 'redis' ? 'killed' : 'stopped';
  const restartBroker = async (): Promise<void> => {
    await server.stop(ends === 'killed' ? 'SIGKILL' : 'SIGTERM');
    await server.start();
  };
  const place = `type: ${type}, ${type}_url: "${server.url}"`;
  const { completed, inDoubt, wrong } = await runFleet({ place, queue, messages: MESSAGES, ends, restartBroker });
  await queue.close();
  const what = `${type}, three workers, one and the broker ${ends}, one frozen: ${completed} completed, ${inDoubt} in doubt`;
  return { what, looked: MESSAGES, wrong, unit: 'runs' };
}

async function proveRestarts(type: string, open: (name: string, owner: number) => QueueBackend): Promise<Row> {
  const { sent, wrong } = await rollRestarts((owner) => open('rolling', owner), RESTARTS);
  const what = `${type}, ${RESTARTS} restarts of three workers one after the other: ${sent} messages run once, none claimed by one that drains`;
  return { what, looked: sent, wrong, unit: 'messages' };
}

async function proveFailures(type: string, queue: QueueBackend): Promise<Row> {
  const { attempts, again, unloadable, nextAfterMs, wrong } = await failAll(queue);
  await queue.close();
  const all = [...wrong];
  if (attempts.length !== 27 || new Set(attempts.slice(0, 9)).size !== 9) all.push(`attempts ${attempts.join(' ')}`);
  if (again.length !== 3) all.push(`${again.length} attempts of one that was sent again by hand`);
  if (unloadable.attempts.length !== 1 || unloadable.status !== 'failed')
    all.push(`one that cannot load was begun ${unloadable.attempts.length} times and is ${unloadable.status}`);
  if (!(nextAfterMs < 1_000)) all.push(`the next one began after ${nextAfterMs} ms`);
  const what = `${type}, nine that fail, one sent again, one that cannot load: the next began after ${Math.round(nextAfterMs)} ms`;
  return { what, looked: 12, wrong: all, unit: 'messages' };
}

async function prove(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [type, { start, open }] of Object.entries(PLACES)) {
    const server = await start();
    try {
      const { url } = server;
      rows.push(await proveRestarts(type, (name, owner) => open(url, name, owner)));
      rows.push(await proveFailures(type, open(url, 'failing')));
      rows.push(await proveCuts(type, server), await proveFleet(type, server));
    } finally {
      endHosts();
      await server.close();
    }
  }
  return rows;
}

// The servers are one machine's: the first share does it all.
console.log(JSON.stringify(process.argv[2] === '0' ? await prove() : []));
process.exit(0);
