import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, openStore } from '../storage/store.test-support.ts';
import { readLogText } from './log-text.ts';

afterEach(cleanUp);

type Narrowed = Parameters<typeof readLogText>[2];
type Logs = Parameters<typeof readLogText>[0];

/** All parts from line 1 on, as whoever saves a log asks for them. */
function parts(logs: Logs, narrowed: Omit<Narrowed, 'from'> = {}): readonly ReturnType<typeof readLogText>[] {
  const found = [readLogText(logs, 'r', { from: 1, ...narrowed })];
  for (let part = found[0]; part !== undefined && !part.isEnd; ) {
    part = readLogText(logs, 'r', { from: part.last + 1, ...narrowed });
    found.push(part);
  }
  return found;
}
const whole = (logs: Logs, narrowed: Omit<Narrowed, 'from'> = {}): string =>
  parts(logs, narrowed)
    .map((part) => part.text)
    .join('');

const AT = Date.UTC(2026, 1, 28, 23, 59, 59, 990);
const fill = (logs: Logs, texts: readonly string[]): void => {
  for (const [at, text] of texts.entries())
    logs.append('r', { at: AT + at, path: at % 1_000 === 0 ? 'b' : 'a', stream: 'stdout', level: 'info', text });
};
const written = (texts: readonly string[]): readonly string[] =>
  texts.map((text, at) => `${new Date(AT + at).toISOString()} ${at % 1_000 === 0 ? 'b' : 'a'} ${text}\n`);

describe('a log as the text of a file', () => {
  it.each([0, 1, 499, 10_000, 25_001])('has every line once and in order: %i lines', (count) => {
    const { logs } = openStore();
    const texts = Array.from({ length: count }, (_, at) => `line ${at}`);
    fill(logs, texts);
    expect(whole(logs)).toBe(written(texts).join(''));
    expect(parts(logs).length).toBe(Math.floor(count / 10_000) + 1);
  });

  it('is narrowed as the screen is, and goes on behind any line', () => {
    const { logs } = openStore();
    const texts = Array.from({ length: 12_000 }, (_, at) => `line ${at}`);
    fill(logs, texts);
    expect(whole(logs, { path: 'b' })).toBe(
      written(texts)
        .filter((_, at) => at % 1_000 === 0)
        .join(''),
    );
    expect(whole(logs, { level: 'error' })).toBe('');
    expect(readLogText(logs, 'r', { from: 11_999 })).toEqual({
      text: written(texts).slice(11_998).join(''),
      last: 12_000,
      isEnd: true,
    });
    expect(readLogText(logs, 'nobody', { from: 1 })).toEqual({ text: '', last: 0, isEnd: true });
  });

  it('holds no control sequence', () => {
    const { logs } = openStore();
    fill(logs, ['\u001b[31mred\u001b[0m', '10 %\r100 %', 'größe 日 🙂']);
    expect(whole(logs)).toBe(written(['red', '100 %', 'größe 日 🙂']).join(''));
  });

  it('never makes a part larger than a page can take, however long the lines are', () => {
    const { logs } = openStore();
    const texts = Array.from({ length: 300 }, (_, at) => `${at}`.repeat(30_000).slice(0, 64 * 1024));
    fill(logs, texts);
    for (const { text } of parts(logs)) expect(text.length).toBeLessThan(4_200_000);
    expect(whole(logs)).toBe(written(texts).join(''));
  });
});
