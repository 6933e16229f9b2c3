import { addGroup, type CommandKit } from '../command-kit.ts';
import { listDeliveries, redeliver } from './webhook-deliveries.ts';
import { listWebhooks, startWebhooks, testWebhook } from './webhook-serving.ts';

/** `webhook list|start|test|deliveries|redeliver` (SPEC §13). */
export function addWebhook(kit: CommandKit): void {
  const group = addGroup(kit, 'webhook', 'Workflows that other programs start over HTTP');
  group
    .command('list')
    .description('List webhooks: where they listen, what they start, and why one does not')
    .action(kit.run(listWebhooks));
  group
    .command('start')
    .description('Listen for webhooks, here or in the app that holds the project')
    .option('-h, --host <name>', 'where to listen (default: as in aiworkflow.yaml, 127.0.0.1)')
    .option('-p, --port <number>', '0 takes any free port (default: as in aiworkflow.yaml, 8080)')
    .action(kit.run(startWebhooks));
  group
    .command('test')
    .description('Send a signed delivery to a webhook, as its sender would')
    .argument('<path>', 'path of the webhook')
    .option('-h, --host <name>', 'this computer', 'localhost')
    .option('-p, --port <number>', 'where it listens (default: as in aiworkflow.yaml, 8080)')
    .option('-d, --data <json>', 'the body, or @file', '{}')
    .option('--scheme <scheme>', 'github, generic, standard or slack (default: as the webhook is written)')
    .option('--event <name>', 'name of the event, such as pull_request')
    .action(kit.run(testWebhook));
  group
    .command('deliveries')
    .description('List what came, newest first, and what became of it')
    .option('--state <state>', 'only those that are received, started, ignored, rejected, duplicate or failed')
    .option('--limit <count>', 'at most so many', '100')
    .action(kit.run(listDeliveries));
  group
    .command('redeliver')
    .description('Play a delivery once more')
    .argument('<id>', 'id of the delivery')
    .action(kit.run(redeliver));
}
