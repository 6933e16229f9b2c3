import { Worker } from 'node:worker_threads';
import type { Json, JsonMap } from '../../shared/json.ts';
import { systemClock } from '../time/index.ts';
import type { SchemaRules } from './schema-rules.ts';
import type { SchemaVerdict } from './schema-verdict.ts';

/** One check that took too long where everything else waits for it. */
export interface SlowCheck {
  readonly schema: JsonMap;
  readonly value: Json;
  readonly rules: SchemaRules;
}

/** What the thread says: that it begins, that the value is invalid (it looks for all that is wrong now), and what came of it. */
export type ThreadMessage =
  | { readonly kind: 'begins' }
  | { readonly kind: 'found' | 'done'; readonly verdict: SchemaVerdict };

/** There are small schemas that never end, and small patterns in them. */
const MOST_MS = 3_000;
const MOST_MEGABYTES = 256;

let last: Promise<unknown> = Promise.resolve();

/**
 * Holds a value against a schema in a thread of its own, which is ended when its time is over; null = nothing was found out until then.
 * One after the other: no number of them takes more than one core.
 */
export function checkApart(check: SlowCheck): Promise<SchemaVerdict | null> {
  const verdict = last.then(() => runThread(check));
  last = verdict.catch(() => undefined);
  return verdict;
}

async function runThread(check: SlowCheck): Promise<SchemaVerdict | null> {
  const limits = { maxOldGenerationSizeMb: MOST_MEGABYTES };
  const thread = new Worker(entry(), { workerData: check, execArgv: [], resourceLimits: limits });
  let stopTimer = (): void => undefined;
  try {
    return await new Promise<SchemaVerdict | null>((resolve) => {
      let found: SchemaVerdict | null = null;
      // Out of memory, or ended: both say that it was too much.
      for (const end of ['error', 'exit']) thread.once(end, () => resolve(found));
      thread.on('message', (message: ThreadMessage) => {
        if (message.kind === 'begins') stopTimer = systemClock.setTimer(MOST_MS, () => resolve(found));
        else if (message.kind === 'found') found = message.verdict;
        else resolve(message.verdict);
      });
    });
  } finally {
    stopTimer();
    await thread.terminate();
  }
}

/** Beside this file, where it runs from source and where it was built to. */
function entry(): URL {
  return new URL(`./schema-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
}
