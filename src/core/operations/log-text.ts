import { stripAnsi } from '../../shared/ansi.ts';
import type { OutputOf } from '../../shared/contract/index.ts';
import { createInstantText } from '../../shared/instant-text.ts';
import type { LogFilter, LogStore } from '../storage/index.ts';

/** Of a part: few answers for a long log, and the engine's thread is held for some 20 ms. */
const PART_LINES = 10_000;
const PART_CHARS = 4_000_000;
/** Read at once, so that lines of a megabyte do not stand in memory by the thousand. */
const READ_LINES = 500;

/**
 * A part of a log as the text of a file: instant, step and line, without control sequences. Ends behind `PART_LINES` lines or the line
 * with which it reaches `PART_CHARS`; `last` = number of its last line (0 = there is none), `isEnd` = no line follows. Errors as of `LogStore.read`.
 */
export function readLogText(
  logs: LogStore,
  runId: string,
  { from, ...narrowed }: Omit<LogFilter, 'limit'>,
): OutputOf<'runs.logText'> {
  const instantText = createInstantText();
  let text = '';
  let last = 0;
  for (let count = 0; count < PART_LINES; count += READ_LINES) {
    const { lines } = logs.read(runId, { from: Math.max(from, last + 1), limit: READ_LINES, ...narrowed });
    for (const { line, at, path, text: said } of lines) {
      text += `${instantText(at)} ${path} ${stripAnsi(said)}\n`;
      last = line;
      if (text.length > PART_CHARS) return { text, last, isEnd: false };
    }
    if (lines.length < READ_LINES) return { text, last, isEnd: true };
  }
  return { text, last, isEnd: false };
}
