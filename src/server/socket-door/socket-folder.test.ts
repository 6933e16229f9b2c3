import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isOwnSocket, newSocketPath } from './socket-folder.ts';

describe('the folder of local sockets', () => {
  let runtimeDir: string;
  beforeEach(() => {
    runtimeDir = mkdtempSync(join(tmpdir(), 'runtime-'));
    vi.stubEnv('XDG_RUNTIME_DIR', runtimeDir);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(runtimeDir, { recursive: true, force: true });
  });
  const own = (): string => join(runtimeDir, 'aiworkflow');

  it('is made for this user alone, and closed again when it was opened', () => {
    expect(dirname(newSocketPath())).toBe(own());
    chmodSync(own(), 0o777);
    newSocketPath();
    expect(lstatSync(own()).mode & 0o777).toBe(0o700);
  });

  it('is never a link, nor a path that no socket can have', () => {
    const elsewhere = join(runtimeDir, 'elsewhere');
    mkdirSync(elsewhere, { mode: 0o700 });
    symlinkSync(elsewhere, own());
    expect(dirname(newSocketPath())).not.toBe(own());
    vi.stubEnv('XDG_RUNTIME_DIR', join(runtimeDir, 'x'.repeat(120)));
    expect(Buffer.byteLength(newSocketPath())).toBeLessThanOrEqual(103);
    vi.stubEnv('XDG_RUNTIME_DIR', join(runtimeDir, 'missing'));
    expect(newSocketPath()).not.toContain('missing');
  });

  it('is swept of what killed processes left long ago', () => {
    newSocketPath();
    const old = new Date(Date.now() - 2 * 24 * 3_600_000);
    const names = ['4194304-aa.sock', `${process.pid}-aa.sock`, 'notes.txt', '4194304-bb.sock'];
    for (const name of names) writeFileSync(join(own(), name), '');
    for (const name of names.slice(0, 3)) utimesSync(join(own(), name), old, old);
    newSocketPath();
    const left = names.filter((name) => lstatSync(join(own(), name), { throwIfNoEntry: false }) !== undefined);
    expect(left).toEqual([`${process.pid}-aa.sock`, 'notes.txt', '4194304-bb.sock']);
  });

  it('is told from a folder that others can write to', () => {
    const path = newSocketPath();
    writeFileSync(path, '');
    expect(isOwnSocket(path)).toBe(true);
    chmodSync(own(), 0o770);
    expect(isOwnSocket(path)).toBe(false);
    expect(isOwnSocket(join(runtimeDir, 'missing.sock'))).toBe(false);
  });
});
