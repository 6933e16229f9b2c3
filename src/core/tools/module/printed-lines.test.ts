import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter } from '../../streams/index.ts';
import { printedLines } from './printed-lines.ts';
import { replyStart } from './protocol.ts';

const ID = 'a1b2';
const reply = (result: string): string => `\n${replyStart(ID)}"result":${JSON.stringify(result)}}\n`;

/** What of a stream becomes log. */
function logOf(stdout: string): readonly string[] {
  const lines: string[] = [];
  const { onLine: take } = printedLines(ID, { log: (_stream, line) => lines.push(line) });
  const splitter = createLineSplitter();
  for (const line of [...splitter.push(Buffer.from(stdout)), ...splitter.end()]) take('stdout', line);
  return lines;
}

describe('printedLines', () => {
  it('leaves out the answer and the line end before it', () => {
    expect(logOf(`one\n\ntwo\n${reply('x')}`)).toEqual(['one', '', 'two']);
    expect(logOf(`no end${reply('x')}after\n`)).toEqual(['no end']);
    expect(logOf(reply('x'))).toEqual([]);
  });

  it('keeps what only looks like an answer', () => {
    const forged = '{"jsonrpc":"2.0","id":"other","result":1}';
    expect(logOf(`${forged}\n${reply('x')}`)).toEqual([forged]);
  });

  it('hands stderr on as it comes', () => {
    const lines: string[] = [];
    const { onLine: take } = printedLines(ID, { log: (stream, line) => lines.push(`${stream}:${line}`) });
    take('stderr', '');
    take('stderr', `${replyStart(ID)}`);
    expect(lines).toEqual(['stderr:', `stderr:${replyStart(ID)}`]);
  });

  it('leaves out an answer of any length, also in pieces', () => {
    const length = fc.oneof(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 65_400, max: 65_600 }));
    fc.assert(
      fc.property(length, fc.constantFrom('x', 'ü', '😀'), (count, letter) => {
        expect(logOf(`before\n${reply(letter.repeat(count))}after\n`)).toEqual(['before']);
      }),
      { numRuns: 60 },
    );
  });
});
