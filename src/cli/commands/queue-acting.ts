import type { PublishedMessage } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import { isJsonMap, type JsonMap } from '../../shared/json.ts';
import { QUEUE_PRIORITIES, type ShownMessage } from '../../shared/model/queue.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print, warn } from '../print.ts';
import { usageError } from '../report-error.ts';
import { readInputs } from '../values/input-items.ts';
import { choiceOption, durationOption } from '../values/option-values.ts';
import { workflowRef } from '../values/workflow-ref.ts';
import { messageJson, type QueueFlags, type whichQueue, withQueue } from './queue-reading.ts';

interface PublishFlags extends QueueFlags {
  readonly priority: string;
  readonly input?: readonly string[];
  readonly delay?: string;
}

/** `queue publish WF`. */
export async function publishToQueue(context: CliContext, workflow: string, flags: PublishFlags): Promise<ExitCode> {
  const input = {
    payload: readInputs({ items: flags.input ?? [] }, context.cwd, (message) => warn(context, message)),
    priority: choiceOption('--priority', flags.priority.toLowerCase(), QUEUE_PRIORITIES),
    ...(flags.delay === undefined ? {} : { delayMs: await durationOption('--delay', flags.delay) }),
  };
  const published = await withQueue(context, flags, async (client, which) =>
    client.call('queue.publish', { ...which, ...input, workflow: await meantBy(client, workflow, context.cwd) }),
  );
  printPublished(context, published);
  return EXIT.ok;
}

/** A name of the library first, then a path: what nobody knows is sent all the same, so this is asked before. */
async function meantBy(client: OpenClient, text: string, cwd: string): Promise<string> {
  const { first, otherwise } = workflowRef(text, cwd);
  if (otherwise === null) return first;
  const { workflows } = await client.call('workflows.list', {});
  return workflows.some(({ id }) => id === first) ? first : otherwise;
}

function printPublished(context: CliContext, { message, isDuplicate, warnings }: PublishedMessage): void {
  for (const warning of warnings) warn(context, warning);
  const value = { ...(messageJson(message) as object), ...(isDuplicate ? { duplicate: true } : {}), warnings };
  print(context, value, () => `Message ${message.id} waits in ${message.queue}.`);
}

/** `queue pause`. */
export const pauseQueue = (context: CliContext, flags: QueueFlags): Promise<ExitCode> =>
  turn(context, flags, 'queue.pause');

/** `queue resume`. */
export const resumeQueue = (context: CliContext, flags: QueueFlags): Promise<ExitCode> =>
  turn(context, flags, 'queue.resume');

async function turn(
  context: CliContext,
  flags: QueueFlags,
  operation: 'queue.pause' | 'queue.resume',
): Promise<ExitCode> {
  const { type, name, pause } = await withQueue(context, flags, (client, which) => client.call(operation, which));
  const value = { type, name, paused: pause !== null, paused_by: pause?.by ?? null };
  print(context, value, () =>
    pause === null ? `${name} goes on.` : `${name} is held back: nobody takes its messages, what is at work goes on.`,
  );
  return EXIT.ok;
}

interface PurgeFlags extends QueueFlags {
  readonly all?: boolean;
  readonly yes?: boolean;
}

/** `queue purge`: nothing goes without `--yes`. */
export async function purgeQueue(context: CliContext, { all = false, yes, ...flags }: PurgeFlags): Promise<ExitCode> {
  return withQueue(context, flags, async (client, which) => {
    if (yes !== true) {
      const { name, counts } = await client.call('queue.status', which);
      const ended = all ? counts.completed + counts.deadLetter : 0;
      throw usageError(
        `Nothing was removed: ${messages(counts.pending + ended)} of ${name} would go.`,
        "Look at them with 'aiworkflow queue list', then run it with '--yes'.",
      );
    }
    const { removed } = await client.call('queue.purge', { ...which, all });
    print(context, { removed }, () => `Removed ${messages(removed)}.`);
    return EXIT.ok;
  });
}

const messages = (count: number): string => `${grouped(count)} ${count === 1 ? 'message' : 'messages'}`;

const ID_LENGTH = 36;

interface RequeueFlags extends QueueFlags {
  readonly input?: readonly string[];
}

/** `queue dead requeue ID`: with its inputs as they came, but for those that are given. */
export async function requeueDead(
  context: CliContext,
  id: string,
  { input, ...flags }: RequeueFlags,
): Promise<ExitCode> {
  const given =
    input === undefined ? null : readInputs({ items: input }, context.cwd, (message) => warn(context, message));
  const published = await withQueue(context, flags, async (client, which) => {
    const isWhole = id.length === ID_LENGTH && given === null;
    const letter = isWhole ? { id, payload: {} } : await deadLetter(client, id, which);
    const payload = given === null ? {} : { payload: mended(letter.payload, given) };
    return client.call('queue.requeue', { ...which, id: letter.id, ...payload });
  });
  printPublished(context, published);
  return EXIT.ok;
}

/** `{"inputs": {…}}` alone means what is in it (SPEC §8). */
function mended(payload: JsonMap, given: JsonMap): JsonMap {
  const { inputs } = payload;
  const isWrapped = Object.keys(payload).length === 1 && inputs !== undefined && isJsonMap(inputs);
  return isWrapped ? { inputs: { ...inputs, ...given } } : { ...payload, ...given };
}

/** The dead letter whose id begins so; the list shows eight characters. */
async function deadLetter(
  client: OpenClient,
  start: string,
  which: ReturnType<typeof whichQueue>,
): Promise<ShownMessage> {
  const dead = await client.call('queue.messages', { ...which, statuses: ['failed', 'dead_letter'], limit: 1_000 });
  const [found, ...others] = dead.filter(({ id }) => id.startsWith(start));
  if (found !== undefined && others.length === 0) return found;
  throw new AppError(
    'queue.message_not_found',
    found === undefined ? `No dead letter ${start} in this queue.` : `Several dead letters begin with ${start}.`,
    { hint: "'aiworkflow queue dead list --json' shows whole ids." },
  );
}
