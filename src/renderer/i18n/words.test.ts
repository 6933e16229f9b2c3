import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import i18next from 'i18next';
import { beforeAll, expect, it } from 'vitest';
import { startI18n } from './index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.tsx?$/.test(path) && !path.includes('.test.') && !path.startsWith('i18n'),
);
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

beforeAll(startI18n);

it('has no words between tags outside i18n', () => {
  const found = files
    .filter((path) => path.endsWith('.tsx'))
    .flatMap((path) => {
      const code = textOf(path).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|<kbd>\w+<\/kbd>/gm, '');
      const texts = [...code.matchAll(/<\/?[A-Za-z][^<>]*>\s*([A-Za-z][A-Za-z ,.’]{2,})\s*<\/?[A-Za-z]/g)].map(
        (match) => match[1],
      );
      return texts.map((text) => `${path}: ${text}`);
    });
  expect(found).toEqual([]);
});

it('sets the thousands of every number apart, and leaves a text as it is', () => {
  expect(i18next.t('form:hintWholeRange', { min: -5, max: 2147483648 })).toBe(
    'A whole number from -5 to 2,147,483,648',
  );
  expect(i18next.t('run:log.hit', { at: 1200, count: 1000000 })).toBe('1,200 of 1,000,000');
  expect(i18next.t('tools:server.pid', { pid: '12345' })).toBe('process 12345');
});

it('knows every key that stands in the code as a whole', () => {
  const missing = files.flatMap((path) => {
    const code = textOf(path);
    const namespace = /useTranslation\('([a-z]+)'\)/.exec(code)?.[1] ?? 'everywhere';
    const keys = [...code.matchAll(/\bt\('([\w:.-]+)'/g)].map((match) => match[1] ?? '');
    const exists = (key: string): boolean => {
      const full = key.includes(':') ? key : `${namespace}:${key}`;
      return [full, `${full}_one`].some((each) => i18next.exists(each));
    };
    return keys.filter((key) => !exists(key)).map((key) => `${path}: ${key}`);
  });
  expect(missing).toEqual([]);
});

it('tells whom a session ended for of the password before the terminal, and names each file that is imported', () => {
  expect(i18next.t('shell:connection.signed_outDetail')).toMatch(/^Sign in again with your password/);
  for (const kind of ['.awb', '.zip', '.md']) expect(i18next.t('workflows:import.archive')).toContain(kind);
});
