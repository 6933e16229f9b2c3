/**
 * Proof of queues on servers (SPEC §8): 1,000 confirmed messages over a connection that is cut, and 1,000 runs over three worker processes of
 * three projects, one killed, one frozen for three leases, the broker killed and started. On a real Redis and a real RabbitMQ, where worker and broker
 * are stopped in good order: what several projects take from RabbitMQ is given twice where they are killed (ADR 37). `MESSAGES` = another number.
 */
import { type QueueBackend, RabbitQueue, RedisQueue } from '../../src/core/queue/index.ts';
import { openMemoryQueues } from '../../src/core/storage/index.ts';
import { startCutProxy } from '../support/cut-proxy.ts';
import { publishOverCuts, QUEUE_RULES } from '../support/cut-publishes.ts';
import { runFleet } from '../support/queue-fleet.ts';
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
let leases = 0;
const common = {
  ...{ rules: QUEUE_RULES, now: Date.now, historyMs: () => 86_400_000 },
  newLease: () => `lease-${process.pid}-${++leases}`,
};
const PLACES: Readonly<
  Record<string, { readonly start: () => Promise<Server>; readonly open: (url: string, name: string) => QueueBackend }>
> = {
  redis: {
    start: () => startRedis(),
    open: (url, name) => new RedisQueue({ ...common, url, name, owner: 'proof', ownerName: 'the proof' }),
  },
  rabbitmq: {
    start: () => startRabbit(),
    open: (url, name) => new RabbitQueue({ ...common, url, name, rows: openMemoryQueues().rows }),
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

async function prove(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [type, { start }] of Object.entries(PLACES)) {
    const server = await start();
    try {
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
