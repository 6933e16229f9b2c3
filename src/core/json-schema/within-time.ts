import { type Context, createContext, Script } from 'node:vm';

/** What takes longer does not belong where everything else waits for it. */
const MAX_MS = 400;
/**
 * The one text that is run here: it is ours. Only the time limit of such a run is wanted, for nothing else can end synchronous
 * work.
 */
const CALL = new Script('work()');
const NOTHING = (): undefined => undefined;
const place: { work: () => unknown } = { work: NOTHING };
let context: Context | null = null;

/** Ends synchronous work that takes more than a moment, also inside a regular expression; throws then. */
export function withinTime<T>(work: () => T): T {
  // One for all: making a context takes longer than most work in it.
  context ??= createContext(place);
  place.work = work;
  try {
    return CALL.runInContext(context, { timeout: MAX_MS }) as T;
  } finally {
    // What was looked at may be large, and is not held until the next one comes.
    place.work = NOTHING;
  }
}

/** Whether this is what `withinTime` throws when the time is over. It comes from the other context and is no `Error` of this one. */
export function isOutOfTime(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
