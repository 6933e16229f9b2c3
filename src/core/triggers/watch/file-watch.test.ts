import { appendFileSync, mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
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

  it('also when both are of one size and one millisecond, and the content of the other was never read', async () => {
    lab.write('a.txt', 'old');
    await lab.start();
    await lab.pass(5_000);
    const { atime, mtime } = statSync(join(lab.root, 'a.txt'));
    lab.write('a.txt.new', 'new');
    utimesSync(join(lab.root, 'a.txt.new'), atime, mtime);
    lab.rename('a.txt.new', 'a.txt');
    lab.hint('a.txt.new', 'a.txt');
    await lab.pass(5_000);
    expect(lab.told).toEqual(['modified a.txt']);
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

  it('with batch, a file of which it hears later holds those before it back, and they are one delivery', async () => {
    await lab.start({ isBatch: true });
    for (const name of ['a.txt', 'b.txt', 'c.txt']) {
      lab.write(name, name);
      lab.hint(name);
      await lab.pass(700);
    }
    expect(lab.deliveries).toEqual([]);
    await lab.pass(1000);
    expect(lab.deliveries.map((events) => events.length)).toEqual([3]);
  });

  it('with batch, files that come without end are told every ten times the debounce', async () => {
    await lab.start({ isBatch: true });
    for (let index = 0; index < 60; index++) {
      lab.write(`${index}.txt`, String(index));
      lab.hint(`${index}.txt`);
      await lab.pass(500);
    }
    await lab.pass(2000);
    const sizes = lab.deliveries.map((events) => events.length);
    expect(sizes.length).toBeLessThanOrEqual(4);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(60);
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
