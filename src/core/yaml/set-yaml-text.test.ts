import { expect, test } from 'vitest';
import { setYamlText } from './set-yaml-text.ts';

test('only the value changes: comments, order, quotes and line ends stay', () => {
  const text = '# settings\r\nagent:\r\n  primary: demo # who works\r\n  fallback: null\r\nversion: "1.0"\r\n';
  expect(setYamlText(text, ['agent', 'primary'], 'claude-code')).toBe(text.replace('demo', 'claude-code'));
});

test.each([
  ['agent:\n  primary: "demo"\n', 'agent:\n  primary: ollama\n'],
  ['agent:\n  primary:\n  fallback: x\n', 'agent:\n  primary: ollama\n  fallback: x\n'],
  ['agent: {primary: demo, fallback: x}\n', 'agent: {primary: ollama, fallback: x}\n'],
])('%j becomes %j', (text, expected) => {
  expect(setYamlText(text, ['agent', 'primary'], 'ollama')).toBe(expected);
});

test('what is missing is made, the comments of the rest stay', () => {
  expect(setYamlText('', ['agent', 'primary'], 'ollama')).toBe('agent:\n  primary: ollama\n');
  const made = setYamlText('# mine\nlogging:\n  level: info # quiet\n', ['agent', 'primary'], 'ollama');
  expect(made).toContain('# mine');
  expect(made).toContain('level: info # quiet');
  expect(made).toContain('agent:\n  primary: ollama');
});

test.each([
  // In a map that is there, behind its last entry; nothing else is touched.
  [
    'a:   1\n\n\nagent:\n    fallback: x   # mine\n\n\n# next\nb: 2\n',
    'a:   1\n\n\nagent:\n    fallback: x   # mine\n    primary: ollama\n\n\n# next\nb: 2\n',
  ],
  ['a: {b:   1}\n\n\nc: 2', 'a: {b:   1}\n\n\nc: 2\nagent:\n  primary: ollama\n'],
  ['agent: {fallback:  x } # one\n', 'agent: {fallback:  x, primary: ollama } # one\n'],
  ['a:  1\r\n', 'a:  1\r\nagent:\r\n  primary: ollama\r\n'],
  [
    'agent:\n  configs:\n    demo:   {}\n  # last\n',
    'agent:\n  configs:\n    demo:   {}\n  primary: ollama\n  # last\n',
  ],
  ['text: |+\n  one\n\n', 'text: |+\n  one\n\nagent:\n  primary: ollama\n'],
])('%j with a key more is %j', (text, expected) => {
  expect(setYamlText(text, ['agent', 'primary'], 'ollama')).toBe(expected);
});

test('lists and maps stand in one line', () => {
  expect(setYamlText('a: [1,  2] # two\n', ['a'], ['x', { y: 1 }])).toBe('a: ["x",{"y":1}] # two\n');
  expect(setYamlText('a:\n  - 1\nb: 2\n', ['a'], [3])).toContain('b: 2');
});

test('a word that YAML reads as something else is put in quotes', () => {
  expect(setYamlText('agent:\n  primary: demo\n', ['agent', 'primary'], 'null')).toBe('agent:\n  primary: "null"\n');
  expect(setYamlText('agent:\n  primary: demo\n', ['agent', 'primary'], '1.5')).toBe('agent:\n  primary: "1.5"\n');
});

test.each(['agent: [1\n', 'agent: demo\n', '- a\n'])('%j is refused and says why', (text) => {
  expect(() => setYamlText(text, ['agent', 'primary'], 'ollama')).toThrow(
    expect.objectContaining({ code: 'config.invalid' }),
  );
});
