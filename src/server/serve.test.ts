import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, signIn } from '../../tests/support/doors/browser-visitor.ts';
import { type BrowserHost, type BrowserHostOptions, linkFromHolder, startBrowserHost } from './serve.ts';
import { connectToHolder } from './socket-door/holder-client.ts';

const entry = new URL('../../tests/support/doors/fake-control-center-worker.ts', import.meta.url);
const VERSION = '1.0.0';

describe('browser host', () => {
  let folder: string;
  let host: BrowserHost | null = null;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'browser-host-'));
    mkdirSync(join(folder, 'client'));
    writeFileSync(join(folder, 'client', 'index.html'), 'the page');
  });
  afterEach(async () => {
    await host?.close();
    host = null;
    rmSync(folder, { recursive: true, force: true });
  });

  const stateDir = (project: string): string => join(folder, project, '.aiworkflow', 'state');
  const start = async (changes: Partial<BrowserHostOptions> = {}): Promise<BrowserHost> => {
    host = await startBrowserHost({
      center: {
        projectPath: join(folder, 'one'),
        resumeOpenRuns: true,
        examplesDir: folder,
        resourcesDir: folder,
        version: VERSION,
        userDataDir: folder,
        home: folder,
      },
      host: '127.0.0.1',
      port: 0,
      ifPortTaken: 'fail',
      ifHeld: 'attach',
      clientDir: join(folder, 'client'),
      hosting: { entry },
      ...changes,
    });
    return host;
  };

  it('opens both doors on one control center', async () => {
    const { url, port, newLink } = await start();
    const visitor = await signIn({ url, port, newLink, close: async () => undefined });
    const body = '{"name":"app.info","input":{}}';
    const reply = await ask(port, { method: 'POST', path: '/api/call', headers: visitor.headers, body });
    expect(reply.status).toBe(200);
    const holder = await connectToHolder(stateDir('one'), VERSION);
    expect(await holder?.call('app.info', {})).toMatchObject({ name: 'app.info' });
    holder?.close();
    expect(await linkFromHolder(stateDir('one'), VERSION)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/open\?code=/);
  });

  it('follows the control center to another project', async () => {
    await start();
    const holder = await connectToHolder(stateDir('one'), VERSION);
    await holder?.call('project.switch', { path: join(folder, 'two') });
    holder?.close();
    await expect.poll(() => connectToHolder(stateDir('two'), VERSION)).not.toBeNull();
    expect(await connectToHolder(stateDir('one'), VERSION)).toBeNull();
  });

  it('takes a free port or fails when its port is taken, as asked', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(start({ port })).rejects.toMatchObject({ code: 'usage.invalid', details: { port, taken: true } });
    expect((await start({ port, ifPortTaken: 'take_free' })).port).not.toBe(port);
    other.close();
  });

  it('leaves nothing behind when it is closed', async () => {
    const { close, ended, port } = await start();
    await close();
    expect(await ended).toBeNull();
    expect(existsSync(join(stateDir('one'), 'holder.json'))).toBe(false);
    await expect(ask(port, { path: '/' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await linkFromHolder(stateDir('one'), VERSION)).toBeNull();
  });

  it('closes its doors and says why when the control center crashes', async () => {
    const { ended } = await start();
    const holder = await connectToHolder(stateDir('one'), VERSION);
    await expect(holder?.call('doctor.fix', {})).rejects.toMatchObject({ code: 'internal.bug' });
    expect((await ended)?.code).toBe('internal.bug');
    expect(existsSync(join(stateDir('one'), 'holder.json'))).toBe(false);
  });
});
