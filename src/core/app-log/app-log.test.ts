import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AppLog } from './app-log.ts';
import { logFiles } from './rotating-file.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aiw-app-log-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const linesOf = (file: string): readonly Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const place = () => ({ userDataDir: root, door: 'cli', version: '1.2.3' });

it('writes what was said before it was opened too, from its level on, with no secret', async () => {
  const log = new AppLog();
  log.info('before');
  log.level = 'warning';
  log.open(place());
  log.redactWith((text) => text.replaceAll('hunter2', '[secret:MINE]'));
  log.info('too little');
  log.warning('asked with hunter2', { url: 'https://me:pass@host/x?token=abcdef', deep: [{ key: 'api_key=zzzzzz' }] });
  log.error('failed', new Error('Authorization: Bearer abcdefgh hunter2'));
  await log.flush();
  const [file = ''] = logFiles(root);
  expect(log.file).toBe(file);
  const lines = linesOf(file);
  expect(lines.map(({ level, message }) => [level, message])).toEqual([
    ['warning', 'asked with [secret:MINE]'],
    ['error', 'failed'],
  ]);
  expect(lines[0]).toMatchObject({
    ...{ pid: process.pid, door: 'cli', version: '1.2.3', time: expect.stringMatching(/Z$/) },
    ...{ url: 'https://[redacted]@host/x?token=[redacted]', deep: [{ key: 'api_key=[redacted]' }] },
  });
  const text = readFileSync(file, 'utf8');
  for (const secret of ['hunter2', 'abcdefgh', 'me:pass', 'zzzzzz']) expect(text).not.toContain(secret);
  expect(statSync(file).mode & 0o077).toBe(0);
});

it('is at most five files of a megabyte', async () => {
  const log = new AppLog();
  log.open(place());
  const text = 'x'.repeat(200_000);
  for (let count = 0; count < 40; count += 1) log.info(text, { count });
  await log.flush();
  const files = logFiles(root);
  expect(files.map((file) => existsSync(file))).toEqual([true, true, true, true, true]);
  for (const file of files) expect(statSync(file).size).toBeLessThanOrEqual(1024 * 1024);
  expect(linesOf(files[0] ?? '').at(-1)).toMatchObject({ count: 39 });
});

it('what is in the way costs lines and nothing else', async () => {
  writeFileSync(join(root, 'logs'), 'in the way');
  const log = new AppLog();
  log.open(place());
  log.info('lost');
  await log.flush();
  expect(readFileSync(join(root, 'logs'), 'utf8')).toBe('in the way');
});
