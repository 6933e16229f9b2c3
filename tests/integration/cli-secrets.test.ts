import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { productEntry } from '../support/product-entry.ts';
import { type CliResult, type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

// Every step of these tests is a process of its own, and each opens a vault: on a loaded machine that takes its time.
vi.setConfig({ testTimeout: 600_000 });

const PASSPHRASE = 'correct horse battery';
const VALUE = 'sk-planted/ed+value"1';
let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
  world.write({
    '.aiworkflow/workflows/deploy.md': workflowText('deploy', [['action: workflow.noop']]),
  });
});
afterAll(() => world.dispose());

const withVault = (stdin: string, ...words: readonly string[]): Promise<CliResult> =>
  world.runWith({ stdin: `${stdin}\n`, env: { AIWORKFLOW_MASTER_KEY: PASSPHRASE } }, ...words);

it('secrets are stored, listed, replaced, tested and removed from the terminal, and never shown', async () => {
  const without = await world.runWith({ stdin: `${VALUE}\n` }, 'secrets', 'set', 'TOKEN', '--json');
  expect(without.exitCode).toBe(1);
  expect(without.json()).toMatchObject({ code: 'secret.locked' });

  const said: CliResult[] = [];
  const run = async (stdin: string, ...words: readonly string[]): Promise<Record<string, unknown>> => {
    const result = await withVault(stdin, ...words, '--json');
    expect(result.exitCode, result.stderr + result.stdout).toBe(0);
    said.push(result);
    return result.json();
  };
  expect(await run(VALUE, 'secrets', 'set', 'TOKEN', '--allow', 'deploy', '--expires', '2020-01-31')).toMatchObject({
    name: 'TOKEN',
    allowed: ['deploy'],
    expiry: 'over',
    rotated_at: null,
  });
  expect(await run('', 'secrets', 'edit', 'TOKEN', '--allow', 'tool:github', '--deny', 'deploy')).toMatchObject({
    allowed: ['tool:github'],
  });
  const other = `${VALUE}-2`;
  expect((await run(other, 'secrets', 'rotate', 'TOKEN', '--expires', 'never')).expires_at).toBeNull();
  expect(await run('', 'secrets', 'test', 'TOKEN')).toMatchObject({ name: 'TOKEN' });
  expect(await run('', 'secrets', 'list')).toMatchObject({
    count: 1,
    secrets: [{ name: 'TOKEN', used_by: [] }],
    store: { keeper: 'vault', state: 'open', unprotected: false },
  });
  expect(await run('', 'audit', 'query')).toMatchObject({ events: expect.anything() as unknown });
  for (const { stdout, stderr } of said) {
    expect(stdout + stderr).not.toContain(VALUE);
    expect(stdout + stderr).not.toContain(PASSPHRASE);
  }
  const locked = await world.run('secrets', 'test', 'TOKEN', '--json');
  expect(locked.json()).toMatchObject({ code: 'secret.locked' });
  const wrong = await world.runWith({ stdin: 'another passphrase\n' }, 'secrets', 'unlock', '--json');
  expect(wrong.json()).toMatchObject({ code: 'secret.wrong_passphrase' });
  expect((await withVault('short', 'secrets', 'change-key', '--json')).json()).toMatchObject({
    code: 'contract.invalid_input',
  });
  expect((await world.run('secrets', 'set', 'TOKEN', VALUE)).exitCode).toBe(2);
  expect((await withVault(VALUE, 'secrets', 'set', 'not-a-name', '--json')).json()).toMatchObject({
    code: 'contract.invalid_input',
  });
  await run('', 'secrets', 'remove', 'TOKEN');
  expect((await withVault('', 'secrets', 'remove', 'TOKEN', '--json')).json()).toMatchObject({
    code: 'secret.not_found',
  });
});

it('an open key is said wherever secrets are listed, and by doctor, and so is an end', async () => {
  const open = await openCliWorld();
  try {
    open.write({ 'aiworkflow.yaml': 'version: "1.0"\nsecurity:\n  credential_store: file\n' });
    const set = await open.runWith({ stdin: `${VALUE}\n` }, 'secrets', 'set', 'TOKEN', '--expires', '2020-01-31');
    expect(set.exitCode, set.stderr).toBe(0);
    const listed = await open.run('secrets', 'list');
    expect(listed.stderr).toContain('unprotected');
    const doctor = (await open.run('doctor', '--json')).json() as { checks: { name: string; status: string }[] };
    expect(doctor.checks.find(({ name }) => name === 'Key Store')).toMatchObject({ status: 'warning' });
    expect(doctor.checks.find(({ name }) => name === 'Secrets')).toMatchObject({ status: 'warning', value: '1 ended' });
  } finally {
    await open.dispose();
  }
});

const hasKeyring = ((): boolean => {
  try {
    execFileSync('sh', ['-c', 'command -v gnome-keyring-daemon && command -v dbus-run-session']);
    return true;
  } catch {
    return false;
  }
})();

if (!hasKeyring) console.warn('skipped: the keychain of a Linux desktop needs gnome-keyring and dbus-run-session.');

describe.skipIf(!hasKeyring)('with the keychain of a Linux desktop', () => {
  it('the key lies in the keychain, and a keychain that is locked or lost it is told apart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keychain-'));
    try {
      const script = join(folder, 'session.sh');
      const cli = `"${process.execPath}" "${productEntry('cli')}" --project "${folder}/project" --json`;
      writeFileSync(
        script,
        [
          'set -e',
          `export HOME="${folder}/home" XDG_RUNTIME_DIR="${folder}/runtime" XDG_DATA_HOME="${folder}/home/data"`,
          'mkdir -p -m 700 "$HOME" "$XDG_RUNTIME_DIR"',
          'start() { gnome-keyring-daemon "$@" --components=secrets >/dev/null 2>&1; }',
          'printf pw | start --unlock',
          `${cli} init "${folder}/project" >/dev/null`,
          `printf '%s\\n' '${VALUE}' | ${cli} secrets set TOKEN > ${folder}/set`,
          `${cli} secrets test TOKEN > ${folder}/test`,
          `${cli} secrets list > ${folder}/list`,
          // Another login, and nobody has said the password: the keychain is there and locked.
          'start --replace --start',
          `${cli} secrets list > ${folder}/locked || true`,
          // The keychain is one that knows nothing of this.
          'rm -rf "$XDG_DATA_HOME/keyrings"',
          'printf pw | start --replace --unlock',
          `${cli} secrets test TOKEN > ${folder}/gone || true`,
        ].join('\n'),
      );
      await new Promise<void>((resolve, reject) => {
        execFile('dbus-run-session', ['--', 'bash', script], (error, _out, stderr) => {
          if (error === null) resolve();
          else reject(new Error(`${error.message}\n${stderr}`));
        });
      });
      const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
      expect(read('set')).toMatchObject({ name: 'TOKEN' });
      expect(read('test')).toMatchObject({ name: 'TOKEN' });
      expect(read('list')).toMatchObject({ store: { keeper: 'keychain', state: 'open' } });
      expect(read('locked')).toMatchObject({ count: 1, store: { keeper: 'keychain', state: 'locked' } });
      expect(read('gone')).toMatchObject({ code: 'secret.key_missing' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
