import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { LogLine } from '../../shared/model/run.ts';
import { cleanUp, makeFolder, openStore } from './store.test-support.ts';

afterEach(cleanUp);

const line = (text: string, more: Partial<LogLine> = {}): Omit<LogLine, 'line'> => ({
  at: 1,
  path: 'a',
  stream: 'stdout',
  level: 'info',
  text,
  ...more,
});
const texts = (lines: readonly LogLine[]): readonly string[] => lines.map((one) => one.text);

describe('the first error of a log', () => {
  it('is a line of level error, or words of stderr that say so; of a step that never says so its first line there', async () => {
    const { logs } = openStore(makeFolder());
    for (const [path, stream, text] of [
      ['a', 'stdout', 'error: this is what it prints'],
      ['a', 'stderr', '0 errors, 3 files'],
      ['b', 'stderr', 'Signing in'],
      ['b', 'stderr', '\u001b[31mTypeError\u001b[0m: no such day'],
      ['c', 'stderr', 'the mail server refuses'],
      ['c', 'stderr', 'and again'],
    ] as const)
      logs.append('r', line(text, { path, stream }));
    logs.append('told', line('fine'));
    logs.append('told', line('The key is missing', { stream: 'log', level: 'error' }));
    expect(await logs.firstError('r')).toBe(4);
    expect(await logs.firstError('r', 'b')).toBe(4);
    expect(await logs.firstError('r', 'c')).toBe(5);
    expect(await logs.firstError('told')).toBe(2);
    expect(await logs.firstError('r', 'a')).toBe(2);
    expect([await logs.firstError('r', 'd'), await logs.firstError('nobody')]).toEqual([null, null]);
  });

  it('is found behind a hundred thousand other lines', async () => {
    const { logs } = openStore(makeFolder());
    for (let at = 1; at < 100_000; at += 1) logs.append('r', line('ok', { stream: 'stderr' }));
    logs.append('r', line('Traceback (most recent call last):', { stream: 'stderr' }));
    expect(await logs.firstError('r', 'a')).toBe(100_000);
  });
});

