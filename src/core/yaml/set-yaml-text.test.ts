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

test('a word that YAML reads as something else is put in quotes', () => {
  expect(setYamlText('agent:\n  primary: demo\n', ['agent', 'primary'], 'null')).toBe('agent:\n  primary: "null"\n');
  expect(setYamlText('agent:\n  primary: demo\n', ['agent', 'primary'], '1.5')).toBe('agent:\n  primary: "1.5"\n');
});

test.each(['agent: [1\n', 'agent: demo\n', '- a\n'])('%j is refused and says why', (text) => {
  expect(() => setYamlText(text, ['agent', 'primary'], 'ollama')).toThrow(
    expect.objectContaining({ code: 'config.invalid' }),
  );
});
