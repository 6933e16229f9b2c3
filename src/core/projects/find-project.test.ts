import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureProjectId, findProject, readProjectId, recentProjects, rememberProject, userDataDir } from './index.ts';

let home = '';
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'aiw-find-')));
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('findProject (DESIGN decision 1)', () => {
  it('takes the nearest folder upwards, by file or by folder', async () => {
    await mkdir(join(home, 'a', '.aiworkflow'), { recursive: true });
    await mkdir(join(home, 'a', 'b', 'c', 'd'), { recursive: true });
    await writeFile(join(home, 'a', 'b', 'aiworkflow.yaml'), '');
    await expect(findProject(join(home, 'a', 'b', 'c', 'd'), { home })).resolves.toEqual({
      path: join(home, 'a', 'b'),
      isFresh: false,
    });
    await expect(findProject(join(home, 'a'), { home })).resolves.toEqual({ path: join(home, 'a'), isFresh: false });
  });

  it('falls back to ~/AIWorkflow, fresh until it is one', async () => {
    await mkdir(join(home, 'x'));
    const path = join(home, 'AIWorkflow');
    await expect(findProject(join(home, 'x'), { home })).resolves.toEqual({ path, isFresh: true });
    await mkdir(path);
    await writeFile(join(path, 'aiworkflow.yaml'), '');
    await expect(findProject(join(home, 'x'), { home })).resolves.toEqual({ path, isFresh: false });
  });

  it('takes what is named and nothing else', async () => {
    await mkdir(join(home, 'p', 'q'), { recursive: true });
    await writeFile(join(home, 'p', 'aiworkflow.yaml'), '');
    await symlink(join(home, 'p'), join(home, 'link'));
    await expect(findProject(home, { home, explicit: 'link' })).resolves.toEqual({
      path: join(home, 'p'),
      isFresh: false,
    });
    await expect(findProject(join(home, 'p'), { home, explicit: 'q' })).resolves.toEqual({
      path: join(home, 'p', 'q'),
      isFresh: true,
    });
    await expect(findProject(home, { home, explicit: 'gone' })).rejects.toMatchObject({ code: 'project.not_found' });
  });

  it('does not take a file called .aiworkflow or a folder called aiworkflow.yaml for a project', async () => {
    await mkdir(join(home, 'aiworkflow.yaml'));
    await writeFile(join(home, '.aiworkflow'), '');
    expect((await findProject(home, { home })).path).toBe(join(home, 'AIWorkflow'));
  });
});

describe('user data (DESIGN decision 2)', () => {
  it.each([
    [{ AIWORKFLOW_USER_DIR: '/x', HOME: '/h' }, 'linux', '/x'],
    [{ HOME: '/h' }, 'linux', '/h/.local/share/aiworkflow'],
    [{ HOME: '/h', XDG_DATA_HOME: '/d' }, 'linux', '/d/aiworkflow'],
    [{ HOME: '/h' }, 'darwin', '/h/Library/Application Support/aiworkflow'],
  ])('%j on %s is %s', (env, platform, expected) => expect(userDataDir(env, platform)).toBe(expected));

  it('remembers projects, newest first, and survives a damaged list', async () => {
    const user = join(home, 'user');
    await mkdir(join(home, 'one'));
    await expect(recentProjects(user)).resolves.toEqual([]);
    await rememberProject(user, { path: join(home, 'one'), id: 'a' }, 1);
    await rememberProject(user, { path: join(home, 'two'), id: 'b' }, 2);
    await rememberProject(user, { path: join(home, 'one'), id: 'a' }, 3);
    const found = await recentProjects(user);
    expect(found.map((one) => [one.name, one.openedAt, one.isPresent])).toEqual([
      ['one', 3, true],
      ['two', 2, false],
    ]);
    for (let count = 0; count < 30; count++) await rememberProject(user, { path: `/p${count}`, id: 'x' }, count);
    expect(await recentProjects(user)).toHaveLength(20);
    expect((await recentProjects(user))[0]?.path).toBe('/p29');
    await writeFile(join(user, 'recent-projects.json'), '{"projects": [');
    await expect(recentProjects(user)).resolves.toEqual([]);
  });

  it('gives a project an id once', async () => {
    await expect(readProjectId(home)).resolves.toBeNull();
    const id = await ensureProjectId(home, () => '00000000-0000-4000-8000-000000000000');
    await expect(ensureProjectId(home, () => 'never')).resolves.toBe(id);
  });
});
