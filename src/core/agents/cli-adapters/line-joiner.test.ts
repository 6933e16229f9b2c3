import { describe, expect, it } from 'vitest';
import { createLineSplitter, MAX_LINE_CHARS } from '../../streams/index.ts';
import { joinLines } from './ask-process.ts';
import { parseEvent } from './json-lines.ts';

/** What comes out when an output goes through the helper's splitter and is joined again. */
function joined(...lines: readonly string[]): readonly string[] {
  const seen: string[] = [];
  const feed = joinLines(
    (line) => seen.push(line),
    (text) => parseEvent(text) !== null,
  );
  const splitter = createLineSplitter();
  for (const piece of splitter.push(Buffer.from(`${lines.join('\n')}\n`))) feed(piece);
  return seen;
}

const event = (chars: number): string => JSON.stringify({ text: 'x'.repeat(chars - '{"text":""}'.length) });

describe('joinLines', () => {
  it('hands short lines on as they are', () => expect(joined('{"a":1}', '', 'text')).toEqual(['{"a":1}', '', 'text']));

  it.each([1, -1, 0, 100_000, 3 * MAX_LINE_CHARS])('joins a line that is %i characters longer than a piece', (more) => {
    const long = event(MAX_LINE_CHARS + more);
    expect(joined('{"a":1}', long, '{"b":2}')).toEqual(['{"a":1}', long, '{"b":2}']);
  });

  it('keeps letters whole that two pieces share', () => {
    const long = JSON.stringify({ text: `${'x'.repeat(MAX_LINE_CHARS - 10)}🙂 end` });
    expect(joined(long)).toEqual([long]);
  });

  it('drops a line without end and goes on after it', () =>
    expect(joined('y'.repeat(9 * 1024 * 1024 + 1), '{"b":2}')).toEqual(['{"b":2}']));
});
