import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNdjsonReader, createSseReader, type EventReader } from './event-readers.ts';

const LIMIT = { maxBytes: 1_000_000, tooLong: () => new Error('too long') };

/** All events of a text whose bytes come in pieces of these sizes. */
function readAll(reader: EventReader, text: string, sizes: readonly number[]): readonly string[] {
  const bytes = new TextEncoder().encode(text);
  const events: string[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes.length === 0 ? bytes.length : Math.max(1, sizes[turn % sizes.length] ?? 1);
    events.push(...reader.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return [...events, ...reader.end()];
}

/** Text without line ends, with letters of one to four bytes. */
const words = fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replace(/[\r\n\uFEFF]/g, ' '));
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 });
const lineEnd = fc.constantFrom('\n', '\r\n', '\r');

describe('the reader of server-sent events', () => {
  it('gives the same events however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(words, { minLength: 1, maxLength: 3 }), { maxLength: 5 }),
        lineEnd,
        sizes,
        (events, end, cuts) => {
          const text = events
            .map(
              (lines) =>
                `: comment${end}event: message${end}${lines.map((line) => `data: ${line}${end}`).join('')}${end}`,
            )
            .join('');
          expect(readAll(createSseReader(LIMIT), text, cuts)).toEqual(events.map((lines) => lines.join('\n')));
        },
      ),
    );
  });

  it('keeps a letter whole whose bytes come one by one', () => {
    expect(readAll(createSseReader(LIMIT), 'data: Größe 🙂\r\n\r\ndata:世界\n\n', [1])).toEqual(['Größe 🙂', '世界']);
  });

  it('drops a byte order mark and events without data; the last one needs no blank line', () => {
    expect(readAll(createSseReader(LIMIT), '\uFEFFdata: a\n\nevent: ping\n\ndata: b\ndata\n\ndata: cut', [3])).toEqual([
      'a',
      'b\n',
      'cut',
    ]);
  });

  it('refuses an event that is too long, in one line or in many', () => {
    const limit = { ...LIMIT, maxBytes: 50 };
    expect(() => readAll(createSseReader(limit), `data: ${'x'.repeat(60)}`, [7])).toThrow('too long');
    expect(() => readAll(createSseReader(limit), 'data: 12345678901234567890\n'.repeat(3), [7])).toThrow('too long');
    expect(readAll(createSseReader(limit), 'data: 12345678901234567890\n\n'.repeat(9), [7])).toHaveLength(9);
  });
});

describe('the reader of JSON lines', () => {
  it('gives the same lines however the bytes are cut, with and without a last line end', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 6 }), sizes, fc.boolean(), (values, cuts, isEnded) => {
        const lines = values.map((value) => JSON.stringify(value));
        const text = lines.join('\n') + (isEnded ? '\n' : '');
        expect(readAll(createNdjsonReader(LIMIT), text, cuts)).toEqual(lines);
      }),
    );
  });

  it('survives any bytes at all', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (pieces) => {
        for (const reader of [createNdjsonReader(LIMIT), createSseReader(LIMIT)]) {
          for (const piece of pieces) reader.push(piece);
          reader.end();
        }
      }),
    );
  });
});
