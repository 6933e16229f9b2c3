import { expect, it } from 'vitest';
import { parseCsv } from './csv.ts';
import { fileKindOf, looksBinary } from './file-kind.ts';
import { parseOutput } from './parse-output.ts';

it('never shows a drawing as anything but text', () => {
  expect(['x/b.svg', 'Makefile', '.env', 'a.__proto__', 'a.constructor'].map(fileKindOf)).toEqual(
    Array(5).fill('text'),
  );
  expect(['a.html', 'c.HTM'].map(fileKindOf)).toEqual(['page', 'page']);
  expect(['r.md', 'p.PNG', 'd.csv', 'd.json'].map(fileKindOf)).toEqual(['markdown', 'image', 'csv', 'json']);
});

it('knows bytes that are no text', () => {
  expect(looksBinary(new Uint8Array([80, 75, 3, 4, 0, 0]))).toBe(true);
  expect(looksBinary(new TextEncoder().encode('Grüße, Welt '.repeat(900)))).toBe(false);
  expect(looksBinary(new Uint8Array())).toBe(false);
});

it('reads quoted, semicolon and broken tables', () => {
  expect(parseCsv('a,b\r\n"x, ""y""",2\n')).toEqual({ head: ['a', 'b'], rows: [['x, "y"', '2']], isCut: false });
  expect(parseCsv('\ufeffname;sum\nRot;3\n\nBlau;4')).toMatchObject({
    head: ['name', 'sum'],
    rows: [
      ['Rot', '3'],
      ['Blau', '4'],
    ],
  });
  expect(parseCsv('a\n"never closed\nx')).toMatchObject({ head: ['a'], rows: [['never closed\nx']] });
  expect(parseCsv(`h\n${'v\n'.repeat(500)}`, 10)).toMatchObject({ isCut: true });
  expect(parseCsv('')).toEqual({ head: [], rows: [], isCut: false });
});

it('takes what a person types as an output', () => {
  expect(parseOutput('  ')).toEqual({ ok: true, value: null });
  expect(parseOutput('{"id": 4}')).toEqual({ ok: true, value: { id: 4 } });
  expect(parseOutput('sent to all')).toEqual({ ok: true, value: 'sent to all' });
  expect(parseOutput('{"id": 4')).toMatchObject({ ok: false });
});
