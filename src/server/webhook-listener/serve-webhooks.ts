import type { ListenPlace, WebhookIntake } from '../../core/triggers/index.ts';
import { toErrorRecord } from '../../shared/errors.ts';
import type { WebhookListener } from './webhook-listener.ts';

/** How soon a place that could not be had is tried again: whoever had it may be gone. */
const TRY_AGAIN_MS = 15_000;

/** Listens wherever the control center wants it to, and says what became of it, until it is closed. */
export function serveWebhooks(webhooks: WebhookIntake): { close(): Promise<void> } {
  let listener: WebhookListener | null = null;
  let isClosed = false;
  let again: NodeJS.Timeout | undefined;
  const move = async (place: ListenPlace | null): Promise<void> => {
    clearTimeout(again);
    await listener?.close();
    listener = null;
    if (place === null) return webhooks.report(null, null);
    try {
      // Read where somebody wants to be listened to: it brings half of the engine along.
      const { startWebhookListener } = await import('./webhook-listener.ts');
      listener = await startWebhookListener({ ...place, receive: (request) => webhooks.receive(request) });
      webhooks.report({ kind: 'listening', url: listener.url }, place);
    } catch (error) {
      const { message, hint } = toErrorRecord(error);
      webhooks.report({ kind: 'failed', message: hint === undefined ? message : `${message} ${hint}` }, place);
      again = setTimeout(() => queue(place), TRY_AGAIN_MS).unref();
    }
  };
  // One move after the other: the last wish stands in the end.
  let moving: Promise<void> = Promise.resolve();
  const queue = (place: ListenPlace | null): void => {
    if (!isClosed) moving = moving.then(() => move(place));
  };
  const stop = webhooks.follow(queue);
  return {
    close: async () => {
      isClosed = true;
      stop();
      await moving;
      clearTimeout(again);
      await listener?.close();
      listener = null;
    },
  };
}
