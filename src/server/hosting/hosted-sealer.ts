import type { MessagePort } from 'node:worker_threads';
import type { KeySealer } from '../../core/governance/index.ts';
import type { WireAnswer } from '../../shared/contract/index.ts';
import { AppError, toErrorRecord } from '../../shared/errors.ts';
import type { HostMessage, SealerQuestion, WorkerMessage } from './worker-messages.ts';

/** The sealer of the host, as the worker has it: each question goes to the host's own thread, where Electron's is. */
export function askingSealer(port: Pick<MessagePort, 'on'>, tell: (message: WorkerMessage) => void): KeySealer {
  const waiting = new Map<number, (answer: WireAnswer) => void>();
  let lastId = 0;
  port.on('message', (message: HostMessage) => {
    if (message.kind !== 'sealer') return;
    waiting.get(message.id)?.(message.answer);
    waiting.delete(message.id);
  });
  const ask = async (question: SealerQuestion): Promise<unknown> => {
    lastId += 1;
    const id = lastId;
    const answer = await new Promise<WireAnswer>((resolve) => {
      waiting.set(id, resolve);
      tell({ kind: 'sealer', id, question });
    });
    if (answer.ok) return answer.value;
    throw AppError.fromRecord(answer.error);
  };
  return {
    isThere: async () => (await ask({ what: 'isThere' })) === true,
    seal: async (text) => String(await ask({ what: 'seal', text })),
    open: async (text) => String(await ask({ what: 'open', text })),
  };
}

/** What the host answers. */
export async function answerSealer(sealer: KeySealer, question: SealerQuestion): Promise<WireAnswer> {
  try {
    const value = question.what === 'isThere' ? await sealer.isThere() : await sealer[question.what](question.text);
    return { ok: true, value };
  } catch (thrown) {
    return { ok: false, error: toErrorRecord(thrown) };
  }
}
