import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordLine, StoredEnd } from './helper-protocol.ts';
import { createRecordShelf, parseRecords } from './helper-records.ts';
import { RecordFile } from './record-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'aiw-records-'));
  mkdirSync(join(dir, 'out'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const HEADER: RecordLine = { t: 'h', pid: 1, startedAt: '5', bootId: 'b' };
const END: StoredEnd = {
  reason: 'exited',
  exitCode: 0,
  signal: null,
  stdout: { text: 'x' },
  stderr: { text: '' },
  stderrCut: false,
};
const start = (key: string, run: string): RecordLine => ({ t: 's', key, run, path: 'p', attempt: 1, timeoutMs: 1000 });

test('what is appended at once is read back, in order', async () => {
  const file = new RecordFile(join(dir, 'a.jsonl'), HEADER);
  await Promise.all([
    file.append(start('k1', 'r1')),
    file.append(start('k2', 'r2')),
    file.append({ t: 'e', key: 'k1', end: END }),
  ]);
  await file.append({ t: 'd' });
  file.close();
  const records = parseRecords('a.jsonl', readFileSync(file.path, 'utf8'));
  expect(records).toMatchObject({ identity: { pid: 1 }, isIntact: true, isDraining: true });
  expect(records.marks.get('k1')?.end).toEqual(END);
  expect(records.marks.get('k2')?.end).toBeNull();
});

test('a forgotten run is gone, one that comes back counts again, and the file shrinks', async () => {
  const file = new RecordFile(join(dir, 'a.jsonl'), HEADER);
  const big = { ...END, stdout: { text: 'y'.repeat(30_000) } };
  for (let index = 0; index < 50; index += 1) {
    await file.append(start(`k${index}`, `r${index % 2}`));
    await file.append({ t: 'e', key: `k${index}`, end: big });
  }
  file.forget('r0');
  expect(readFileSync(file.path).length).toBeLessThan(800_000);
  await file.append(start('again', 'r0'));
  await file.append(start('more', 'r1'));
  file.close();
  const { marks, isIntact } = parseRecords('a.jsonl', readFileSync(file.path, 'utf8'));
  expect(isIntact).toBe(true);
  expect(marks.size).toBe(27);
  expect(marks.get('again')?.end).toBeNull();
  expect(marks.get('k1')?.end).toEqual(big);
  expect(readdirSync(dir).sort()).toEqual(['a.jsonl', 'out']);
});

test('a torn last line counts for nothing, a bad line in the midst takes the proof away', () => {
  const text = [HEADER, start('k', 'r')].map((line) => JSON.stringify(line)).join('\n');
  expect(parseRecords('a', text)).toMatchObject({ isIntact: true, identity: { pid: 1 } });
  expect(parseRecords('a', text).marks.size).toBe(0);
  expect(parseRecords('a', `${text}\n{"t":"e","key":"k","en`).marks.get('k')?.end).toBeNull();
  expect(parseRecords('a', `${text}\n\0\0\0\n{"t":"d"}\n`).isIntact).toBe(false);
  expect(parseRecords('a', '')).toMatchObject({ identity: null, isIntact: true });
});

test('the shelf reads a file again when it has grown, and forgets behind a torn line', async () => {
  const path = join(dir, 'a.jsonl');
  const lines = [HEADER, start('k1', 'r1'), start('k2', 'r2')];
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const shelf = createRecordShelf(dir);
  const [before] = await shelf.readAll();
  expect(before?.marks.size).toBe(2);
  appendFileSync(path, '{"t":"e","key":"k2"');
  if (before !== undefined) await shelf.forget(before, 'r1');
  const [after] = await shelf.readAll();
  expect(after).toMatchObject({ isIntact: true });
  expect([...(after?.marks.keys() ?? [])]).toEqual(['k2']);
  if (after !== undefined) await shelf.forget(after, 'r2');
  expect(await shelf.readAll()).toEqual([]);
});
