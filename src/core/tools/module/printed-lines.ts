import { MAX_LINE_CHARS } from '../../processes/index.ts';
import { replyStart } from './protocol.ts';

/** Hands on what an adapter printed, and nothing of the answer, which comes over the same stream in lines or pieces of one. */
export function printedLines(
  id: string,
  log: (stream: 'stdout' | 'stderr', line: string) => void,
): (stream: 'stdout' | 'stderr', line: string) => void {
  const start = replyStart(id);
  let isReply = false;
  let emptyLines = 0;
  return (stream, line) => {
    if (stream === 'stderr') return log(stream, line);
    const isPiece = isReply;
    // A piece is cut one character earlier where a pair of units would be torn apart.
    isReply = (isReply || line.startsWith(start)) && line.length >= MAX_LINE_CHARS - 1;
    if (isPiece) return;
    if (line === '') {
      emptyLines += 1;
      return;
    }
    const isStart = line.startsWith(start);
    // The answer begins a line of its own; where it had to break one off, no empty line was meant.
    for (; emptyLines > (isStart ? 1 : 0); emptyLines -= 1) log(stream, '');
    emptyLines = 0;
    if (!isStart) log(stream, line);
  };
}
