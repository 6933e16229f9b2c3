import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { takeLease } from './lease.ts';
import { cleanUp, makeFolder } from './store.test-support.ts';

afterEach(cleanUp);

const HOLD = `
import { takeLease } from ${JSON.stringify(new URL('./lease.ts', import.meta.url).href)};
takeLease(process.argv[1]);
console.log('held');
setInterval(() => undefined, 1000);
`;

describe('the lease', () => {
  it('is for one at a time and free after its release', () => {
    const file = join(makeFolder(), 'lease.db');
    const lease = takeLease(file);
    expect(() => takeLease(file)).toThrow(expect.objectContaining({ code: 'lease.held', retryable: true }));
    lease.release();
    lease.release();
    takeLease(file).release();
  });

  it('is freed by the death of its holder', async () => {
    const file = join(makeFolder(), 'lease.db');
    const child = spawn(process.execPath, ['--input-type=module', '--eval', HOLD, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(() => takeLease(file)).toThrow(expect.objectContaining({ code: 'lease.held' }));
    child.kill('SIGKILL');
    await once(child, 'exit');
    takeLease(file).release();
  });

  it('stays held while others of its own process are refused: closing a file frees every lock that a process has on it', async () => {
    const file = join(makeFolder(), 'lease.db');
    const lease = takeLease(file);
    expect(() => takeLease(file)).toThrow(expect.objectContaining({ code: 'lease.held' }));
    const child = spawn(process.execPath, ['--input-type=module', '--eval', HOLD, file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [said] = await once(child.stderr, 'data');
    expect(String(said)).toContain('has this project open');
    await once(child, 'exit');
    lease.release();
  });

  it.each([
    ['garbage', 'garbage '.repeat(1000)],
    ['a header and nothing behind it', `SQLite format 3\0${'\xff'.repeat(5000)}`],
  ])('a damaged file (%s) is kept beside and made anew, and is then for one at a time', (_name, content) => {
    const folder = makeFolder();
    const file = join(folder, 'lease.db');
    writeFileSync(file, content, 'latin1');
    const lease = takeLease(file, () => Date.UTC(2026, 0, 2, 3, 4, 5));
    expect(lease.setAside).toBe('lease.db.damaged-20260102T030405Z');
    expect(readFileSync(join(folder, 'lease.db.damaged-20260102T030405Z'), 'latin1')).toBe(content);
    expect(() => takeLease(file)).toThrow(expect.objectContaining({ code: 'lease.held' }));
    lease.release();
    const again = takeLease(file);
    expect(again.setAside).toBeNull();
    again.release();
  });

  it('says in the words of the product, and by its name, what is wrong with its file', () => {
    const folder = join(makeFolder(), 'lease.db');
    mkdirSync(folder);
    expect(() => takeLease(folder)).toThrow(
      expect.objectContaining({ code: 'file.io', message: expect.stringContaining('lease.db') }),
    );
  });
});
