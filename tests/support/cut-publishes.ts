import { setTimeout as delay } from 'node:timers/promises';
import type { QueueBackend, QueueRules } from '../../src/core/queue/index.ts';
import type { NewMessage } from '../../src/core/storage/index.ts';
import type { CutProxy } from './cut-proxy.ts';
import { waitUntil } from './wait-until.ts';

const AT_ONCE = 25;

/** What the settings say of a queue where they say nothing. */
export const QUEUE_RULES: QueueRules = {
  ...{ maxSize: 0, messageTtlMs: 86_400_000, deadLetterQueue: null, retryDelayMs: 5_000 },
  visibilityTimeoutMs: 300_000,
};

/** A message without inputs, as it is sent. */
export const plainMessage = (id: string, more: Partial<NewMessage> = {}): NewMessage => ({
  ...{ id, workflowId: 'flow', workflowPath: null, versionHash: null, payload: {}, priority: 'normal' },
  ...{ createdAt: Date.now(), maxAttempts: 3, notBefore: null, dedupeKey: null, metadata: {} },
  actor: { kind: 'user', id: 'ana', door: 'cli' },
  ...more,
});

/**
 * Sends messages, many at once, over a connection that is cut in between; what was not confirmed is sent again. Gives what was sent, what
 * could be claimed and ended after it, and how sending has failed.
 */
export async function publishOverCuts(
  queue: QueueBackend,
  proxy: CutProxy,
  { messages, everyMessages }: { readonly messages: number; readonly everyMessages: number },
): Promise<{
  readonly sent: readonly string[];
  readonly claimed: readonly string[];
  readonly faults: readonly string[];
}> {
  const sent = Array.from({ length: messages }, (_, at) => `message-${String(at).padStart(4, '0')}`);
  const left = sent.toReversed();
  const faults = new Set<string>();
  let confirmed = 0;
  const send = async (id: string): Promise<void> => {
    for (;;) {
      try {
        await queue.publish(plainMessage(id));
        confirmed += 1;
        if (confirmed % everyMessages === 0 && confirmed < messages) proxy.cut();
        return;
      } catch (error) {
        const { code = 'no code', message } = error as Error & { code?: string };
        faults.add(code === 'queue.unreachable' ? code : `${code}: ${message}`);
        await delay(20);
      }
    }
  };
  const sender = async (): Promise<void> => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) await send(id);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  // What is on its way again after the last cut is there when the server answers.
  await waitUntil('the queue to answer', async () => (await queue.counts().catch(() => null)) !== null);
  return { sent, claimed: await drainQueue(queue), faults: [...faults] };
}

/** Claims and ends all that may begin; gives their ids in order. */
export async function drainQueue(queue: QueueBackend): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let claim = await queue.claim(); claim !== null; claim = await queue.claim()) {
    if (!(await queue.ack(claim, 'r'))) throw new Error(`${claim.message.id} was lost as it was ended`);
    ids.push(claim.message.id);
  }
  return ids;
}
