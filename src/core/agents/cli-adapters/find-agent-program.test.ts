import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { behindShim } from './find-agent-program.ts';

it.each([
  [
    'agent.cmd',
    '@ECHO off\r\n"%dp0%\\node_modules\\some-agent\\bin\\some.exe"   %*\r\n',
    ['node_modules', 'some-agent', 'bin', 'some.exe'],
  ],
  ['agent.cmd', '@"%~dp0\\bin\\some.exe" %*\r\n', ['bin', 'some.exe']],
  ['agent.cmd', '@node script.js %*', ['agent.cmd']],
  ['agent', '"%dp0%\\some.exe"', ['agent']],
])('finds the program behind %s with %j', async (name, text, expected) => {
  const folder = await mkdtemp(join(tmpdir(), 'aiw-shim-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, name), text);
  expect(await behindShim(join(folder, name))).toBe(join(folder, ...expected));
});
