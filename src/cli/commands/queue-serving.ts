import type { QueueView } from '../../shared/contract/index.ts';
import type { ShownMessage } from '../../shared/model/queue.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { holdProject, untilStopped } from '../live/hold-project.ts';
import { note, print, warn, warnBeside } from '../print.ts';
import { durationOption, integerOption } from '../values/option-values.ts';
import { messageJson, type QueueFlags, requireAddress, takeAddress, whichQueue, withQueue } from './queue-reading.ts';

interface WorkerFlags extends QueueFlags {
  readonly concurrency?: string;
  readonly grace: string;
  readonly once?: boolean;
}

/** What a worker over RabbitMQ is not, said before somebody waits for it in vain (ADR 38). */
const OVER_RABBIT =
  'Over RabbitMQ messages are run with the workflows of this project, and their runs are seen here alone: it sends no workflow along and tells nobody how a run goes. Let one project work on a queue there; use a queue on Redis for workers on other computers.';

/** `queue worker`: asks whoever holds the project to take messages, else holds it in this process until Ctrl-C. */
export async function workOnQueue(context: CliContext, flags: WorkerFlags): Promise<ExitCode> {
  const which = whichQueue(flags);
  const graceMs = await durationOption('--grace', flags.grace);
  if (flags.once === true) return workOnce(context, flags);
  takeAddress(flags);
  const concurrency =
    flags.concurrency === undefined
      ? {}
      : { concurrency: integerOption('--concurrency', flags.concurrency, { min: 1, max: 1_000 }) };
  const holding = await holdProject(context);
  let quitBy: string | undefined;
  try {
    requireAddress(flags, await holding.call('queue.status', which));
    saySo(context, await holding.call('queue.serve', { ...which, ...concurrency }), holding);
    if (holding.isOwn) {
      quitBy = await untilStopped(context, holding, `Taking no message more; runs at work get ${flags.grace}.`);
      await holding.call('queue.drain', { ...which, graceMs });
    }
    return EXIT.ok;
  } finally {
    await holding.leave(quitBy);
  }
}

function saySo(
  context: CliContext,
  { type, name, worker, fault }: QueueView,
  { pid, isOwn }: { readonly pid: number; readonly isOwn: boolean },
): void {
  const concurrency = worker?.concurrency ?? 0;
  if (fault !== null) warnBeside(context, [fault.message, fault.hint].filter(Boolean).join(' '));
  if (type === 'rabbitmq') warnBeside(context, OVER_RABBIT);
  print(context, { started: isOwn, pid, type, name, concurrency }, () =>
    isOwn
      ? `Messages of ${name} are run until Ctrl-C, ${concurrency} at once.`
      : `Messages of ${name} are run by process ${pid}, ${concurrency} at once.`,
  );
}

/** One message, and what became of it. */
async function workOnce(context: CliContext, flags: QueueFlags): Promise<ExitCode> {
  return withQueue(context, flags, async (client, which) => {
    const stopListening = context.interrupts.listen(() => {
      note(context, 'Closing; running steps get 10 s.');
      void client.abandon().finally(() => process.exit(EXIT.interrupted));
    });
    const message = await client.call('queue.takeOne', which).finally(stopListening);
    const { pause, name } = await client.call('queue.status', which);
    if (message === null && pause !== null)
      warn(context, `${name} is held back by ${pause.by}: 'aiworkflow queue resume' lets it go on.`);
    print(context, message === null ? { message: null } : messageJson(message), () => onceText(message));
    return message === null ? EXIT.ok : exitOf(message);
  });
}

function onceText(message: ShownMessage | null): string {
  if (message === null) return 'Nothing waits that may begin.';
  const { id, status, runId, error } = message;
  const why = error === null ? '' : `: ${error}`;
  return `Message ${id} of ${message.workflowId}: ${status}${runId === null ? '' : ` (run ${runId})`}${why}`;
}

const exitOf = ({ status }: ShownMessage): ExitCode =>
  status === 'completed' ? EXIT.ok : status === 'processing' ? EXIT.waiting : EXIT.error;
