/**
 * Proof of queues on servers (SPEC §8): 1,000 confirmed messages over a connection that is cut, and 1,000 runs over three worker processes of
 * three projects, one killed, one frozen for three leases, the broker killed and started. On a real Redis and a real RabbitMQ, where worker and broker
 * are stopped in good order: what several projects take from RabbitMQ is given twice where they are killed (ADR 37). 200 restarts of workers, one
 * after the other, and messages that cannot be done. `MESSAGES`, `RESTARTS` = other numbers.
 */
import type { QueueBackend } from '../../src/core/queue/index.ts';
import { startCutProxy } from '../support/cut-proxy.ts';
import { publishOverCuts } from '../support/cut-publishes.ts';
import { runFleet } from '../support/queue-fleet.ts';
import { failAll, rollRestarts } from '../support/queue-lives.ts';
import { QUEUE_PLACES, type QueuePlace } from '../support/queue-places.ts';
import { endHosts } from '../support/webhook-hosts.ts';

interface Row {
  readonly what: string;
  readonly looked: number;
  readonly wrong: readonly string[];
  readonly unit: string;
}

const MESSAGES = Number(process.env.MESSAGES ?? 1_000);
const RESTARTS = Number(process.env.RESTARTS ?? 200);

async function proveCuts(type: string, place: QueuePlace): Promise<Row> {
  const at = new URL(place.url);
  const proxy = await startCutProxy(Number(at.port));
  at.port = String(proxy.port);
  const queue = place.open('cuts', 0, at.href);
  const { sent, claimed, faults } = await publishOverCuts(queue, proxy, { messages: MESSAGES, everyMessages: 60 });
  const times = new Map<string, number>();
  for (const id of claimed) times.set(id, (times.get(id) ?? 0) + 1);
  const wrong = sent.filter((id) => times.get(id) !== 1).map((id) => `${id} came ${times.get(id) ?? 0} times`);
  for (const fault of faults) if (fault !== 'queue.unreachable') wrong.push(`sending failed with ${fault}`);
  await queue.close();
  await proxy.close();
  return { what: `${type}, connection cut during confirmed messages`, looked: sent.length, wrong, unit: 'messages' };
}

async function proveFleet(type: string, place: QueuePlace): Promise<Row> {
  const queue = place.open('aiworkflow-default');
  const ends = type === 'redis' ? 'killed' : 'stopped';
  const restartBroker = async (): Promise<void> => {
    await place.stop(ends === 'killed' ? 'SIGKILL' : 'SIGTERM');
    await place.start();
  };
  const settings = `type: ${type}, ${type}_url: "${place.url}"`;
  const { completed, inDoubt, wrong } = await runFleet({
    place: settings,
    queue,
    messages: MESSAGES,
    ends,
    restartBroker,
  });
  await queue.close();
  const what = `${type}, three workers, one and the broker ${ends}, one frozen: ${completed} completed, ${inDoubt} in doubt`;
  return { what, looked: MESSAGES, wrong, unit: 'runs' };
}

async function proveRestarts(type: string, place: QueuePlace): Promise<Row> {
  const { sent, wrong } = await rollRestarts(place, RESTARTS);
  const workers = place.projects === 1 ? 'a worker' : `${place.projects} workers one after the other`;
  const what = `${type}, ${RESTARTS} restarts of ${workers}: ${sent} messages run once, none claimed by one that drains`;
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
  for (const [type, begin] of Object.entries(QUEUE_PLACES)) {
    const place = await begin();
    try {
      rows.push(await proveRestarts(type, place), await proveFailures(type, place.open('failing')));
      if (place.url !== '') rows.push(await proveCuts(type, place), await proveFleet(type, place));
    } finally {
      endHosts();
      await place.close();
    }
  }
  return rows;
}

// The servers are one machine's: the first share does it all.
console.log(JSON.stringify(process.argv[2] === '0' ? await prove() : []));
process.exit(0);
