import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WatchLab } from './watch.test-support.ts';

let lab: WatchLab;
beforeEach(() => {
  lab = new WatchLab();
});
afterEach(() => lab.dispose());

describe('a root that cannot be seen', () => {
  const NAMES = Array.from({ length: 20 }, (_, index) => `f${index}.txt`);

  it('vanishes and comes back: nothing is deleted, and what changed meanwhile is told', async () => {
    for (const name of NAMES) lab.write(name, name);
    await lab.start();
    await lab.pass(20_000);
    renameSync(lab.root, join(lab.folder, 'away'));
    lab.hint('', 'root', ...NAMES);
    await lab.pass(60_000);
    expect(lab.watch.state()).toMatchObject({ status: 'unavailable', reason: expect.stringContaining('is not there') });
    mkdirSync(lab.root);
    await lab.pass(60_000);
    expect(lab.watch.state().reason).toContain('came back empty');
    rmSync(lab.root, { recursive: true });
    renameSync(join(lab.folder, 'away'), lab.root);
    lab.write('f0.txt', 'changed while away');
    await lab.pass(60_000);
    expect(lab.watch.state().status).toBe('watching');
    expect(lab.told).toEqual(['modified f0.txt']);
  });

  it('comes back empty while the app was off', async () => {
    for (const name of NAMES.slice(0, 2)) lab.write(name, name);
    await lab.start();
    await lab.pass(20_000);
    await lab.stop();
    renameSync(lab.root, join(lab.folder, 'away'));
    mkdirSync(lab.root);
    await lab.start();
    await lab.pass(60_000);
    expect(lab.watch.state().status).toBe('unavailable');
    expect(lab.told).toEqual([]);
    expect(lab.cursor.count()).toBe(2);
  });

  it('more than half gone at once: asked, nothing told until a person answers', async () => {
    for (const name of NAMES) lab.write(name, name);
    await lab.start();
    await lab.pass(20_000);
    for (const name of NAMES.slice(0, 11)) lab.remove(name);
    lab.write('new.txt', 'new');
    lab.hint(...NAMES, 'new.txt');
    await lab.pass(1_000);
    lab.write('newer.txt', 'newer');
    lab.hint('newer.txt');
    await lab.pass(60_000);
    expect(lab.watch.state()).toMatchObject({ status: 'asking', question: { gone: 11 } });
    expect(lab.watch.state().reason).toMatch(
      /^11 of 2\d files are gone at once\. Were they deleted, or will they be back\?$/,
    );
    expect(lab.told.filter((line) => line !== 'created new.txt')).toEqual([]);
    await lab.watch.answer('gone');
    await lab.pass(5_000);
    expect(lab.told.filter((line) => line.startsWith('deleted'))).toHaveLength(11);
    expect(lab.told).toContain('created newer.txt');
  });

  it('answered with keep, the rest goes on and the files stay known; back again they are no news', async () => {
    for (const name of NAMES) lab.write(`disk/${name}`, name);
    lab.write('a.txt', 'a');
    await lab.start();
    await lab.pass(20_000);
    renameSync(join(lab.root, 'disk'), join(lab.folder, 'disk'));
    lab.hint('disk');
    await lab.pass(5_000);
    await lab.watch.answer('keep');
    lab.write('a.txt', 'changed');
    lab.hint('a.txt');
    await lab.pass(10 * 60_000);
    expect(lab.watch.state().status).toBe('watching');
    renameSync(join(lab.folder, 'disk'), join(lab.root, 'disk'));
    lab.hint('disk');
    await lab.pass(5_000);
    expect(lab.told).toEqual(['modified a.txt']);
    expect(lab.cursor.count()).toBe(21);
  });

  it('a question is taken back when the files come back by themselves', async () => {
    for (const name of NAMES) lab.write(`disk/${name}`, name);
    await lab.start();
    await lab.pass(20_000);
    renameSync(join(lab.root, 'disk'), join(lab.folder, 'disk'));
    lab.hint('disk');
    await lab.pass(5_000);
    expect(lab.watch.state().status).toBe('asking');
    renameSync(join(lab.folder, 'disk'), join(lab.root, 'disk'));
    await lab.pass(20_000);
    expect(lab.watch.state()).toMatchObject({ status: 'watching', question: null });
    expect(lab.told).toEqual([]);
  });

  it('an inbox that is emptied file by file is not asked about where deletions are not told', async () => {
    for (const name of NAMES) lab.write(name, name);
    await lab.start({ events: new Set(['created']) });
    await lab.pass(20_000);
    for (const name of NAMES) lab.remove(name);
    lab.hint(...NAMES);
    await lab.pass(5_000);
    expect(lab.watch.state()).toMatchObject({ status: 'watching', files: 0 });
  });
});

describe('what the system does not tell', () => {
  it('limits reached: that part is polled, and the watch says which part and why', async () => {
    lab.write('sub/deep/a.txt', 'a');
    await lab.start();
    await lab.pass(20_000);
    lab.scripted.listener?.onLost(join(lab.root, 'sub'), 'ENOSPC');
    lab.scripted.listener?.onLost(join(lab.root, 'sub/deep'), 'ENOSPC');
    expect(lab.watch.state().notices).toEqual([
      'sub is looked at every 5 seconds: the limit of the system for watched folders is reached (fs.inotify.max_user_watches).',
    ]);
    lab.write('sub/deep/b.txt', 'b');
    lab.write('other.txt', 'nobody tells');
    await lab.pass(6_500);
    expect(lab.told).toEqual(['created sub/deep/b.txt']);
    await lab.pass(5 * 60_000);
    expect(lab.told).toContain('created other.txt');
  });

  it('the whole root lost: all of it is polled', async () => {
    await lab.start();
    lab.scripted.listener?.onLost(lab.root, 'EMFILE');
    expect(lab.watch.state().notices).toEqual([
      expect.stringMatching(/^The whole folder is looked at every 5 seconds: .*open files/),
    ]);
    lab.write('a.txt', 'a');
    await lab.pass(6_500);
    expect(lab.told).toEqual(['created a.txt']);
  });

  it('a network file system is polled and gets no hints', async () => {
    await lab.start({ isNetwork: async () => true });
    expect(lab.scripted.listener).toBeNull();
    expect(lab.watch.state().notices).toEqual([expect.stringContaining('lies on a network')]);
    lab.write('sub/a.txt', 'a');
    await lab.pass(6_500);
    expect(lab.told).toEqual(['created sub/a.txt']);
  });

  it('after a sleep of the machine the whole tree is looked at', async () => {
    await lab.start();
    await lab.pass(25_000);
    lab.write('a.txt', 'a');
    lab.clock.sleep(40 * 60_000);
    await lab.pass(7_000);
    expect(lab.told).toEqual(['created a.txt']);
  });

  // Root may read everything.
  if (process.getuid?.() === 0) console.log('skipped: only who is not root has folders that may not be read');
  it.runIf(process.getuid?.() !== 0)(
    'a folder that may not be read: its files are not gone, and it is named',
    async () => {
      lab.write('locked/a.txt', 'a');
      await lab.start();
      chmodSync(join(lab.root, 'locked'), 0o000);
      await lab.watch.rescan();
      await lab.pass(5_000);
      chmodSync(join(lab.root, 'locked'), 0o755);
      expect(lab.watch.state().notices).toEqual(['locked cannot be read, nothing in it is seen.']);
      expect(lab.told).toEqual([]);
    },
  );
});
