import { expect, test } from 'vitest';
import { createMessageReader, MESSAGE_LIMIT_BYTES } from './message-reader.ts';

function reader() {
  const heard: string[] = [];
  const made = createMessageReader({
    onLine: (line) => heard.push(line.toString('utf8')),
    onTooLarge: (id) => heard.push(`too large ${id}`),
    onEndless: () => heard.push('endless'),
  });
  return { heard, push: (text: string | Buffer) => made.push(Buffer.from(text)) };
}

test('lines, however they are cut; empty ones are none; characters across chunks stay whole', () => {
  const { heard, push } = reader();
  const bytes = Buffer.from('{"a":"ä€😀"}\r\n\n  \n{"b":1}\nrest');
  for (const byte of bytes) push(Buffer.of(byte));
  push(' of it\n');
  expect(heard).toEqual(['{"a":"ä€😀"}\r', '{"b":1}', 'rest of it']);
});

test('exactly at the limit is a line, one byte more is not', () => {
  const { heard, push } = reader();
  push(`${'x'.repeat(MESSAGE_LIMIT_BYTES)}\n`);
  expect(heard.map((line) => line.length)).toEqual([MESSAGE_LIMIT_BYTES]);
  push(`${'x'.repeat(MESSAGE_LIMIT_BYTES)}y`);
  push('\nnext\n');
  expect(heard.slice(1)).toEqual(['too large null', 'next']);
});

test.each([
  ['{"jsonrpc":"2.0","id":17,"result":"', '"}', 17],
  ['{"result":"', '","jsonrpc":"2.0","id":18}', 18],
  ['{"result":"', '","id": 19 }  ', 19],
  ['{"result":"', '"}', null],
  ['{"jsonrpc":"2.0","id":"x","result":"', '"}', null],
])('which request a line that is thrown away answers: %s…%s', (head, tail, id) => {
  for (const size of [1000, 64 * 1024, 20 * 1024 * 1024]) {
    const { heard, push } = reader();
    const text = Buffer.from(`${head}${'x'.repeat(MESSAGE_LIMIT_BYTES)}${tail}\nafter\n`);
    for (let at = 0; at < text.length; at += size) push(text.subarray(at, at + size));
    expect(heard).toEqual([`too large ${id}`, 'after']);
  }
});

test('a line without an end is told once', () => {
  const { heard, push } = reader();
  const piece = 'x'.repeat(MESSAGE_LIMIT_BYTES);
  for (let count = 0; count < 13; count += 1) push(piece);
  expect(heard).toEqual(['endless']);
});