describe('the log', () => {
  it('numbers the lines of each run from 1 and on over a reopen', () => {
    const folder = makeFolder();
    const store = openStore(folder);
    for (const text of ['one', 'two']) store.logs.append('r', line(text));
    store.logs.append('other', line('else'));
    expect(store.logs.read('r', { from: 1, limit: 10 }).lines.map((one) => [one.line, one.text])).toEqual([
      [1, 'one'],
      [2, 'two'],
    ]);
    store.close();
    const again = openStore(folder);
    expect([again.logs.total('r'), again.logs.total('nobody')]).toEqual([2, 0]);
    again.logs.append('r', line('three'));
    expect(again.logs.read('r', { from: 3, limit: 10 })).toEqual({ lines: [{ line: 3, ...line('three') }], total: 3 });
  });

  it('keeps the number of a line that goes on; what it came to is what it is', () => {
    const folder = makeFolder();
    const told: (readonly number[])[] = [];
    const store = openStore(folder, (_runId: string, total: number, revision: number) => told.push([total, revision]));
    const { logs } = store;
    const number = logs.append('r', line('10%', { isOpen: true })) ?? 0;
    logs.append('r', line('other', { stream: 'stderr' }));
    logs.replace('r', { ...line('20%', { isOpen: true }), line: number });
    expect(logs.read('r', { from: 1, limit: 10 })).toEqual({
      lines: [
        { line: 1, ...line('20%'), isOpen: true },
        { line: 2, ...line('other', { stream: 'stderr' }) },
      ],
      total: 2,
    });
    logs.replace('r', { ...line('100%'), line: number });
    expect(logs.read('r', { from: 1, limit: 1 })).toEqual({ lines: [{ line: 1, ...line('100%') }], total: 2 });
    expect(told).toEqual([
      [2, 1],
      [2, 2],
    ]);
    store.close();
    expect(texts(openStore(folder).logs.read('r', { from: 1, limit: 10 }).lines)).toEqual(['100%', 'other']);
  });

  it('is narrowed by step and level, lines keep their numbers', () => {
    const { logs } = openStore();
    logs.append('r', line('1'));
    logs.append('r', line('2', { path: 'b' }));
    logs.append('r', line('3', { level: 'error' }));
    logs.append('r', line('4', { path: 'b', level: 'error' }));
    const read = (more: object) => {
      const { lines, total } = logs.read('r', { from: 1, limit: 10, ...more });
      return [lines.map((one) => one.line), total];
    };
    expect(read({ path: 'b' })).toEqual([[2, 4], 2]);
    expect(read({ level: 'error' })).toEqual([[3, 4], 2]);
    expect(read({ path: 'b', level: 'error' })).toEqual([[4], 1]);
    expect(read({ from: 3 })).toEqual([[3, 4], 4]);
    expect(read({ from: 9 })).toEqual([[], 4]);
    expect([logs.countOf('r', 'b'), logs.countOf('r', 'c'), logs.countOf('none', 'a')]).toEqual([2, 0, 0]);
    expect(logs.read('none', { from: 1, limit: 5 })).toEqual({ lines: [], total: 0 });
  });

  it('counts what a filter meets anew when lines have come, were replaced, or are gone', () => {
    const { logs } = openStore();
    const errors = (): number => logs.read('r', { from: 1, limit: 1, level: 'error' }).total;
    const number = logs.append('r', line('1', { level: 'error', isOpen: true })) ?? 0;
    expect([errors(), errors()]).toEqual([1, 1]);
    logs.append('r', line('2', { level: 'error' }));
    expect(errors()).toBe(2);
    logs.replace('r', { ...line('1', { level: 'info' }), line: number });
    expect(errors()).toBe(1);
    expect(logs.read('r', { from: 1, limit: 1, path: 'a' }).total).toBe(2);
    expect(errors()).toBe(1);
    logs.delete('r');
    expect(errors()).toBe(0);
  });

  it('is searched literally and in any case', async () => {
    const { logs } = openStore();
    for (const text of ['100% sure', '1000 sure', 'a_b', 'aXb', 'back\\slash', 'GRÖSSE', 'größe'])
      logs.append('r', line(text));
    const find = async (text: string) => (await logs.search('r', text, 100)).lines;
    expect(await find('100%')).toEqual([1]);
    expect(await find('A_B')).toEqual([3]);
    expect(await find('k\\s')).toEqual([5]);
    expect(await find('SURE')).toEqual([1, 2]);
    expect(await find('Grö')).toEqual([6, 7]);
    expect(await find('nowhere')).toEqual([]);
    expect(await logs.search('none', 'x', 10)).toEqual({ lines: [], total: 0 });
  });

  it('holds 50,000 lines, finds in all of them and gives no more than was asked for', async () => {
    const grown: number[] = [];
    const { logs } = openStore(makeFolder(), (_runId, total) => grown.push(total));
    for (let at = 1; at <= 50_000; at += 1) logs.append('r', line(at % 1_000 === 0 ? `mark ${at}` : `line ${at}`));
    expect(logs.total('r')).toBe(50_000);
    expect(texts(logs.read('r', { from: 49_999, limit: 5 }).lines)).toEqual(['line 49999', 'mark 50000']);
    const found = await logs.search('r', 'mark', 10);
    expect([found.total, found.lines]).toEqual([50, Array.from({ length: 10 }, (_, at) => (at + 1) * 1_000)]);
    expect(grown.at(-1)).toBe(50_000);
    expect(grown).toEqual([...grown].sort((one, other) => one - other));
  });

  it('is deleted with nothing of others, also lines that wait', () => {
    const { logs } = openStore();
    logs.append('r', line('gone'));
    logs.append('s', line('kept'));
    logs.delete('r');
    logs.delete('none');
    expect(logs.read('r', { from: 1, limit: 9 })).toEqual({ lines: [], total: 0 });
    expect(texts(logs.read('s', { from: 1, limit: 9 }).lines)).toEqual(['kept']);
    logs.append('r', line('anew'));
    expect(logs.read('r', { from: 1, limit: 9 }).lines[0]?.line).toBe(1);
  });

  it('keeps its lines when another program holds the file, and a delete says so', () => {
    const folder = makeFolder();
    const { logs } = openStore(folder);
    logs.append('r', line('one'));
    logs.flush();
    const other = new Database(join(folder, 'logs.db'));
    other.exec('BEGIN IMMEDIATE');
    logs.append('r', line('two'));
    logs.flush();
    expect(logs.total('r')).toBe(2);
    expect(() => logs.delete('r')).toThrow(
      expect.objectContaining({ code: 'store.busy', message: expect.stringContaining('logs.db') }),
    );
    other.exec('ROLLBACK');
    other.close();
    logs.flush();
    expect(texts(logs.read('r', { from: 1, limit: 9 }).lines)).toEqual(['one', 'two']);
  });

  it('gives what waits beside what is written while another program holds the file, and never calls that damage', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    const { logs } = store;
    const number = logs.append('r', line('10%', { isOpen: true })) ?? 0;
    logs.append('r', line('plain'));
    logs.flush();
    const other = new Database(join(folder, 'logs.db'));
    other.exec('BEGIN IMMEDIATE');
    logs.append('r', line('Broken: no such day', { path: 'b', stream: 'stderr', level: 'error' }));
    logs.replace('r', { ...line('50%', { level: 'warning', isOpen: true }), line: number });
    logs.append('new', line('first'));

    const read = (more: object = {}) => {
      const { lines, total } = logs.read('r', { from: 1, limit: 10, ...more });
      return [lines.map((one) => `${one.line} ${one.text}`), total];
    };
    const all = ['1 50%', '2 plain', '3 Broken: no such day'];
    expect(read()).toEqual([all, 3]);
    expect(logs.read('r', { from: 1, limit: 1 }).lines).toEqual([
      { line: 1, ...line('50%', { level: 'warning', isOpen: true }) },
    ]);
    expect([read({ limit: 2 }), read({ from: 2, limit: 1 }), read({ from: 3 }), read({ from: 4 })]).toEqual([
      [all.slice(0, 2), 3],
      [all.slice(1, 2), 3],
      [all.slice(2), 3],
      [[], 3],
    ]);
    expect(read({ level: 'info', limit: 1 })).toEqual([['2 plain'], 1]);
    expect(read({ level: 'warning' })).toEqual([['1 50%'], 1]);
    expect(read({ path: 'b', level: 'error' })).toEqual([['3 Broken: no such day'], 1]);
    expect([logs.countOf('r', 'a'), logs.countOf('r', 'b'), logs.countOf('new', 'a')]).toEqual([2, 1, 1]);
    expect(await logs.search('r', 'BROKEN', 10)).toEqual({ lines: [3], total: 1 });
    expect(await logs.search('r', '10%', 10)).toEqual({ lines: [], total: 0 });
    expect(await logs.search('r', 'n', 2)).toEqual({ lines: [2, 3], total: 2 });
    expect(await logs.search('new', 'irs', 9)).toEqual({ lines: [1], total: 1 });
    expect([await logs.firstError('r'), await logs.firstError('r', 'a'), await logs.firstError('r', 'b')]).toEqual([
      3,
      null,
      3,
    ]);
    expect(texts(logs.read('new', { from: 1, limit: 5 }).lines)).toEqual(['first']);

    other.exec('ROLLBACK');
    other.close();
    store.close();
    expect(existsSync(join(folder, 'logs.db-damaged'))).toBe(false);
    const notices: string[] = [];
    const again = openStore(folder, undefined, (notice) => notices.push(notice)).logs;
    expect(texts(again.read('r', { from: 1, limit: 10 }).lines)).toEqual(['50%', 'plain', 'Broken: no such day']);
    expect(texts(again.read('new', { from: 1, limit: 10 }).lines)).toEqual(['first']);
    expect(notices).toEqual([]);
  });

  it('is damaged where a written line is missing, whatever waits beside it', () => {
    const folder = makeFolder();
    const { logs } = openStore(folder);
    for (const text of ['one', 'two', 'three']) logs.append('r', line(text));
    logs.flush();
    const other = new Database(join(folder, 'logs.db'));
    other.prepare('DELETE FROM lines WHERE line = 2').run();
    other.exec('BEGIN IMMEDIATE');
    logs.append('r', line('four'));
    expect(() => logs.read('r', { from: 1, limit: 10 })).toThrow(expect.objectContaining({ code: 'store.corrupt' }));
    expect(existsSync(join(folder, 'logs.db-damaged'))).toBe(true);
    other.close();
  });

  it('drops what a child still says after it was closed, and is closed twice in peace', async () => {
    const store = openStore();
    store.logs.append('r', line('one'));
    store.close();
    store.logs.append('r', line('late'));
    store.logs.append('new', line('late'));
    await new Promise((resolve) => setTimeout(resolve, 0));
    store.close();
  });
});
