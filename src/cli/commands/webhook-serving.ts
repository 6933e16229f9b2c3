import type { InputOf, WebhookEndpoint, WebhookList } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { holdProject, untilStopped } from '../live/hold-project.ts';
import { print, warn } from '../print.ts';
import { usageError } from '../report-error.ts';
import { table } from '../text/table.ts';
import { isoTime } from '../text/time-text.ts';
import { integerOption } from '../values/option-values.ts';

/** `webhook list`. */
export async function listWebhooks(context: CliContext): Promise<ExitCode> {
  const list = await withClient(context, (client) => client.call('webhooks.list', {}));
  for (const { warnings, id } of list.endpoints) for (const warning of warnings) warn(context, `${id}: ${warning}`);
  print(context, listJson(list), () => listText(list));
  return EXIT.ok;
}

const listJson = ({ endpoints, listening }: WebhookList): unknown => ({
  webhooks: endpoints.map(endpointJson),
  count: endpoints.length,
  url: listening?.kind === 'listening' ? listening.url : null,
  ...(listening?.kind === 'failed' ? { error: listening.message } : {}),
});

/** A webhook in the words of SPEC §7.3. */
const endpointJson = (one: WebhookEndpoint): unknown => ({
  id: one.id,
  path: one.path,
  workflow_id: one.workflowId,
  scheme: one.scheme,
  methods: one.methods,
  events: one.events,
  secret: one.secrets,
  insecure: one.isInsecure,
  enabled: one.status === 'armed',
  description: one.description,
  status: one.isFailing ? 'failing' : one.status,
  reason: one.reason,
  warnings: one.warnings,
  url: one.url,
  created_at: isoTime(one.createdAt),
  last_triggered: isoTime(one.lastTriggeredAt),
  trigger_count: one.triggerCount,
});

function listText({ endpoints, listening }: WebhookList): string {
  if (endpoints.length === 0) return 'No workflow here has a webhook.';
  const rows = table(
    ['PATH', 'WORKFLOW', 'SIGNED', 'STATUS', 'STARTS', 'WHY'],
    endpoints.map((one) => [
      one.path,
      one.workflowId,
      one.isInsecure && one.secrets.length === 0 ? 'no' : one.scheme,
      one.isFailing ? 'failing' : one.status,
      grouped(one.triggerCount),
      one.reason ?? '',
    ]),
  );
  const where =
    listening === null
      ? "Nobody listens: 'aiworkflow webhook start' does."
      : listening.kind === 'listening'
        ? `Listening at ${listening.url}.`
        : listening.message;
  return `${rows}${where}`;
}

interface StartFlags {
  readonly host?: string;
  readonly port?: string;
}

/** `webhook start`: asks whoever holds the project to listen, else holds it in this process until Ctrl-C. */
export async function startWebhooks(context: CliContext, flags: StartFlags): Promise<ExitCode> {
  const port = flags.port === undefined ? {} : { port: integerOption('--port', flags.port, { min: 0, max: 65_535 }) };
  const place = { ...(flags.host === undefined ? {} : { host: flags.host }), ...port };
  const holding = await holdProject(context);
  let quitBy: string | undefined;
  try {
    sayListening(context, await holding.call('webhooks.listen', place), holding.pid);
    if (holding.isOwn) quitBy = await untilStopped(context, holding);
    return EXIT.ok;
  } finally {
    await holding.leave(quitBy);
  }
}

/** Where it listens now. Throws what stands in the way: nothing armed, the port in use. */
function sayListening(context: CliContext, { listening, endpoints }: WebhookList, pid: number): void {
  if (listening === null)
    throw new AppError('trigger.not_armed', 'No webhook can be served, so no port was opened.', {
      hint:
        endpoints[0] === undefined
          ? 'Write a webhook trigger into a workflow.'
          : `${endpoints[0].id}: ${endpoints[0].reason ?? 'it is not armed'}`,
    });
  if (listening.kind === 'failed') throw new AppError('trigger.port_in_use', listening.message);
  const open = endpoints.filter(({ url }) => url !== null);
  print(context, { url: listening.url, pid, webhooks: open.map(endpointJson) }, () =>
    [
      `Listening at ${listening.url} (process ${pid})`,
      ...open.map((one) => `  ${one.methods.join(', ')} ${one.url}  starts ${one.workflowId}`),
    ].join('\n'),
  );
}

interface TestFlags {
  readonly host: string;
  readonly port?: string;
  readonly data: string;
  readonly scheme?: string;
  readonly event?: string;
}

const SCHEMES = ['github', 'generic', 'standard', 'slack'] as const;

/** `webhook test PATH`: exit code 1 for an HTTP error. */
export async function testWebhook(context: CliContext, path: string, flags: TestFlags): Promise<ExitCode> {
  const input: InputOf<'webhooks.test'> = {
    path,
    body: await bodyOf(flags.data, context.cwd),
    host: flags.host,
    ...(flags.port === undefined ? {} : { port: integerOption('--port', flags.port, { min: 1, max: 65_535 }) }),
    ...(flags.scheme === undefined ? {} : { scheme: schemeOf(flags.scheme) }),
    ...(flags.event === undefined ? {} : { event: flags.event }),
  };
  const { status, body } = await withClient(context, (client) => client.call('webhooks.test', input));
  print(context, { status, response: parsed(body) }, () => `${status} ${body}`);
  return status < 400 ? EXIT.ok : EXIT.error;
}

function schemeOf(text: string): (typeof SCHEMES)[number] {
  const scheme = SCHEMES.find((known) => known === text);
  if (scheme !== undefined) return scheme;
  throw usageError(`Unknown scheme '${text}'`, `Use one of ${SCHEMES.join(', ')}.`);
}

/** The text as it is, or what a file holds: what is signed is what is sent. */
async function bodyOf(data: string, cwd: string): Promise<string> {
  if (!data.startsWith('@')) return data;
  const { readFile } = await import('node:fs/promises');
  const { resolve } = await import('node:path');
  const file = resolve(cwd, data.slice(1));
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('file.not_found', `File not found: ${data.slice(1)}`, { cause });
  });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
