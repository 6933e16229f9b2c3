import { describe, expect, it } from 'vitest';
import { createThoughtStream } from './thought-stream.ts';
import { withoutThoughts } from './thoughts.ts';

describe('an answer without its thoughts', () => {
  it.each([
    ['no thought at all', ' as it is \n', ' as it is \n'],
    ['before the answer', '<think>\na draft {"a": 1}\n</think>\n\n{"a": 2}', '{"a": 2}'],
    ['in another spelling', '<Thinking>x</THINKING>yes', 'yes'],
    ['several, before and between', '<think>a</think>\n<think>b</think>one\n<think>c</think>two', 'one\ntwo'],
    ['nested', '<think>a<think>b</think>c</think>yes', 'yes'],
    ['with the tag named inside', '<think>I could write <think> again.</think>yes', 'yes'],
    ['opened by the prompt', 'so it must be ten.\n</think>\n\nTen.', 'Ten.'],
    ['never closed', '<think>\nand then', ''],
    ['never closed, after the answer', 'Ten.\n<think>\nwas that right', 'Ten.'],
    ['in the middle of a line', 'Ten<think>or nine?</think>.', 'Ten.'],
    ['the tag as a word', 'Write the <think> tag.', 'Write the <think> tag.'],
    ['in code of the answer', 'Write `<think>` and `</think>`.', 'Write `<think>` and `</think>`.'],
    ['in a fence', '```xml\n<think>x</think>\n```\nThat is it.', '```xml\n<think>x</think>\n```\nThat is it.'],
    ['a fence in a thought', '<think>\n```\n</think>\nyes', 'yes'],
    ['a fence in a thought that the prompt opened', 'like\n```\n{}\n</think>\nyes', 'yes'],
    ['in a text of JSON', '{"a": "<think>x</think>"}', '{"a": "<think>x</think>"}'],
    ['before JSON with one in a text', '<think>x</think>{"a": "</think>"}', '{"a": "</think>"}'],
  ])('%s', (_what, text, answer) => expect(withoutThoughts(text)).toBe(answer));

  it.each(['<think>', '</think>', 'x <think>', '`<think>`', '<think></think>', '```\n'])(
    'comes to an end for two million characters of %j',
    (piece) => {
      const text = piece.repeat(Math.ceil(2_000_000 / piece.length));
      expect(withoutThoughts(text).length).toBeLessThanOrEqual(text.length);
    },
  );
});

describe('thoughts in a stream', () => {
  const shown = (pieces: readonly string[]): string => {
    const stream = createThoughtStream();
    return [...pieces.flatMap((piece) => stream.push(piece)), ...stream.end()]
      .map(({ kind, text }) => (kind === 'text' ? text : `[${text}]`))
      .join('')
      .replaceAll('][', '');
  };

  it.each([
    '<think>a draft</think>Ten.',
    'One.\n<think>two?</think>\nTwo.',
    'Write the <think> tag, a < b, </thin',
    '<think>a<think>b</think>c</think>d',
  ])('%s: whatever the borders of its pieces are', (text) => {
    const whole = shown([text]);
    expect(shown([...text])).toBe(whole);
    for (let at = 1; at < text.length; at += 1) expect(shown([text.slice(0, at), text.slice(at)])).toBe(whole);
  });

  it('shows thoughts as thoughts and every other letter as it came', () => {
    expect(shown(['<think>a draft</think>Ten.'])).toBe('[a draft]Ten.');
    expect(shown(['One.\n<think>two?</think>\nTwo.'])).toBe('One.\n[two?]\nTwo.');
    expect(shown(['Write the <think> tag, a < b, </thin'])).toBe('Write the <think> tag, a < b, </thin');
    expect(shown(['<think>never closed'])).toBe('[never closed]');
  });
});
