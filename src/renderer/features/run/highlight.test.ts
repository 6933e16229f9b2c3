import { expect, it } from 'vitest';
import { parseAnsi } from '../../../shared/ansi.ts';
import { highlightSpans } from './highlight.ts';

const show = (line: string, query: string): string =>
  highlightSpans(parseAnsi(line), query)
    .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
    .join('');

it('marks every hit in any case', () => {
  expect(show('Eslint and eslint', 'ESLINT')).toBe('[Eslint] and [eslint]');
  expect(show('aaaa', 'aa')).toBe('[aa][aa]');
  expect(show('none', 'x')).toBe('none');
  expect(show('none', '')).toBe('none');
});

it('marks a hit that runs over pieces', () => {
  expect(show('es\u001b[31mli\u001b[0mnt!', 'eslint')).toBe('[es][li][nt]!');
});

it('keeps places when lower case has another length', () => {
  expect(show('İİ error', 'error')).toBe('İİ [error]');
});
