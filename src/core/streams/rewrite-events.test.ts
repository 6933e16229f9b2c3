import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSseReader } from './event-readers.ts';
import { createEventRewriter } from './rewrite-events.ts';

const LIMIT = { maxBytes: 1000, tooLong: () => new Error('too long') };

test('data is replaced, ids and names stay, wherever the bytes are cut', () => {
  const text =
    '\uFEFFid: 1\r\nevent: message\r\ndata: ä\r\ndata: b\r\n\r\n: wait\n\nretry: 5\n\ndata:drop\nid: 2\n\ndata:two\n\ndata: cut';
  const expected = 'id: 1\nevent: message\ndata: [ä\\nb]\n\nretry: 5\n\nid: 2\n\ndata: [two]\n\ndata: [two] again\n\n';
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), (sizes) => {
      const rewriter = createEventRewriter(LIMIT, (data) => {
        const shown = `[${data.toString('utf8').replaceAll('\n', '\\n')}]`;
        return shown === '[drop]' ? [] : shown === '[two]' ? [shown, `${shown} again`] : [shown];
      });
      const bytes = Buffer.from(text);
      let written = '';
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        written += rewriter.push(bytes.subarray(at, at + size)).toString('utf8');
        at += size;
      }
      expect(written).toBe(expected);
      expect(rewriter.hasIds()).toBe(true);
    }),
  );
});

test('what it writes is what a reader reads', () => {
  const rewriter = createEventRewriter(LIMIT, (data) => [data.toString('utf8')]);
  const reader = createSseReader(LIMIT);
  expect(reader.push(rewriter.push(Buffer.from('data: a\n\ndata\n\ndata: {"x": 1}\r\n\r\n')))).toEqual([
    'a',
    '',
    '{"x": 1}',
  ]);
  expect(rewriter.hasIds()).toBe(false);
});

test('an event that is too long is refused, in one line or in many', () => {
  const make = () => createEventRewriter({ ...LIMIT, maxBytes: 50 }, () => []);
  expect(() => make().push(Buffer.from(`data: ${'x'.repeat(60)}`))).toThrow('too long');
  expect(() => make().push(Buffer.from('data: 12345678901234567890\n'.repeat(3)))).toThrow('too long');
});
