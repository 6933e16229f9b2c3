import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../shared/model/access.ts';
import { ensureProjectId, projectPaths } from '../projects/index.ts';
import { Store } from '../storage/index.ts';
import { systemClock } from '../time/index.ts';
import { glanceAt, openAccess } from './open-access.ts';

const ANN: Caller = { kind: 'user', id: 'ann', door: 'cli' };

describe('looking up rights without holding the project', () => {
  let root: string;
  let projectPath: string;
  let storeFile: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'aiw-glance-')));
    projectPath = join(root, 'office');
    ({ storeFile } = projectPaths(projectPath));
    mkdirSync(dirname(storeFile), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const glance = (caller: Caller = ANN) =>
    glanceAt({ projectPath, userDataDir: join(root, 'user'), storeFile, clock: systemClock }, caller);
  const openStore = (): Store =>
    new Store({
      storeFile,
      logsFile: join(dirname(storeFile), 'logs.db'),
      blobsDir: join(root, 'blobs'),
      onLog: () => undefined,
      onConversation: () => undefined,
    });
  const files = (): readonly string[] => readdirSync(root, { recursive: true }).map(String).sort();

  it('where no project is yet, whoever comes first may do everything, and nothing is made', async () => {
    const before = files();
    expect((await glance()).permissions.has('config:manage')).toBe(true);
    await expect(glance({ ...ANN, credential: 'aiw_0' })).rejects.toMatchObject({ code: 'access.bad_token' });
    expect(files()).toEqual(before);
  });

  it('says what the store says, while it is held and after, and leaves nothing behind', async () => {
    const store = openStore();
    const access = await openAccess(store.access, { projectPath, userDataDir: join(root, 'user'), clock: systemClock });
    await access.identify(ANN);
    await access.users.create({ username: 'boss', email: null, metadata: {}, roles: ['admin'], password: null });
    access.roles.revoke('ann', 'admin');
    access.roles.assign('ann', 'executor');
    const held = await glance();
    expect([held.permissions.has('workflow:execute'), held.permissions.has('config:manage')]).toEqual([true, false]);
    store.close();
    const before = files();
    expect((await glance()).permissions).toEqual(held.permissions);
    expect(files()).toEqual(before);
  });

  it('of a store that cannot be read only looking at files is left', async () => {
    await ensureProjectId(projectPath, () => '00000000-0000-0000-0000-000000000000');
    writeFileSync(storeFile, 'this is no database, whatever its name says'.repeat(100));
    expect([...(await glance()).permissions]).toEqual(['workflow:read', 'tool:read', 'agent:read']);
    await expect(glance({ ...ANN, credential: 'aiw_0' })).rejects.toMatchObject({ code: 'store.corrupt' });
  });
});
