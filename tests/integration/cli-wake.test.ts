import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { takeLease } from '../../src/core/storage/index.ts';
import { type WakeRecord, wakeIdOf, wakeRecordFile, writeWakeRecord } from '../../src/core/wake/index.ts';
import { bundleText } from '../support/gated-project.ts';
import { productEntry } from '../support/product-entry.ts';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

/**
 * The timer of the system (docs/adr/0031) on a machine without a session of systemd: `systemctl` and `notify-send` only write down what they
 * are told. What the timer would run is run as it stands in the unit, with nothing but the variables of the unit.
 */
const HOUR_MS = 3_600_000;
const JOB = 'hourly/hourly';

let world: CliWorld;
let programs: string;

beforeAll(async () => {
  world = await openCliWorld();
  programs = join(world.home, 'programs');
  const program = `#!/bin/sh\necho "$0 $@" | sed "s:^.*/::" >> '${join(world.home, 'said')}'\n`;
  world.write({
    '../programs/systemctl': program,
    '../programs/notify-send': program,
    '.aiworkflow/workflows/hourly.md': bundleText('hourly', {
      name: 'Hourly',
      frontmatter: ['triggers:', '  - {type: schedule, id: hourly, schedule: "@every 1h"}'],
      steps: [['action: workflow.set_outputs', 'inputs: {said: "done"}']],
    }),
  });
  expect((await world.run('schedule', 'enable', 'hourly')).exitCode).toBe(0);
});
afterAll(() => world.dispose());

const said = (): string => {
  try {
    return readFileSync(join(world.home, 'said'), 'utf8');
  } catch {
    return '';
  } finally {
    rmSync(join(world.home, 'said'), { force: true });
  }
};

async function wake(...words: readonly string[]): Promise<Record<string, unknown>> {
  const PATH = `${programs}:${process.env.PATH}`;
  const result = await world.runWith({ env: { PATH } }, '--json', 'schedule', 'wake', ...words);
  expect(result.exitCode, result.stderr + result.stdout).toBe(0);
  return result.json();
}

/** Everything in the home but the project and what the look itself reads. */
const filesOfHome = (): readonly string[] =>
  readdirSync(world.home, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/^(?:project|programs)\b/.test(path) && !/\.log$/.test(path))
    .sort();

