import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { interpreterFor } from './interpreter-for.ts';

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'aiw-interpreter-')));
  mkdirSync(join(dir, 'bin'));
  for (const name of ['sh', 'bash', 'ruby']) symlinkSync('/bin/sh', join(dir, 'bin', name));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function script(name: string, text: string, mode = 0o644): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}
const start = (path: string) => interpreterFor(path, join(dir, 'bin'));

if (process.platform === 'win32') console.log('skipped: Windows starts scripts by their ending, not by a shebang');
describe.runIf(process.platform !== 'win32')('SPEC §5.2 Start', () => {
  test('executable with a shebang: directly', async () => {
    const path = script('a.rb', '#!/bin/sh -e\n', 0o755);
    expect(await start(path)).toEqual({ command: path, args: [], env: {} });
  });

  test('executable, no shebang, no known extension: directly (a binary)', async () => {
    const path = script('a', '\u007fELF', 0o755);
    expect(await start(path)).toMatchObject({ command: path });
  });

  test('a copy without its exec bit goes through its shebang', async () => {
    const path = script('a', '#!/bin/sh -e -u  \necho\n');
    expect(await start(path)).toEqual({ command: '/bin/sh', args: ['-e -u', path], env: {} });
    const env = script('b', '#! /usr/bin/env ruby\n');
    expect(await start(env)).toEqual({ command: '/usr/bin/env', args: ['ruby', env], env: {} });
  });

  test('a shebang with a carriage return does not reach the kernel', async () => {
    const path = script('a', '#!/bin/sh\r\necho\r\n', 0o755);
    expect(await start(path)).toEqual({ command: '/bin/sh', args: [path], env: {} });
  });

  test('otherwise the extension decides; executable or not', async () => {
    for (const [name, interpreter] of [
      ['a.sh', 'sh'],
      ['a.bash', 'bash'],
      ['a.RB', 'ruby'],
    ] as const) {
      for (const mode of [0o644, 0o755]) {
        const path = script(name, 'echo', mode);
        expect(await start(path)).toEqual({ command: join(dir, 'bin', interpreter), args: [path], env: {} });
      }
    }
    for (const name of ['a.js', 'a.mjs', 'a.ts']) {
      expect(await start(script(name, ''))).toMatchObject({ command: process.execPath, env: {} });
    }
  });

  test('missing interpreters are named', async () => {
    const missing: [string, string, RegExp][] = [
      ['a.py', 'pass', /looked for python3, python, py/],
      ['a', '#!/usr/bin/env no-such-thing\n', /looked for no-such-thing/],
      ['b', '#!/no/such/thing\n', /looked for \/no\/such\/thing/],
      ['c', 'just text', /^Script not executable and no shebang: c$/],
    ];
    for (const [name, text, message] of missing) {
      for (const mode of name === 'c' ? [0o644] : [0o644, 0o755]) {
        await expect(start(script(name, text, mode))).rejects.toMatchObject({
          code: 'tool.interpreter_missing',
          message: expect.stringMatching(message),
        });
      }
    }
    await expect(start(join(dir, 'gone.sh'))).rejects.toMatchObject({ code: 'tool.spawn_failed' });
  });

  test('a shebang whose interpreter is missing falls back on the extension', async () => {
    const path = script('a.sh', '#!/no/such/thing\n', 0o755);
    expect(await start(path)).toMatchObject({ command: join(dir, 'bin', 'sh') });
  });
});
