import fs, { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeardHints, WatchLab } from './watch.test-support.ts';

let lab: WatchLab;
let hints: HeardHints;
beforeEach(() => {
  lab = new WatchLab();
  hints = new HeardHints();
  lab.hints = hints;
});
afterEach(() => lab.dispose());

const at = (path: string): string => join(lab.root, path);

describe('a watch on a real tree, with the real hints', () => {
  it('5,000 files in a burst: each once per content', async () => {
    await lab.start({ events: new Set(['created', 'modified']) });
    const names = Array.from({ length: 5_000 }, (_, index) => `f${index}.txt`);
    await hints.hears(names.map(at), () => {
      for (const name of names) writeFileSync(at(name), name);
    });
    await lab.pass(20_000);
    await lab.watch.rescan();
    await lab.pass(20_000);
    expect([...lab.told].sort()).toEqual(names.map((name) => `created ${name}`).sort());
    await hints.hears(names.map(at), () => {
      for (const name of names) writeFileSync(at(name), `${name}, second content`);
    });
    await lab.pass(20_000);
    expect(lab.told.slice(5_000).sort()).toEqual(names.map((name) => `modified ${name}`).sort());
  });

  it.each([
    ['in place', (path: string, text: string) => writeFileSync(path, text)],
    [
      'to another file that is renamed',
      (path: string, text: string) => {
        writeFileSync(`${path}.saving`, text);
        renameSync(`${path}.saving`, path);
      },
    ],
    [
      'with a backup of the old content that is removed',
      (path: string, text: string) => {
        renameSync(path, `${path}~`);
        writeFileSync(path, text);
        rmSync(`${path}~`);
      },
    ],
  ] as const)('500 saves %s: modified 500 times, never deleted', async (_style, save) => {
    lab.write('a.txt', 'old');
    await lab.start();
    await lab.pass(2_000);
    for (let count = 0; count < 500; count++) {
      await hints.hears([at('a.txt')], () => save(at('a.txt'), `save ${count}`));
      await lab.pass(1_500);
    }
    expect(new Set(lab.told)).toEqual(new Set(['modified a.txt']));
    expect(lab.told).toHaveLength(500);
  });

  it('what is there when it begins is not told, links to files neither', async () => {
    lab.write('sub/a.txt', 'a');
    symlinkSync('sub/a.txt', at('latest.txt'));
    await lab.start();
    await lab.pass(20_000);
    await lab.watch.rescan();
    await lab.pass(20_000);
    expect(lab.told).toEqual([]);
    expect([...lab.cursor.files.keys()].sort()).toEqual(['latest.txt', 'sub/a.txt']);
  });

  it.each([
    ['takes them', false],
    ['takes none while the tree is walked', true],
  ])('5,000 files that are there when it begins for the first time, by a cursor that %s', async (_words, isBusy) => {
    const names = Array.from({ length: 5_000 }, (_, index) => `d${index % 7}/f${index}.txt`);
    for (const name of names) {
      lab.write(name, name);
      utimesSync(at(name), 1_000, 1_000);
    }
    const { write } = lab.cursor;
    let writes = 0;
    lab.cursor.write = (change) => {
      writes += 1;
      if (isBusy && writes === 1) throw new Error('busy');
      write(change);
    };
    await lab.start();
    expect(lab.watch.state()).toMatchObject({ status: 'watching', files: 5_000 });
    await lab.pass(20_000);
    expect(lab.told).toEqual([]);
    await lab.stop();
    lab.write('d0/f0.txt', 'changed');
    lab.remove('d1/f1.txt');
    await lab.start();
    await lab.pass(20_000);
    expect([...lab.told].sort()).toEqual(['deleted d1/f1.txt', 'modified d0/f0.txt']);
    expect(lab.cursor.count()).toBe(4_999);
  });

  it('folders that come with files in them, deep down and at once', async () => {
    await lab.start();
    await hints.hears([at('a')], () => {
      for (const name of ['a/b/c/1.txt', 'a/b/2.txt', 'a/3.txt']) lab.write(name, name);
    });
    await lab.pass(2_000);
    expect([...lab.told].sort()).toEqual(['created a/3.txt', 'created a/b/2.txt', 'created a/b/c/1.txt']);
    await hints.hears([at('a/b/c/late.txt')], () => lab.write('a/b/c/late.txt', 'late'));
    await lab.pass(2_000);
    expect(lab.told).toContain('created a/b/c/late.txt');
  });

  it('a folder that is moved away and one that takes its place', async () => {
    lab.write('a/1.txt', 'one');
    await lab.start();
    await lab.pass(2_000);
    await hints.hears([at('a')], () => renameSync(at('a'), join(lab.folder, 'away')));
    mkdirSync(at('a'));
    await lab.pass(2_000);
    expect(lab.told).toEqual(['deleted a/1.txt']);
    await lab.watch.rescan();
    await hints.hears([at('a/2.txt')], () => lab.write('a/2.txt', 'two'));
    await lab.pass(2_000);
    expect(lab.told).toEqual(['deleted a/1.txt', 'created a/2.txt']);
  });

  it('the root that is moved away is noticed', async () => {
    lab.write('a.txt', 'a');
    await lab.start();
    await lab.pass(2_000);
    await hints.hears([lab.root], () => renameSync(lab.root, join(lab.folder, 'away')));
    await lab.pass(2_000);
    expect(lab.watch.state().status).toBe('unavailable');
    renameSync(join(lab.folder, 'away'), lab.root);
    await lab.pass(6_000);
    await hints.hears([at('b.txt')], () => lab.write('b.txt', 'b'));
    await lab.pass(2_000);
    expect(lab.told).toEqual(['created b.txt']);
  });

  it('environment variables that turn the library to polling are not obeyed', async () => {
    process.env.CHOKIDAR_USEPOLLING = '1';
    process.env.CHOKIDAR_INTERVAL = '3600000';
    await lab.start();
    expect(Object.keys(process.env).filter((name) => name.startsWith('CHOKIDAR'))).toEqual([]);
    await hints.hears([at('a.txt')], () => lab.write('a.txt', 'a'));
    await lab.pass(2_000);
    expect(lab.told).toEqual(['created a.txt']);
  });

  it('folders that the system refuses to watch are polled, with a notice, and the others are not', async () => {
    lab.write('heard/a.txt', 'a');
    lab.write('refused/a.txt', 'a');
    const { watch } = fs;
    fs.watch = ((path: string, ...rest: readonly never[]) => {
      if (!path.endsWith('refused')) return watch(path, ...rest);
      throw Object.assign(new Error('System limit for number of file watchers reached'), {
        code: 'ENOSPC',
        path,
        filename: path,
      });
    }) as typeof watch;
    syncBuiltinESMExports();
    try {
      await lab.start();
    } finally {
      fs.watch = watch;
      syncBuiltinESMExports();
    }
    expect(hints.lost).toEqual([`ENOSPC ${at('refused')}`]);
    expect(lab.watch.state().notices).toEqual([
      expect.stringMatching(/^refused is looked at every 5 seconds: .*limit/),
    ]);
    lab.write('refused/b.txt', 'b');
    await hints.hears([at('heard/b.txt')], () => lab.write('heard/b.txt', 'b'));
    await lab.pass(7_000);
    expect([...lab.told].sort()).toEqual(['created heard/b.txt', 'created refused/b.txt']);
  });
});
