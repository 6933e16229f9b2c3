import { DELIVERY_STATES, type DeliveryState, type DeliverySummary } from '../../shared/model/trigger.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { table } from '../text/table.ts';
import { isoTime, localTime } from '../text/time-text.ts';
import { integerOption } from '../values/option-values.ts';

interface DeliveryFlags {
  readonly state?: string;
  readonly limit: string;
}

/** `webhook deliveries`. */
export async function listDeliveries(context: CliContext, flags: DeliveryFlags): Promise<ExitCode> {
  const limit = integerOption('--limit', flags.limit, { min: 1, max: 1000 });
  const states = flags.state === undefined ? {} : { states: [stateOf(flags.state)] };
  const { deliveries, counts } = await withClient(context, (client) =>
    client.call('deliveries.list', { kind: 'webhook', limit, ...states }),
  );
  print(context, { deliveries: deliveries.map(deliveryJson), counts }, () => deliveriesText(deliveries));
  return EXIT.ok;
}

function stateOf(text: string): DeliveryState {
  const state = DELIVERY_STATES.find((known) => known === text);
  if (state !== undefined) return state;
  throw usageError(`'${text}' is no state of a delivery`, `Use one of ${DELIVERY_STATES.join(', ')}.`);
}

function deliveriesText(deliveries: readonly DeliverySummary[]): string {
  if (deliveries.length === 0) return 'Nothing came yet.';
  return table(
    ['ID', 'RECEIVED', 'PATH', 'EVENT', 'STATE', 'WHY'],
    deliveries.map((one) => [
      one.id,
      localTime(one.receivedAt),
      one.endpoint,
      `${one.event} ${one.title}`.trim(),
      one.state,
      one.reason ?? one.runId ?? '',
    ]),
  );
}

/** A delivery in the words of SPEC §7.3. */
export const deliveryJson = (one: DeliverySummary): Readonly<Record<string, unknown>> => ({
  id: one.id,
  endpoint: one.endpoint,
  received_at: isoTime(one.receivedAt),
  source_ip: one.sourceIp,
  method: one.method,
  event: one.event,
  title: one.title,
  state: one.state,
  reason: one.reason,
  signature: one.verdict,
  run_id: one.runId,
  body_bytes: one.bodyBytes,
  body_hash: one.bodyHash,
});

/** `webhook redeliver ID`: exit code 1 when it starts nothing. */
export async function redeliver(context: CliContext, id: string): Promise<ExitCode> {
  if (!/^[0-9a-f]{32}$/.test(id))
    throw usageError(`'${id}' is not the id of a delivery`, "See 'aiworkflow webhook deliveries'.");
  const again = await withClient(context, (client) => client.call('deliveries.redeliver', { id }));
  print(context, deliveryJson(again), () =>
    again.state === 'started' ? `Started run ${again.runId}.` : `It started nothing: ${again.reason ?? again.state}`,
  );
  return again.state === 'started' ? EXIT.ok : EXIT.error;
}
