/** What is asked about a text; null = the question could not be answered. */
type Ask<T> = (text: string) => Promise<T | null>;

/**
 * Asks about a text that changes: one question at a time, and an answer about a text that is another one by now is dropped and asked for
 * again.
 */
export function createChecker<T>(
  ask: Ask<T>,
  onAnswer: (answer: T) => void,
): { check(text: string): void; stop(): void } {
  let wanted: string | null = null;
  let isAsking = false;
  let isStopped = false;
  const next = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    while (wanted !== null && !isStopped) {
      const text: string = wanted;
      const answer = await ask(text).catch(() => null);
      if (wanted !== text) continue;
      wanted = null;
      if (answer !== null && !isStopped) onAnswer(answer);
    }
    isAsking = false;
  };
  return {
    check(text) {
      wanted = text;
      void next();
    },
    stop() {
      isStopped = true;
    },
  };
}
