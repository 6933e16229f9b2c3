import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
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

  it('says in the words of the product what is wrong with its file', () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'lease.db'), 'garbage '.repeat(1000));
    expect(() => takeLease(join(folder, 'lease.db'))).toThrow(expect.objectContaining({ code: 'store.corrupt' }));
    expect(() => takeLease(folder)).toThrow(expect.objectContaining({ code: 'file.io' }));
  });
});
