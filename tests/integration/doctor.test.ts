import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runDoctorWithoutProject } from '../../src/core/control-center.ts';
import { Store } from '../../src/core/storage/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aiw-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('looks at a project that is not made yet without making it', async () => {
  const report = await runDoctorWithoutProject(join(folder, 'not', 'yet'), false);
  expect(report.checks.find((check) => check.name === 'Disk')?.value).toMatch(/GiB free/);
  expect(report.healthy).toBe(false);
  expect(() => statSync(join(folder, 'not'))).toThrow();
});

it('keeps the store for its user alone', () => {
  const storeFile = join(folder, 'state.db');
  const store = new Store({
    storeFile,
    logsFile: join(folder, 'logs.db'),
    blobsDir: folder,
    onLog: () => undefined,
    onConversation: () => undefined,
  });
  const modes = ['state.db', 'state.db-wal', 'logs.db'].map((name) => statSync(join(folder, name)).mode & 0o777);
  expect(modes).toEqual([0o600, 0o600, 0o600]);
  store.close();
});
