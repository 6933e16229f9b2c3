import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBundle, readBundleOutline } from '../bundles/index.ts';
import { findProject, initProject, projectPaths } from '../projects/index.ts';
import { ensureStateDirs } from '../projects/project-paths.ts';
import { refuseSystemFolder } from './system-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aiw-system-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const isLinux = process.platform === 'linux';
if (!isLinux) console.log('skipped: only Linux has these folders');

describe.runIf(isLinux)('folders of the system (Linux)', () => {
  const PLACES = ['/proc', '/proc/self', '/proc/self/nowhere/at/all', '/sys', '/sys/kernel', '/dev', '/dev/pts'];
  const refused = expect.objectContaining({ code: 'file.outside', hint: expect.any(String) });

  it.each(PLACES)('%s is refused as a project and as a bundle, at once', async (place) => {
    await expect(refuseSystemFolder(place)).rejects.toEqual(refused);
    await expect(findProject('/', { explicit: place, home: folder })).rejects.toEqual(refused);
    await expect(initProject(place, { force: true })).rejects.toEqual(refused);
    await expect(ensureStateDirs(projectPaths(place))).rejects.toEqual(refused);
    await expect(readBundle(place)).rejects.toEqual(refused);
    await expect(readBundleOutline(place)).rejects.toEqual(refused);
  });

  it('so is a link to one, and a plain folder is none', async () => {
    symlinkSync('/proc/self', join(folder, 'link'));
    await expect(refuseSystemFolder(join(folder, 'link'))).rejects.toEqual(refused);
    await refuseSystemFolder(folder);
    await refuseSystemFolder(join(folder, 'not', 'there', 'yet'));
    await refuseSystemFolder('/dev/shm');
    await refuseSystemFolder('/');
  });
});
