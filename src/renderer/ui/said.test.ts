import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, expect, it } from 'vitest';
import { startI18n } from '../i18n/index.ts';
import { Said, saidPlainly } from './said.tsx';

beforeAll(startI18n);

const html = (text: string): string => renderToStaticMarkup(createElement(Said, { text }));

it.each([
  ['`a.b` must be `true` or `false`.', '<code>a.b</code> must be <code>true</code> or <code>false</code>.'],
  ['a single ` stays', 'a single ` stays'],
  ['<b>`<i>`</b>', '&lt;b&gt;<code>&lt;i&gt;</code>&lt;/b&gt;'],
])('%s has no backtick before an operator', (text, expected) => {
  expect(html(text)).toBe(expected);
});

it('says the same in a tip', () => {
  expect(saidPlainly('`a.b` must be `true`.')).toBe('“a.b” must be “true”.');
});
