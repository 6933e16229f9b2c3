import { replyStart } from './protocol.ts';

/**
 * Hands on what an adapter printed, and nothing of the answer, which comes over the same stream as its last line, in pieces where it is
 * long. What a process that the adapter left behind prints after the answer is dropped with it.
 */
export function printedLines(
  id: string,
  log: (stream: 'stdout' | 'stderr', line: string) => void,
): (stream: 'stdout' | 'stderr', line: string) => void {
  const start = replyStart(id);
  let hasAnswered = false;
  let emptyLines = 0;
  return (stream, line) => {
    if (stream === 'stderr') return log(stream, line);
    if (hasAnswered) return;
    if (line === '') {
      emptyLines += 1;
      return;
    }
    hasAnswered = line.startsWith(start);
    // The answer begins a line of its own; where it had to break one off, no empty line was meant.
    for (; emptyLines > (hasAnswered ? 1 : 0); emptyLines -= 1) log(stream, '');
    emptyLines = 0;
    if (!hasAnswered) log(stream, line);
  };
}
