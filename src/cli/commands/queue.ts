import { addGroup, type CommandKit, repeated } from '../command-kit.ts';
import { pauseQueue, publishToQueue, purgeQueue, requeueDead, resumeQueue } from './queue-acting.ts';
import { listDead, listQueue, queueStatus } from './queue-reading.ts';
import { workOnQueue } from './queue-serving.ts';

type Group = ReturnType<typeof addGroup>;

/** Adds the options that say which queue is meant. */
const addWhich = (command: Group): Group =>
  command
    .option('-t, --type <type>', 'local, memory, redis or rabbitmq (default: as in aiworkflow.yaml, local)')
    .option(
      '--redis-url <url>',
      'type redis: where it is (default: queue.redis_url, REDIS_URL, redis://localhost:6379)',
    )
    .option(
      '--rabbitmq-url <url>',
      'type rabbitmq: where it is (default: queue.rabbitmq_url, RABBITMQ_URL, this computer)',
    )
    .option('--queue <name>', 'name of the queue (default: that of aiworkflow.yaml, aiworkflow-default)');

/** `queue status|publish|worker|pause|resume|purge|list|dead` (SPEC §13). */
export function addQueue(kit: CommandKit): void {
  const group = addGroup(kit, 'queue', 'Workflows that wait for their turn, and who runs them');
  addWhich(group.command('status').description('Show how many messages wait, are at work and are dead')).action(
    kit.run(queueStatus),
  );
  addWhich(
    group
      .command('publish')
      .description('Send a message: a worker runs the workflow when its turn comes')
      .argument('<workflow>', 'id, file or bundle folder')
      .option('-p, --priority <priority>', 'low, normal, high or critical', 'normal')
      .addOption(repeated('-i, --input <key=value>', 'an input; key=@file reads a file, key:=JSON is JSON'))
      .option('--delay <duration>', 'not before then, such as 30s, 5m, 1h'),
  ).action(kit.run(publishToQueue));
  addWhich(
    group
      .command('worker')
      .description('Run what waits, here or in the app that holds the project')
      .option('-c, --concurrency <count>', 'so many runs at once (default: as in aiworkflow.yaml, 1)')
      .option('--grace <duration>', 'so long runs may go on when the worker is stopped', '30s')
      .option('--once', 'take one message, wait for its run and end'),
  ).action(kit.run(workOnQueue));
  addWhich(
    group.command('pause').description('Hold the queue back: nobody takes its messages, what is at work goes on'),
  ).action(kit.run(pauseQueue));
  addWhich(group.command('resume').description('Let a queue that is held back go on')).action(kit.run(resumeQueue));
  addWhich(
    group
      .command('purge')
      .description('Remove the messages that wait')
      .option('--all', 'also dead letters and what is done; what is at work stays')
      .option('-y, --yes', 'really'),
  ).action(kit.run(purgeQueue));
  addWhich(
    group
      .command('list')
      .description('List messages: those that wait in their turn, each with the reason, then the others')
      .option('--limit <count>', 'at most so many', '100'),
  ).action(kit.run(listQueue));
  const dead = group.command('dead').description('What no worker tries again').usage('COMMAND [options]');
  addWhich(
    dead
      .command('list')
      .description('List dead letters with their reasons')
      .option('--limit <count>', 'at most so many', '100'),
  ).action(kit.run(listDead));
  addWhich(
    dead
      .command('requeue')
      .description('Send a dead letter once more, with full attempts')
      .argument('<id>', 'id of the message, or its beginning')
      .addOption(
        repeated('-i, --input <key=value>', 'another value of an input; key=@file and key:=JSON as in publish'),
      ),
  ).action(kit.run(requeueDead));
}
