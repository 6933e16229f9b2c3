import type { QueueView } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import {
  type LastSeen,
  type MessageWait,
  QUEUE_TYPES,
  type QueueMessage,
  type QueueType,
  type SeenWorker,
  type ShownMessage,
  SILENT_MS,
} from '../../shared/model/queue.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print, warnBeside } from '../print.ts';
import { usageError } from '../report-error.ts';
import { oneLine } from '../text/plain-text.ts';
import { table } from '../text/table.ts';
import { isoTime, localTime } from '../text/time-text.ts';
import { choiceOption, integerOption } from '../values/option-values.ts';

/** The options that say which queue is meant. */
export interface QueueFlags {
  readonly type?: string;
  readonly queue?: string;
  readonly redisUrl?: string;
  readonly rabbitmqUrl?: string;
}

type Which = ReturnType<typeof whichQueue>;

/**
 * Opens the project for work on a queue. The address of a server goes before what stands in its files, in this process: error `queue.elsewhere` where another
 * one holds the project and uses another server.
 */
export async function withQueue<T>(
  context: CliContext,
  flags: QueueFlags,
  work: (client: OpenClient, which: Which) => Promise<T>,
): Promise<T> {
  const which = whichQueue(flags);
  takeAddress(flags);
  return withClient(context, async (client) => {
    if (addressOf(flags) !== null) requireAddress(flags, await client.call('queue.status', which));
    return work(client, which);
  });
}

/** To be done before the project is opened. */
export function takeAddress({ redisUrl, rabbitmqUrl }: QueueFlags): void {
  if (redisUrl !== undefined) process.env.AIWORKFLOW_QUEUE_REDIS_URL = redisUrl;
  if (rabbitmqUrl !== undefined) process.env.AIWORKFLOW_QUEUE_RABBITMQ_URL = rabbitmqUrl;
}

const addressOf = ({ redisUrl, rabbitmqUrl }: QueueFlags): string | null => redisUrl ?? rabbitmqUrl ?? null;

/** Error: `queue.elsewhere`. */
export function requireAddress(flags: QueueFlags, { type, place }: QueueView): void {
  const address = addressOf(flags);
  if (address === null || place === withoutUser(address)) return;
  throw new AppError(
    'queue.elsewhere',
    `The queue is ${place ?? `one of type ${type}`}, not at the address that was given.`,
    {
      hint: "Add '--type redis' or '--type rabbitmq'; where another process holds the project, its settings say where the server is.",
    },
  );
}

