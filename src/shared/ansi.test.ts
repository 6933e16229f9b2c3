import { describe, expect, it } from 'vitest';
import { parseAnsi, plainText, showHidden, stripAnsi } from './ansi.ts';

const ESC = '\u001b';

describe('parseAnsi', () => {
  it('gives plain text as one span', () => {
    expect(parseAnsi('hello')).toEqual([{ text: 'hello', color: null, bold: false, underline: false }]);
    expect(parseAnsi('')).toEqual([]);
  });

  it('reads colours, weight and their ends', () => {
    const spans = parseAnsi(`${ESC}[31mred${ESC}[1mbold${ESC}[0m rest ${ESC}[2mdim${ESC}[22m ${ESC}[4;92mok`);
    expect(spans.map((span) => [span.text, span.color, span.bold, span.underline])).toEqual([
      ['red', 'red', false, false],
      ['bold', 'red', true, false],
      [' rest ', null, false, false],
      ['dim', 'dim', false, false],
      [' ', null, false, false],
      ['ok', 'green', true, true],
    ]);
  });

  it('takes 256 and true colours to the nearest role', () => {
    expect(parseAnsi(`${ESC}[38;5;196mx`)[0]?.color).toBe('red');
    expect(parseAnsi(`${ESC}[38;5;244mx`)[0]?.color).toBe('dim');
    expect(parseAnsi(`${ESC}[38;2;20;200;40mx`)[0]?.color).toBe('green');
    expect(parseAnsi(`${ESC}[38;2;20;200;40;1mx`)[0]?.bold).toBe(true);
    expect(parseAnsi(`${ESC}[48;5;196mx`)[0]?.color).toBeNull();
  });

  it('drops every other sequence and keeps the text around it', () => {
    const link = `${ESC}]8;;javascript:alert(1)${ESC}\\click${ESC}]8;;${ESC}\\`;
    expect(stripAnsi(`a${ESC}[2J${ESC}[1;1Hb${ESC}]0;title\u0007c${link}${ESC}(Bd${ESC}7e`)).toBe('abcclickde');
    expect(stripAnsi(`x${ESC}P1;2|secret${ESC}\\y\u009b31mz`)).toBe('xyz');
  });

  it('survives sequences that never end', () => {
    expect(stripAnsi(`a${ESC}`)).toBe('a');
    expect(stripAnsi(`a${ESC}[`)).toBe('a');
    expect(stripAnsi(`a${ESC}[31`)).toBe('a');
    expect(stripAnsi(`a${ESC}]0;never`)).toBe('a');
    expect(stripAnsi(`a${ESC}[31\u0001b`)).toBe('ab');
    expect(stripAnsi(`${ESC}[38;5m${ESC}[38m${ESC}[;;;mok`)).toBe('ok');
    expect(stripAnsi(`${ESC}[99999999999999999999999mok`)).toBe('ok');
  });

  it('never obeys controls or reordering marks', () => {
    expect(stripAnsi('a\u0000b\u0008c\u007fd\te')).toBe('abcd\te');
    expect(stripAnsi('pay \u202egnp.exe')).toBe('pay \ufffdgnp.exe');
    expect(parseAnsi('<img src=x onerror=alert(1)>')[0]?.text).toBe('<img src=x onerror=alert(1)>');
  });

  it('shows what a carriage return left on the line', () => {
    expect(stripAnsi('10 %\r50 %\r100 %')).toBe('100 %');
    expect(stripAnsi('done\r\n')).toBe('done');
    expect(stripAnsi('\r')).toBe('');
  });

  it('makes plain words of several lines', () => {
    expect(plainText(`failed: ${ESC}[31merror${ESC}[0m\nsecond\u0007 line`)).toBe('failed: error\nsecond line');
  });

  it('limits pieces and stays linear on hostile lines', () => {
    const many = `${ESC}[31ma`.repeat(20_000);
    expect(parseAnsi(many).length).toBeLessThanOrEqual(401);
    expect(stripAnsi(many).length).toBe(20_000);
    expect(stripAnsi(ESC.repeat(200_000))).toBe('');
    expect(stripAnsi(`${ESC}[`.repeat(100_000)).length).toBeLessThan(100_001);
  });
});

it('shows what hides in a text, and leaves the rest as it is', () => {
  expect(showHidden('if (a\u202e) {\u200b}\r\n\tü 日 🙂')).toBe('if (a⟨U+202E⟩) {⟨U+200B⟩}\r\n\tü 日 🙂');
  expect(showHidden('\u001b[2Jrm')).toBe('⟨U+001B⟩[2Jrm');
});
