/** Does work of which one may be under way at a time, in the order in which it came; a piece that fails holds no later one up. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** Turns of their own, of which nothing is under way. What the work rejects with is its caller's. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
