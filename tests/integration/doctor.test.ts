import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runDoctorWithoutProject } from '../../src/core/control-center.ts';
import { Store } from '../../src/core/storage/index.ts';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aiw-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('looks at a project that is not made yet without making it', async () => {
  const report = await runDoctorWithoutProject({ projectPath: join(folder, 'not', 'yet'), userDataDir: folder }, false);
  expect(report.checks.find((check) => check.name === 'Disk')?.value).toMatch(/GiB free/);
  expect(report.healthy).toBe(false);
  expect(() => statSync(join(folder, 'not'))).toThrow();
});

it('warns of a folder that a program syncs with other computers', async () => {
  const synced = join(folder, 'Dropbox', 'office');
  const { checks } = await runDoctorWithoutProject({ projectPath: synced, userDataDir: folder }, false);
  expect(checks).toContainEqual(
    expect.objectContaining({ name: 'Synced Folder', value: 'Dropbox', status: 'warning' }),
  );
  const other = await runDoctorWithoutProject({ projectPath: join(folder, 'office'), userDataDir: folder }, false);
  expect(other.checks.map(({ name }) => name)).not.toContain('Synced Folder');
});

it('counts in its last line what is wrong', async () => {
  const world = await openCliWorld();
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere);
  const result = await world.runIn(elsewhere, 'doctor', '--project', elsewhere);
  world.dispose();
  expect(result.exitCode).toBe(1);
  expect(result.stdout).toMatch(/\nSomething needs to be mended: 1 error and \d+ warnings?\.\n$/);
});

it('says of a file about agents where it is wrong and what was meant', async () => {
  const world = await openCliWorld();
  world.write({ '.aiworkflow/agents/capabilities.yaml': 'agents:\n  demo: {strenghts: [a]}\n' });
  const { stdout } = await world.run('doctor');
  world.dispose();
  expect(stdout).toContain(
    ".aiworkflow/agents/capabilities.yaml:2 Unknown key 'agents.demo.strenghts'. Did you mean 'strengths'?",
  );
});

it('keeps the store for its user alone', () => {
  const storeFile = join(folder, 'state.db');
  const store = new Store({
    storeFile,
    logsFile: join(folder, 'logs.db'),
    blobsDir: folder,
    onLog: () => undefined,
    onConversation: () => undefined,
  });
  const modes = ['state.db', 'state.db-wal', 'logs.db'].map((name) => statSync(join(folder, name)).mode & 0o777);
  expect(modes).toEqual([0o600, 0o600, 0o600]);
  store.close();
});

describe('prices that do not count', () => {
  let world: CliWorld;
  beforeAll(async () => {
    world = await openCliWorld();
  });
  afterAll(() => world.dispose());
  const row = (model: string, day = ''): string => `  - {model: ${model}, input: "1", output: "2"${day}}\n`;
  const doctor = async (rows: string): Promise<readonly string[]> => {
    world.write({ '.aiworkflow/prices.yaml': `prices:\n${rows}` });
    const result = await world.run('doctor');
    expect(result.exitCode).toBe(0);
    return result.stdout.trim().split('\n');
  };
  const pricesOf = (lines: readonly string[]): readonly string[] => lines.filter((line) => line.includes(' Prices '));
  const warned = (lines: readonly string[]): number => lines.filter((line) => line.startsWith('WARN ')).length;

  it('says nothing of prices that are fine', async () => {
    const lines = await doctor(row('a', ', valid_from: 2026-01-01'));
    expect(pricesOf(lines)).toEqual([]);
    expect(lines.at(-1)).toBe(warned(lines) === 0 ? 'All is well.' : expect.stringContaining('warning'));
  });

  it('names each with its place and what to do, and does not call that well', async () => {
    const lines = await doctor(`${row('a')}${row('b', ', valid_from: 2026-01-01')}${row('c', ', valid_from: soon')}`);
    expect(pricesOf(lines)).toEqual([
      expect.stringMatching(/^WARN .*prices\.yaml:2 .*price of a .*'valid_from' is missing\. Add 'valid_from: /),
      expect.stringMatching(/^WARN .*prices\.yaml:4 .*price of c .*must be a day/),
    ]);
    expect(lines.at(-1)).toBe(`Nothing is broken, but there are ${warned(lines)} warnings.`);
  });

  it('names the first ten of many, and says how many more there are', async () => {
    const lines = pricesOf(await doctor(Array.from({ length: 14 }, (_, index) => row(`m${index}`)).join('')));
    expect(lines).toHaveLength(11);
    expect(lines[9]).toContain('price of m9 ');
    expect(lines[10]).toContain('and 4 more');
  });
});
