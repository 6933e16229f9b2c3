import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { desktopSealer } from '../../src/main/key-sealer.ts';
import { AppCenter } from '../../src/server/hosting/app-center.ts';
import type { Actor } from '../../src/shared/model/run.ts';
import { KEYRING_VARIABLE } from '../support/electron-stand-in/safe-storage.ts';
import { REPOSITORY_DIR } from '../support/paths.ts';
import { workflowText } from '../support/run-cli.ts';
import { waitUntil } from '../support/wait-until.ts';

vi.mock('electron', () => import('../support/electron-stand-in/safe-storage.ts'));

/** SPEC §12.4: the desktop app seals the key where the system has no keychain; its worker thread asks its host. */
const ME: Actor = { kind: 'user', id: 'tester', door: 'desktop' };
let root: string;
let ring: string;
let center: AppCenter | null = null;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'aiw-sealer-')));
  ring = join(root, 'keyring');
  writeFileSync(ring, 'the keyring of a desktop');
  process.env[KEYRING_VARIABLE] = ring;
});
afterEach(async () => {
  delete process.env[KEYRING_VARIABLE];
  await close();
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
});

async function close(): Promise<void> {
  await center?.close();
  center = null;
}

async function open(ports: Parameters<typeof AppCenter.open>[1] = { sealer: desktopSealer }): Promise<void> {
  await close();
  center = await AppCenter.open(
    {
      ...{ projectPath: join(root, 'office'), isFresh: true, door: 'desktop', resumeOpenRuns: true },
      ...{ examplesDir: join(REPOSITORY_DIR, 'examples'), resourcesDir: join(REPOSITORY_DIR, 'resources') },
      ...{ version: '0.0.0', userDataDir: join(root, 'user'), home: root },
    },
    ports,
  );
}

async function value<T = Record<string, unknown>>(name: string, input: unknown = {}): Promise<T> {
  const answer = await center?.call(name, input, ME);
  if (answer?.ok !== true) throw Object.assign(new Error(JSON.stringify(answer)), answer?.error);
  return answer.value as T;
}
const store = async () => (await value<{ store: object }>('secrets.list')).store;

it('is asked by the worker, opens its own alone, and whatever was changed leaves all as it is while runs wait', async () => {
  await open();
  expect(await store()).toMatchObject({ keeper: 'desktop', state: 'none', needsPassphrase: false });
  await value('secrets.set', { name: 'TOKEN', value: 'sk-planted-0815', allowed: ['say'] });
  await open();
  expect(await value('secrets.test', { name: 'TOKEN' })).toBeTruthy();
  const bundle = join(root, 'office', '.aiworkflow', 'bundles', 'say');
  mkdirSync(join(bundle, 'tools'), { recursive: true });
  writeFileSync(join(bundle, 'tools', 'say.sh'), '#!/bin/sh\necho "$AIWORKFLOW_PARAM_TOKEN" | wc -c\n', {
    mode: 0o755,
  });
  const step = ['action: say.run', 'inputs: {token: "{{ secrets.TOKEN }}"}'];
  writeFileSync(join(bundle, 'workflow.md'), workflowText('say', [step]));

  // The keyring is exchanged, as by a new user of the system: the run waits, and nothing is rewritten.
  writeFileSync(ring, 'another keyring');
  await open();
  expect(await store()).toMatchObject({ keeper: 'desktop', state: 'unreachable', problem: expect.any(String) });
  await expect(value('secrets.set', { name: 'OTHER', value: 'sk-other-0815' })).rejects.toMatchObject({
    code: 'secret.key_missing',
  });
  const { runId } = await value<{ runId: string }>('runs.start', { workflow: 'say', inputs: {} });
  const run = async () => (await value<{ run: { status: string } }>('runs.get', { runId })).run.status;
  await waitUntil('it waits', async () => (await run()) === 'paused');

  // A host that seals nothing says where the key is.
  await open({});
  expect(await store()).toMatchObject({ state: 'unreachable', problem: expect.stringContaining('desktop app') });

  writeFileSync(ring, 'the keyring of a desktop');
  await open();
  expect(await store()).toMatchObject({ keeper: 'desktop', state: 'open' });
  await waitUntil('it goes on', async () => (await run()) === 'completed');
});
