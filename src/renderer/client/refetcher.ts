/**
 * Runs a fetch at once, and again once after it when asked meanwhile: many live events cost two fetches, and the last
 * answer is never older than the last event.
 */
export function createRefetcher(fetchOnce: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let isDue = false;
  const loop = async (): Promise<void> => {
    do {
      isDue = false;
      await fetchOnce();
    } while (isDue);
  };
  return () => {
    if (running !== null) {
      isDue = true;
      return running;
    }
    running = loop().finally(() => {
      running = null;
    });
    return running;
  };
}
