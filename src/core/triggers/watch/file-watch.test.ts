import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../crypto/index.ts';
import { WatchLab } from './watch.test-support.ts';

let lab: WatchLab;
beforeEach(() => {
  lab = new WatchLab();
});
afterEach(() => lab.dispose());

describe('what happened to a file', () => {
  it('created, modified and deleted are told once, with size and hash, after the debounce', async () => {
    await lab.start();
    lab.write('in/a.txt', 'one');
    lab.hint('in', 'in/a.txt');
    await lab.pass(999);
    expect(lab.told).toEqual([]);
    await lab.pass(1);
    expect(lab.deliveries.flat()).toEqual([
      expect.objectContaining({ type: 'created', path: 'in/a.txt', from: null, size: 3, hash: sha256Hex('one') }),
    ]);
    lab.write('in/a.txt', 'three');
    lab.hint('in/a.txt');
    await lab.pass(1000);
    lab.remove('in/a.txt');
    lab.hint('in/a.txt');
    await lab.pass(1000);
    await lab.pass(60 * 60_000);
    expect(lab.told).toEqual(['created in/a.txt', 'modified in/a.txt', 'deleted in/a.txt']);
    expect(lab.deliveries.flat()[1]).toMatchObject({ size: 5, hash: sha256Hex('three') });
  });

  it('created and modified is created; created and deleted is nothing; touched is nothing', async () => {
    lab.write('old.txt', 'old');
    await lab.start();
    lab.write('a.txt', '1');
    lab.write('b.txt', '1');
    lab.hint('a.txt', 'b.txt');
    await lab.pass(500);
    lab.write('a.txt', '12');
    lab.remove('b.txt');
    lab.hint('a.txt', 'b.txt');
    await lab.pass(5_000);
    expect(lab.told).toEqual(['created a.txt']);
    utimesSync(join(lab.root, 'a.txt'), new Date(), new Date(Date.now() + 60_000));
    lab.hint('a.txt');
    await lab.pass(5_000);
    expect(lab.told).toEqual(['created a.txt']);
  });

  it('a rename is moved, with both paths, also of a whole folder and of files whose content was never read', async () => {
    lab.write('sub/a.txt', 'aaa');
    lab.write('sub/b.txt', 'bbbb');
    await lab.start();
    lab.write('new.txt', 'new');
    lab.hint('new.txt');
    await lab.pass(1000);
    lab.rename('new.txt', 'newer.txt');
    lab.hint('new.txt', 'newer.txt');
    lab.rename('sub', 'gone');
    lab.hint('sub', 'gone');
    await lab.pass(3000);
    expect([...lab.told].sort()).toEqual([
      'created new.txt',
      'moved new.txt -> newer.txt',
      'moved sub/a.txt -> gone/a.txt',
      'moved sub/b.txt -> gone/b.txt',
    ]);
  });

  it('a file that is put onto another one by a rename modified the other, and deleted nothing', async () => {
    lab.write('a.txt', 'old');
    await lab.start();
    lab.write('a.txt.new', 'new');
    lab.hint('a.txt.new');
    await lab.pass(5_000);
    lab.rename('a.txt.new', 'a.txt');
    lab.hint('a.txt.new', 'a.txt');
    await lab.pass(5_000);
    expect(lab.told).toEqual(['created a.txt.new', 'modified a.txt']);
  });

  it('a folder replaced by a file, and a file replaced by a folder', async () => {
    lab.write('x/a.txt', 'a');
    lab.write('y', 'y');
    await lab.start();
    lab.remove('x');
    lab.write('x', 'now a file');
    lab.remove('y');
    lab.write('y/b.txt', 'in a folder');
    lab.hint('x', 'y');
    await lab.pass(3_000);
    expect([...lab.told].sort()).toEqual(['created x', 'created y/b.txt', 'deleted x/a.txt', 'deleted y']);
  });

  it('only the events that are asked for are told, and the others are known nevertheless', async () => {
    lab.write('a.txt', 'a');
    await lab.start({ events: new Set(['modified']) });
    lab.write('b.txt', 'b');
    lab.hint('b.txt');
    await lab.pass(1000);
    lab.write('b.txt', 'bb');
    lab.remove('a.txt');
    lab.hint('b.txt', 'a.txt');
    await lab.pass(1000);
    expect(lab.told).toEqual(['modified b.txt']);
    expect([...lab.cursor.files.keys()]).toEqual(['b.txt']);
  });

  it('with batch, files that come to rest together are one delivery', async () => {
    await lab.start({ isBatch: true });
    for (const name of ['a.txt', 'b.txt', 'c.txt']) lab.write(name, name);
    lab.hint('a.txt', 'b.txt', 'c.txt');
    await lab.pass(1000);
    expect(lab.deliveries.map((events) => events.length)).toEqual([3]);
  });

  it('ignored folders are not entered, links out of the root are not followed, links inside it are files', async () => {
    mkdirSync(join(lab.folder, 'outside'));
    writeFileSync(join(lab.folder, 'outside', 'secret.txt'), 'secret');
    await lab.start({ ignorePatterns: ['build/**'] });
    lab.write('build/a.txt', 'a');
    lab.write('real.txt', 'r');
    symlinkSync(join(lab.folder, 'outside'), join(lab.root, 'out'));
    symlinkSync(join(lab.folder, 'outside', 'secret.txt'), join(lab.root, 'secret.txt'));
    symlinkSync('real.txt', join(lab.root, 'latest.txt'));
    symlinkSync('.', join(lab.root, 'loop'));
    await lab.watch.rescan();
    await lab.pass(1000);
    expect([...lab.told].sort()).toEqual(['created latest.txt', 'created real.txt']);
  });
});

