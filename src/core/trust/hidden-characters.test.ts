import { describe, expect, it } from 'vitest';
import { findHidden } from './hidden-characters.ts';

describe('characters that nobody sees', () => {
  it.each([
    ['a right-to-left override', 'x = "\u202egpj"', 'U+202E', 'changes the direction in which the text is read'],
    ['an isolate', 'a\u2066b', 'U+2066', 'changes the direction in which the text is read'],
    ['a zero width space', 'a\u200bb', 'U+200B', 'has no width'],
    ['a byte order mark in the middle', 'a\ufeffb', 'U+FEFF', 'has no width'],
    ['a tag', 'a\u{e0041}b', 'U+E0041', 'carries text that nobody sees'],
    ['a variation selector of the supplement', 'a\u{e0100}b', 'U+E0100', 'carries text that nobody sees'],
    ['a filler', 'a\u3164b', 'U+3164', 'looks like nothing'],
    ['an escape', 'a\u001b[2Kb', 'U+001B', 'is a control character'],
    ['a line separator', 'a\u2028b', 'U+2028', 'is not seen'],
  ])('%s is named', (_what, text, code, name) => {
    expect(findHidden(text)).toMatchObject([{ code, name, line: 1 }]);
  });

  it('each has its line and place, whatever the line ends are', () => {
    expect(findHidden('one\r\ntwo\u200b\n\n\u{1f600}\u202e')).toEqual([
      { line: 2, column: 4, code: 'U+200B', name: 'has no width' },
      { line: 4, column: 3, code: 'U+202E', name: 'changes the direction in which the text is read' },
    ]);
  });

  it.each([
    ['plain text', 'a\tb\r\nc'],
    ['a byte order mark at the start', '\ufeffname: x'],
    ['letters of other scripts', 'Grüße, привет, 你好, שלום'],
    ['pictures that are joined', '\u{1f469}\u200d\u{1f4bb} \u{1f3f3}\ufe0f\u200d\u{1f308}'],
    ['Persian that is written with a joiner', 'می\u200cخواهم'],
  ])('%s has none', (_what, text) => {
    expect(findHidden(text)).toEqual([]);
  });

  it('a joiner between Latin letters is one, and thousands are cut at 200', () => {
    expect(findHidden('pay\u200dment')).toHaveLength(1);
    expect(findHidden('\u200b'.repeat(5000))).toHaveLength(200);
  });
});
