import { expect, test } from 'vitest';
import { headlineOf, tailOf } from './last-words.ts';

const NODE_CRASH = `/app/send.js:3
throw new Error('certificate expired');
^

Error: certificate expired
    at Object.<anonymous> (/app/send.js:3:7)
    at Module._compile (node:internal/modules/cjs/loader:1554:14)

Node.js v24.1.0
`;
const JAVA_CRASH =
  'Exception in thread "main" java.io.IOException: no route\n\tat Main.main(Main.java:4)\n\t... 12 more\n';

test.each([
  ['err\n', 'err'],
  ['Traceback (most recent call last):\n  File "x.py", line 1\nValueError: no such day\n\n', 'ValueError: no such day'],
  [NODE_CRASH, 'Error: certificate expired'],
  [JAVA_CRASH, 'Exception in thread "main" java.io.IOException: no route'],
  ['FATAL: certificate expired\n----------\n}\n\n', 'FATAL: certificate expired'],
  ['\u001b[31mred\u001b[0m words\r\n', 'red words'],
  ['10%\r55%\r99% then the disk was full\r', '99% then the disk was full'],
  ['----\n', '----'],
  ['尺寸不对\n', '尺寸不对'],
  ['', ''],
])('the last line that says something of %j is %j', (text, expected) => {
  expect(headlineOf(text)).toBe(expected);
});

test('stderr speaks first, stdout where it is silent', () => {
  expect(headlineOf(' \n', 'said on stdout\n')).toBe('said on stdout');
  expect(headlineOf('said on stderr', 'said on stdout\n')).toBe('said on stderr');
});

test('at most 200 characters, none of them broken', () => {
  expect(headlineOf('😀'.repeat(200))).toBe('😀'.repeat(200));
  expect(headlineOf('😀'.repeat(201))).toBe(`${'😀'.repeat(199)}…`);
});

test('the tail is the end, in whole lines', () => {
  expect(tailOf('  a\nb\n')).toBe('a\nb');
  const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}`).join('\n');
  const tail = tailOf(lines);
  expect(tail.endsWith('line 4998\nline 4999')).toBe(true);
  expect(tail).toMatch(/^…\nline \d+\n/);
  expect(tail.length).toBeLessThan(9000);
  expect(tailOf(`${'x'.repeat(50_000)}end`).length).toBeLessThan(9000);
});