describe('a file that is not complete', () => {
  it('a copy in progress when the watch begins is one event, when it is complete', async () => {
    lab.write('done.txt', 'complete');
    lab.write('big.bin', 'x');
    await lab.start();
    for (let count = 0; count < 24; count++) {
      await lab.pass(400);
      appendFileSync(join(lab.root, 'big.bin'), 'x'.repeat(100));
      if (count % 5 === 0) lab.hint('big.bin');
    }
    expect(lab.told).toEqual([]);
    await lab.pass(60_000);
    expect(lab.deliveries.flat()).toEqual([expect.objectContaining({ type: 'created', path: 'big.bin', size: 2401 })]);
  });

  it('the same when the app was off', async () => {
    await lab.start();
    await lab.stop();
    lab.write('big.bin', 'x');
    await lab.start();
    await lab.pass(700);
    appendFileSync(join(lab.root, 'big.bin'), 'y');
    await lab.pass(60_000);
    expect(lab.deliveries.flat()).toEqual([expect.objectContaining({ type: 'created', size: 2 })]);
  });
});

describe('while the watch is off', () => {
  it('what arrived and changed is told at the next start, once', async () => {
    lab.write('a.txt', 'a');
    lab.write('b.txt', 'b');
    await lab.start();
    await lab.pass(5_000);
    expect(lab.told).toEqual([]);
    await lab.stop();
    lab.write('a.txt', 'changed');
    lab.write('c.txt', 'c');
    await lab.start();
    await lab.pass(5_000);
    expect([...lab.told].sort()).toEqual(['created c.txt', 'modified a.txt']);
    await lab.stop();
    await lab.start();
    await lab.pass(5_000);
    expect(lab.told).toHaveLength(2);
  });

  it('with catch_up none nothing of it is told, but what comes after is', async () => {
    lab.write('a.txt', 'a');
    lab.write('b.txt', 'b');
    await lab.start({ catchesUp: false });
    await lab.stop();
    lab.write('a.txt', 'changed');
    lab.write('c.txt', 'c');
    lab.remove('b.txt');
    await lab.start({ catchesUp: false });
    await lab.pass(5_000);
    expect(lab.told).toEqual([]);
    lab.write('a.txt', 'again');
    lab.hint('a.txt');
    await lab.pass(5_000);
    expect(lab.told).toEqual(['modified a.txt']);
    expect([...lab.cursor.files.keys()].sort()).toEqual(['a.txt', 'c.txt']);
  });
});

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

describe('a watch that is held', () => {
  it('keeps what happens and tells it once it is released', async () => {
    await lab.start();
    lab.answer = () => (lab.told.length < 2 ? 'taken' : 'held');
    for (const name of ['a', 'b', 'c', 'd']) lab.write(name, name);
    lab.hint('a', 'b', 'c', 'd');
    await lab.pass(5_000);
    expect(lab.watch.state().status).toBe('held');
    lab.write('e', 'e');
    lab.hint('e');
    await lab.pass(60_000);
    expect(lab.told).toEqual(['created a', 'created b']);
    lab.answer = () => 'taken';
    await lab.watch.release();
    await lab.pass(5_000);
    expect([...lab.told].sort()).toEqual(['created a', 'created b', 'created c', 'created d', 'created e']);
  });

  it('tells it after a restart too', async () => {
    await lab.start();
    lab.answer = () => 'held';
    lab.write('a', 'a');
    lab.hint('a');
    await lab.pass(5_000);
    await lab.stop();
    lab.answer = () => 'taken';
    await lab.start();
    await lab.pass(5_000);
    expect(lab.told).toEqual(['created a']);
  });
});

it('a watch that is closed leaves no timer', async () => {
  await lab.start();
  lab.write('a', 'a');
  lab.hint('a');
  await lab.stop();
  expect(lab.clock.timers).toBe(0);
});