interface Unit {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What systemd makes of a service: words in double quotes with escapes of C, `%%` and, in arguments, `$$`. */
function readUnit(text: string): Unit {
  const words = (line: string): readonly string[] =>
    [...line.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(([, word = '']) =>
      word.replaceAll(/\\(.)/g, '$1').replaceAll('%%', '%'),
    );
  const linesOf = (key: string): readonly string[] => text.split('\n').filter((line) => line.startsWith(`${key}=`));
  return {
    argv: words(linesOf('ExecStart')[0] ?? '').map((word) => word.replaceAll('$$', '$')),
    env: Object.fromEntries(
      linesOf('Environment')
        .flatMap(words)
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    ),
  };
}

/** Runs the unit as systemd does: from the root, with the home of the user and nothing else. */
async function runUnit({ argv: [program = '', built = '', ...args], env }: Unit): Promise<Record<string, unknown>> {
  // A file that is run by hand has no build; everything else of the line stands.
  const script = process.env.AIWORKFLOW_TESTS_OF_BUILD === '1' ? built : productEntry('cli');
  const child = spawn(program, [script, ...args, '--json'], { cwd: '/', env: { ...env, HOME: world.home } });
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (out += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code, out).toBe(0);
  return JSON.parse(out);
}

/** As if nobody had been there for so long, and the grid of '@every' had begun before that. */
function beAway(ms: number): void {
  const store = new DatabaseSync(projectPaths(world.project).storeFile);
  store.prepare('UPDATE triggers SET planned_until = planned_until - ?1, created_at = created_at - ?1').run(ms);
  store.close();
}

const isLinux = process.platform === 'linux';
if (!isLinux) console.log('skipped: the timers of other systems are only written, nobody has tried them');

describe.skipIf(!isLinux)('schedule wake', () => {
  it('shows the files before, starts a due run with the app closed, says so in the ledger, and leaves no trace', async () => {
    const before = filesOfHome();
    const shown = await wake('install');
    expect(shown).toMatchObject({ system: 'systemd', state: 'off', looked_at: null });
    expect(filesOfHome()).toEqual(before);
    const installed = await wake('install', '--yes');
    expect(installed).toMatchObject({ state: 'on', files: shown.files });
    const files = installed.files as readonly { readonly path: string; readonly text: string }[];
    for (const { path, text } of files) expect(readFileSync(path, 'utf8')).toBe(text);
    const name = `aiworkflow-wake-${wakeIdOf(world.project)}.timer`;
    expect(said()).toBe(`systemctl --user daemon-reload\nsystemctl --user enable --now ${name}\n`);

    const unit = readUnit(files[0]?.text ?? '');
    // The first look learns what is expected; after it nothing is opened.
    expect(await runUnit(unit)).toMatchObject({ looked: true, started: [], missed: [] });
    expect(await runUnit(unit)).toMatchObject({ looked: false });
    beAway(3 * HOUR_MS);
    const woken = await runUnit(unit);
    expect(woken).toMatchObject({ looked: true, started: [{ job: JOB }] });
    // Of three hours the newest is caught up; whoever sits there is told of the others.
    expect(woken.missed).toMatchObject([{ job: JOB, why: 'missed' }, { job: JOB }]);
    expect(said()).toContain('notify-send --app-name=aiworkflow -- 2 starts did not happen Hourly, ');
    const info = (await world.run('--json', 'schedule', 'info', JOB)).json();
    expect(info).toMatchObject({ run_count: 1, last_status: 'completed' });
    expect(info.occurrences).toMatchObject([{ evidence: { host: 'timer' } }, { state: 'missed' }, { state: 'missed' }]);
    expect((await world.run('schedule', 'info', JOB)).stdout).toContain('by the timer of the system');
    // Nothing is told twice, and nothing is started again.
    expect(await runUnit(unit)).toMatchObject({ started: [], missed: [] });
    expect(await wake('status')).toMatchObject({ state: 'on', looked_at: expect.any(String) });

    expect(await wake('remove')).toEqual({ state: 'off' });
    expect(said()).toBe(`systemctl --user disable --now ${name}\nsystemctl --user daemon-reload\n`);
    expect(filesOfHome()).toEqual(before);
  });

  it('tells once of expected starts where whoever has the project does not answer', async () => {
    const { leaseFile } = projectPaths(world.project);
    const expected: WakeRecord['expected'] = [{ key: JOB, workflowName: 'Hourly', at: Date.now() - HOUR_MS }];
    const file = wakeRecordFile(join(world.home, 'user'), wakeIdOf(world.project));
    await writeWakeRecord(file, { lookedAt: null, toldUntil: Date.now(), store: null, expected, told: [] });
    const lease = takeLease(leaseFile, Date.now);
    try {
      expect(await wake('run')).toMatchObject({ missed: [{ job: JOB, why: 'silent' }] });
      expect(said()).toContain('does not answer');
      expect(await wake('run')).toMatchObject({ missed: [] });
      expect(said()).toBe('');
    } finally {
      lease.release();
    }
  });

  it('writes units that systemd takes', async () => {
    const verify = spawnSync('systemd-analyze', ['--version']);
    if (verify.error !== undefined) return console.log('skipped: there is no systemd-analyze here');
    const { files } = (await wake('install', '--yes')) as { readonly files: readonly { readonly path: string }[] };
    const checked = spawnSync('systemd-analyze', ['--user', 'verify', ...files.map(({ path }) => path)], {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: world.home },
    });
    expect(checked.stderr).toBe('');
    expect(checked.status).toBe(0);
    await wake('remove');
  });
});
