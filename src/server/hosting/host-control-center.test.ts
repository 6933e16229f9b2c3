import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { appLog } from '../../core/app-log/index.ts';
import type { ControlCenterOptions } from '../../core/control-center.ts';
import type { LiveBatch } from '../../shared/contract/index.ts';
import type { AppError } from '../../shared/errors.ts';
import type { Actor } from '../../shared/model/run.ts';
import { type HostedControlCenter, hostControlCenter } from './host-control-center.ts';

const entry = new URL('../../../tests/support/doors/fake-control-center-worker.ts', import.meta.url);
const actor: Actor = { kind: 'user', id: 'somebody', door: 'browser' };
const userDataDir = mkdtempSync(join(tmpdir(), 'aiw-hosted-'));
afterAll(() => rmSync(userDataDir, { recursive: true, force: true }));
const optionsFor = (projectPath: string): ControlCenterOptions => ({
  projectPath,
  door: 'browser',
  resumeOpenRuns: true,
  examplesDir: '/examples',
  resourcesDir: '/resources',
  version: '0.0.0',
  userDataDir,
  home: '/home',
});

describe('hosted control center', () => {
  let center: HostedControlCenter | null = null;
  const open = async (projectPath = '/project'): Promise<HostedControlCenter> => {
    center = await hostControlCenter(optionsFor(projectPath), { entry });
    return center;
  };
  afterEach(async () => {
    await center?.close();
    center = null;
  });

  it('carries calls, the actor and answers, many at a time', async () => {
    const hosted = await open();
    expect(hosted.project().path).toBe('/project');
    const refs = Array.from({ length: 50 }, (_, index) => `ref-${index}`);
    const answers = await Promise.all(refs.map((ref) => hosted.call('workflows.get', { ref }, actor)));
    expect(answers).toEqual(refs.map((ref) => ({ ok: true, value: { name: 'workflows.get', input: { ref }, actor } })));
  });

  it('answers refusals as records', async () => {
    const hosted = await open();
    expect(await hosted.call('no.such', {}, actor)).toMatchObject({ error: { code: 'contract.unknown_operation' } });
    expect(await hosted.call('runs.get', {}, actor)).toMatchObject({ error: { code: 'contract.invalid_input' } });
    expect(await hosted.call('runs.get', { runId: () => 1 }, actor)).toMatchObject({
      error: { code: 'contract.invalid_input' },
    });
    expect(await hosted.call('examples.list', {}, actor)).toMatchObject({ error: { code: 'internal.bug' } });
  });

  it('carries live batches until the listener leaves', async () => {
    const hosted = await open();
    const batches: LiveBatch[] = [];
    const leave = hosted.subscribe((batch) => batches.push(batch));
    await hosted.call('runs.counts', {}, actor);
    leave();
    await hosted.call('runs.counts', {}, actor);
    expect(batches).toEqual([{ number: 1, events: [{ kind: 'library' }] }]);
  });

  it('rejects with the error that opening met, and never with the text of a bug', async () => {
    await expect(hostControlCenter(optionsFor('/held'), { entry })).rejects.toMatchObject({ code: 'lease.held' });
    const bug: AppError = await hostControlCenter(optionsFor('/broken'), { entry }).catch((error) => error);
    expect(bug.code).toBe('internal.bug');
    expect(JSON.stringify(bug.toRecord())).not.toContain('secret');
    await expect(
      hostControlCenter(optionsFor('/project'), { entry: new URL('./no-such-worker.ts', import.meta.url) }),
    ).rejects.toMatchObject({ code: 'internal.bug' });
    // A process that ends for it leaves the cause behind.
    expect(readFileSync(appLog.file ?? '', 'utf8')).toContain('no-such-worker.ts');
  });

  it('answers every waiting call and tells the host when the worker dies', async () => {
    const hosted = await open();
    const crashed = new Promise<AppError>((resolve) => hosted.onCrash(resolve));
    const waiting = hosted.call('doctor.run', {}, actor);
    const crashing = hosted.call('doctor.fix', {}, actor);
    for (const call of [waiting, crashing]) {
      expect(await call).toMatchObject({ ok: false, error: { code: 'internal.bug' } });
    }
    expect(await hosted.call('app.info', {}, actor)).toMatchObject({ ok: false, error: { code: 'internal.bug' } });
    expect((await crashed).code).toBe('internal.bug');
  });

  it('closes once the control center is closed; later calls say that the app is closing', async () => {
    const hosted = await open();
    const waiting = hosted.call('doctor.run', {}, actor);
    const crashes: AppError[] = [];
    hosted.onCrash((error) => crashes.push(error));
    await Promise.all([hosted.close(), hosted.close()]);
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'engine.stopped' } });
    expect(await hosted.call('app.info', {}, actor)).toMatchObject({ error: { code: 'engine.stopped' } });
    expect(crashes).toEqual([]);
  });
});
