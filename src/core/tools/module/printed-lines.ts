import { replyStart } from './protocol.ts';

type Stream = 'stdout' | 'stderr';

interface PrintedLog {
  readonly log: (stream: Stream, line: string) => void;
  readonly logOpen?: ((stream: Stream, text: string) => void) | undefined;
}

interface PrintedHooks {
  readonly onLine: (stream: Stream, line: string) => void;
  readonly onOpen: (stream: Stream, text: string) => void;
}

/**
 * Hands on what an adapter printed, and nothing of the answer, which comes over the same stream as its last line, in pieces where it is
 * long. What a process that the adapter left behind prints after the answer is dropped with it.
 */
export function printedLines(id: string, { log, logOpen }: PrintedLog): PrintedHooks {
  const start = replyStart(id);
  let hasAnswered = false;
  let emptyLines = 0;
  const onLine = (stream: Stream, line: string): void => {
    if (stream === 'stderr') {
      log(stream, line);
      return;
    }
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
  const onOpen = (stream: Stream, text: string): void => {
    if (stream === 'stderr' || (!hasAnswered && !text.startsWith(start))) logOpen?.(stream, text);
  };
  return { onLine, onOpen };
}