function withoutUser(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

/** The same as operations want it. */
export const whichQueue = ({ type, queue }: QueueFlags): { readonly type?: QueueType; readonly queue?: string } => ({
  ...(type === undefined ? {} : { type: choiceOption('--type', type, QUEUE_TYPES) }),
  ...(queue === undefined ? {} : { queue: queueName(queue) }),
});

const MOST_NAME = 200;

function queueName(name: string): string {
  if (/^[A-Za-z0-9._-]+$/.test(name) && name.length <= MOST_NAME) return name;
  throw usageError(
    `Invalid --queue: '${oneLine(name).slice(0, MOST_NAME)}'`,
    `A name has letters, digits, '.', '_' and '-', at most ${MOST_NAME} of them.`,
  );
}

/** `queue status`. */
export async function queueStatus(context: CliContext, flags: QueueFlags): Promise<ExitCode> {
  const view = await withQueue(context, flags, (client, which) => client.call('queue.status', which));
  if (view.fault !== null) throw AppError.fromRecord(view.fault);
  const loss = lossText(view);
  if (loss !== null) warnBeside(context, loss);
  print(context, statusJson(view), () => statusText(view));
  return EXIT.ok;
}

const statusJson = ({ type, name, counts }: QueueView): unknown => ({
  ...{ type, name, pending: counts.pending, processing: counts.processing, dead_letter: counts.deadLetter },
});

/** What of a queue on a server can be lost; null = nothing that it has confirmed. */
export function lossText({ place, loss }: QueueView): string | null {
  if (place === null || loss === 'none') return null;
  return `${place} ${LOSSES[loss]}`;
}

const LOSSES = {
  last_seconds:
    "writes to its disk every second: what was sent just before it goes down is lost ('appendfsync always' keeps it).",
  since_snapshot:
    "writes to its disk only now and then: what was sent since is lost when it goes down ('appendonly yes' with 'appendfsync always' keeps it).",
  all: 'keeps nothing on its disk: what waits is lost when it ends.',
  evicted: "throws away what waits when its memory is full ('maxmemory-policy noeviction' keeps it).",
  unknown: 'does not tell how it keeps what is sent.',
} as const;

function statusText({ type, name, place, counts, pause, worker, workers }: QueueView): string {
  const { pending, delayed, processing, deadLetter } = counts;
  const waiting = delayed === 0 ? grouped(pending) : `${grouped(pending)}, ${grouped(delayed)} of them until later`;
  const who =
    worker === null
      ? "nobody takes messages: 'aiworkflow queue worker' does"
      : `${worker.busy} of ${worker.concurrency} at work`;
  return [
    `${name} (${[type, place].filter((part) => part !== null).join(', ')})`,
    `  Waiting       ${waiting}`,
    `  At work       ${grouped(processing)}`,
    `  Dead letters  ${grouped(deadLetter)}`,
    `  Worker        ${who}`,
    ...workers.map((one) => `  Elsewhere     ${workerText(one)}`),
    ...(pause === null ? [] : [`  Held back by ${pause.by} since ${localTime(pause.at)}`]),
  ].join('\n');
}

/** A worker in another project, in words. */
const workerText = ({ name, host, version, busy, concurrency, silentMs }: SeenWorker): string =>
  `${name} on ${host}${version === null ? '' : ` (${version})`}: ${busy} of ${concurrency} at work${silentMs > SILENT_MS ? `, silent for ${Math.round(silentMs / 1_000)} s` : ''}`;

interface ListFlags extends QueueFlags {
  readonly limit: string;
}

/** `queue list`. */
export const listQueue = (context: CliContext, flags: ListFlags): Promise<ExitCode> =>
  list(context, flags, { none: 'The queue has no messages.' });

/** `queue dead list`. */
export const listDead = (context: CliContext, flags: ListFlags): Promise<ExitCode> =>
  list(context, flags, { none: 'There are no dead letters.', statuses: ['failed', 'dead_letter'] });

async function list(
  context: CliContext,
  { limit, ...flags }: ListFlags,
  { none, statuses }: { readonly none: string; readonly statuses?: QueueMessage['status'][] },
): Promise<ExitCode> {
  const most = integerOption('--limit', limit, { min: 1, max: 1_000 });
  const asked = { limit: most, ...(statuses === undefined ? {} : { statuses }) };
  const messages = await withQueue(context, flags, (client, which) =>
    client.call('queue.messages', { ...which, ...asked }),
  );
  print(context, { messages: messages.map(messageJson), count: messages.length }, () =>
    messages.length === 0 ? none : messagesText(messages),
  );
  return EXIT.ok;
}

/** A message in the words of SPEC §8. */
export const messageJson = (one: QueueMessage | ShownMessage): unknown => ({
  id: one.id,
  workflow_id: one.workflowId,
  version_hash: one.versionHash,
  payload: one.payload,
  priority: one.priority,
  status: one.status,
  created_at: isoTime(one.createdAt),
  processed_at: isoTime(one.processedAt),
  not_before: isoTime(one.notBefore),
  attempts: one.attempts,
  max_attempts: one.maxAttempts,
  error: one.error,
  run_id: one.runId,
  dedupe_key: one.dedupeKey,
  actor: one.actor.id,
  metadata: one.metadata,
  ...(one.requeuedAs === null ? {} : { requeued_as: one.requeuedAs }),
  ...('wait' in one && one.wait !== null ? { waits: waitText(one.wait) } : {}),
});

const messagesText = (messages: readonly ShownMessage[]): string =>
  table(
    ['MESSAGE', 'WORKFLOW', 'PRIORITY', 'STATUS', 'SENT', 'TRY', 'RUN', 'WHY'],
    messages.map((one) => [
      one.id.slice(0, 8),
      one.workflowId,
      one.priority,
      one.requeuedAs === null ? one.status : 'requeued',
      localTime(one.createdAt),
      `${one.attempts}/${one.maxAttempts}`,
      one.runId ?? '',
      [one.wait === null ? null : waitText(one.wait), one.error].filter((text) => text !== null).join('; '),
    ]),
  );

/** Why a message waits, in words. */
export function waitText(wait: MessageWait): string {
  switch (wait.kind) {
    case 'paused':
      return `the queue is held back by ${wait.by}`;
    case 'delayed':
    case 'retry':
    case 'held_back':
      return `${WORDS[wait.kind]} ${localTime(wait.until)}`;
    case 'no_worker':
      return wait.seen === null ? 'nobody takes messages' : seenText(wait.seen);
    case 'slots':
      return `all ${wait.of} slots of the worker are busy${placeText(wait.behind)}`;
    case 'lanes':
      return `all ${wait.of} lanes of the project are busy${placeText(wait.behind)}`;
    case 'next':
      return `starts soon${placeText(wait.behind)}`;
  }
}

const seenText = ({ name, host, at }: LastSeen): string =>
  `nobody takes messages; ${name} on ${host} was last heard of at ${localTime(at)}`;

const WORDS = {
  delayed: 'not before',
  retry: 'tried again at',
  held_back: 'could not start, looked at again at',
} as const;

const placeText = (behind: number): string => (behind === 0 ? ', first in line' : `, ${grouped(behind)} before it`);
