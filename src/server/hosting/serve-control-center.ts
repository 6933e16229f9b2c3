import type { MessagePort } from 'node:worker_threads';
import { appLog } from '../../core/app-log/index.ts';
import type { ControlCenter, ControlCenterOptions } from '../../core/control-center.ts';
import type { KeySealer } from '../../core/governance/index.ts';
import type { WebhookReply, WebhookRequest } from '../../core/triggers/index.ts';
import { toErrorRecord } from '../../shared/errors.ts';
import { answerCall } from '../call-envelope.ts';
import { askingSealer } from './hosted-sealer.ts';
import { unpackDeliveries } from './packed-deliveries.ts';
import { TurnBatch } from './turn-batch.ts';
import type { HostMessage, Numbered, WorkerMessage } from './worker-messages.ts';

/** Opens a control center; the worker of the product passes `openControlCenter`, a test its own. `sealer` is that of the host. */
export type OpenControlCenter = (options: ControlCenterOptions, sealer: KeySealer) => Promise<ControlCenter>;

/** Worker side of `hostControlCenter`: opens the control center and answers the host over `port` until it says `close`. */
export async function serveControlCenter(
  port: MessagePort,
  options: ControlCenterOptions,
  open: OpenControlCenter,
): Promise<void> {
  const tell = (message: WorkerMessage): void => port.postMessage(message);
  let center: ControlCenter;
  try {
    center = await open(options, askingSealer(port, tell));
  } catch (thrown) {
    logUnexpected(thrown);
    tell({ kind: 'refused', error: toErrorRecord(thrown) });
    return;
  }
  const unsubscribe = center.subscribe((batch) => tell({ kind: 'batch', batch, projectPath: center.project().path }));
  const leaveNotices = center.onNotice((notice) => tell({ kind: 'notice', notice }));
  const stopListening = center.webhooks.follow((place) => tell({ kind: 'listen', place }));
  const replies = new TurnBatch<Numbered<WebhookReply>>((together) =>
    tell({ kind: 'replies', replies: JSON.stringify(together) }),
  );
  const takeIn = async ({ id, value }: Numbered<WebhookRequest>): Promise<void> =>
    replies.add({ id, value: await center.webhooks.receive(value) });
  port.on('message', (message: HostMessage) => {
    if (message.kind === 'call') void answer(center, message, tell);
    else if (message.kind === 'deliveries')
      for (const request of unpackDeliveries(message.packed)) void takeIn(request);
    else if (message.kind === 'listening') center.webhooks.report(message.state, message.of);
    else if (message.kind === 'woke') center.woke();
    else if (message.kind === 'close') void close(message.quitBy);
  });
  tell({ kind: 'ready', projectPath: center.project().path });

  const close = async (quitBy: string | undefined): Promise<void> => {
    await center.close(quitBy).catch(logUnexpected);
    unsubscribe();
    leaveNotices();
    stopListening();
    tell({ kind: 'closed' });
    port.close();
  };
}

async function answer(
  center: ControlCenter,
  call: Extract<HostMessage, { kind: 'call' }>,
  tell: (message: WorkerMessage) => void,
): Promise<void> {
  const { id } = call;
  const answered = await answerCall(center, call, call.caller);
  try {
    tell({ kind: 'answer', id, answer: answered });
  } catch (uncloneable) {
    logUnexpected(uncloneable);
    tell({ kind: 'answer', id, answer: { ok: false, error: toErrorRecord(uncloneable) } });
  }
}

/** The text of a bug is kept in the log of the app. */
function logUnexpected(thrown: unknown): void {
  if (toErrorRecord(thrown).code === 'internal.bug') appLog.error('internal error', thrown);
}
