import type { AnsiSpan } from '../../../shared/ansi.ts';

export interface LogPiece extends AnsiSpan {
  readonly hit: boolean;
}

/** Lower case that never changes the length, so that a position in the folded text is one in the text. */
const fold = (text: string): string => {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from({ length: text.length }, (_, at) => {
    const char = text.charAt(at).toLowerCase();
    return char.length === 1 ? char : text.charAt(at);
  }).join('');
};

/** Splits styled pieces where the searched text begins and ends, also across pieces. Any case. */
export function highlightSpans(spans: readonly AnsiSpan[], query: string): readonly LogPiece[] {
  if (query === '') return spans.map((span) => ({ ...span, hit: false }));
  const whole = fold(spans.map((span) => span.text).join(''));
  const needle = fold(query);
  const marks: number[] = [];
  for (let at = whole.indexOf(needle); at >= 0; at = whole.indexOf(needle, at + needle.length)) {
    marks.push(at, at + needle.length);
  }
  const pieces: LogPiece[] = [];
  let start = 0;
  let next = 0;
  for (const span of spans) {
    const end = start + span.text.length;
    let from = start;
    while (from < end) {
      while (next < marks.length && (marks[next] ?? 0) <= from) next += 1;
      const until = Math.min(end, marks[next] ?? end);
      pieces.push({ ...span, text: span.text.slice(from - start, until - start), hit: next % 2 === 1 });
      from = until;
    }
    start = end;
  }
  return pieces;
}
