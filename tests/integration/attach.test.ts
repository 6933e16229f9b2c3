import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HeadlessHost, startHeadlessHost } from '../../src/server/headless-host.ts';
import { AppCenter } from '../../src/server/hosting/app-center.ts';
import { connectToHolder } from '../../src/server/socket-door/holder-client.ts';
import type { LiveEvent } from '../../src/shared/contract/index.ts';
import type { Actor } from '../../src/shared/model/run.ts';
import { REPOSITORY_DIR } from '../support/paths.ts';
import { waitUntil } from '../support/wait-until.ts';

/** A lease that is held elsewhere is a normal start: the app attaches, and takes over when the holder goes (DESIGN decision 7). */
const ME: Actor = { kind: 'user', id: 'tester', door: 'desktop' };
let root: string;
const closing: { close(): Promise<void> }[] = [];
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'aiw-attach-')));
});
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
});

const options = (name = 'office') => ({
  projectPath: join(root, name),
  isFresh: true,
  examplesDir: join(REPOSITORY_DIR, 'examples'),
  resourcesDir: join(REPOSITORY_DIR, 'resources'),
  version: '0.0.0',
  userDataDir: join(root, 'user'),
  home: root,
});

async function host(name?: string): Promise<HeadlessHost> {
  const started = await startHeadlessHost(options(name));
  closing.push(started);
  return started;
}

async function app(name?: string): Promise<AppCenter> {
  const center = await AppCenter.open({
    ...options(name),
    door: 'desktop',
    resumeOpenRuns: true,
    servesTriggers: true,
  });
  closing.push(center);
  return center;
}

async function value(center: AppCenter, name: string, input: unknown = {}): Promise<unknown> {
  const answer = await center.call(name, input, ME);
  if (!answer.ok) throw Object.assign(new Error(answer.error.message), answer.error);
  return answer.value;
}

describe('an app beside a host without a window', () => {
  it('shows what the holder has, with its triggers served there', async () => {
    await host();
    const center = await app();
    expect(center.isHolding).toBe(false);
    expect(await value(center, 'triggers.list')).toMatchObject({ triggers: [], isHosting: true });
    const heard: LiveEvent[] = [];
    center.subscribe(({ events }) => heard.push(...events));
    await value(center, 'examples.install', { names: ['csv-report'] });
    await waitUntil('the library is heard to change', () => heard.some(({ kind }) => kind === 'library'));
    expect(await value(center, 'workflows.list')).toMatchObject({ workflows: [{ id: 'csv-report' }] });
  });

  it('lets nobody sign in: the holder would take every call for one of the user of the system', async () => {
    await host();
    const center = await app();
    for (const [name, input, credential] of [
      ['sessions.open', { username: 'bob', password: 'whatever it is' }, undefined],
      ['workflows.list', {}, 'some session'],
    ] as const) {
      const answer = await center.call(name, input, { ...ME, ...(credential === undefined ? {} : { credential }) });
      expect(answer).toMatchObject({ ok: false, error: { code: 'access.denied' } });
    }
  });

  it('takes the project over when the holder goes, and every screen begins anew', async () => {
    const holder = await host();
    const center = await app();
    await value(center, 'examples.install', { names: ['csv-report'] });
    const heard: LiveEvent[] = [];
    center.subscribe(({ events }) => heard.push(...events));
    await holder.close();
    await waitUntil('the app holds the project', () => center.isHolding);
    expect(heard).toContainEqual({ kind: 'project', path: join(root, 'office') });
    expect(await value(center, 'triggers.list')).toMatchObject({ isHosting: true });
    expect(await value(center, 'workflows.list')).toMatchObject({ workflows: [{ id: 'csv-report' }] });
  });

  it('answers every call, and says why, where the holder goes and the project cannot be opened here', async () => {
    const holder = await host();
    const opening = { ...options(), door: 'desktop', resumeOpenRuns: true } as const;
    const center = await AppCenter.open(opening, { entry: new URL('./no-such-worker.ts', import.meta.url) });
    closing.push(center);
    const crashes: string[] = [];
    center.onCrash(({ code }) => crashes.push(code));
    await holder.close();
    expect(await center.call('workflows.list', {}, ME)).toMatchObject({ ok: false, error: { code: 'internal.bug' } });
    await waitUntil('the app is told', () => crashes.length > 0);
  });

  it('goes to another project by itself and leaves the holder alone', async () => {
    await host();
    const center = await app();
    expect(await value(center, 'project.switch', { path: join(root, 'other') })).toEqual({ path: join(root, 'other') });
    expect(center.isHolding).toBe(true);
    expect(center.project().path).toBe(join(root, 'other'));
    const holder = await connectToHolder(join(root, 'office', '.aiworkflow', 'state'), '0.0.0');
    expect(await holder?.call('app.info', {})).toMatchObject({ project: { path: join(root, 'office') } });
    holder?.close();
  });

  it('holds its own project where nobody does', async () => {
    const center = await app();
    expect(center.isHolding).toBe(true);
  });
});
