import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { connectToHolder, findAppFolders } from '../../src/server/index.ts';
import { EXAMPLES_DIR } from '../support/paths.ts';
import { type CliProcess, type CliWorld, openCliWorld } from '../support/run-cli.ts';
import { waitUntil } from '../support/wait-until.ts';

/** `aiworkflow watch` (SPEC §13) over the real command line, with the pattern that ships. */
let world: CliWorld;
/** Commands that serve until they are told to end: none outlives a test that failed. */
const serving: CliProcess[] = [];
function serve(...words: readonly string[]): CliProcess {
  const started = world.start('watch', 'start', ...words);
  serving.push(started);
  return started;
}
afterEach(async () => {
  for (const { child, ended } of serving.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});
beforeAll(async () => {
  world = await openCliWorld();
  mkdirSync(join(world.project, 'inbox'));
  mkdirSync(join(world.project, 'other'));
  copyFileSync(
    join(EXAMPLES_DIR, 'patterns', 'pattern-file-watch.md'),
    join(world.project, '.aiworkflow', 'workflows', 'pattern-file-watch.md'),
  );
});
afterAll(() => world.dispose());

type Value = Record<string, unknown>;

async function json(...words: readonly string[]): Promise<Value> {
  const result = await world.run('--json', ...words);
  expect(result.exitCode, result.stderr + result.stdout).toBe(0);
  return result.json();
}

async function linesOf(count: number): Promise<readonly string[]> {
  const lines: string[] = [];
  await waitUntil(`${count} runs`, async () => {
    const { runs } = await json('runs', 'list', '--workflow', 'pattern-file-watch');
    const list = runs as readonly { run_id: string; status: string }[];
    if (list.length < count || list.some(({ status }) => status !== 'completed')) return false;
    lines.length = 0;
    for (const { run_id } of list) {
      const run = await json('runs', 'show', run_id);
      lines.push(String(((run.final_output ?? {}) as Value).line));
    }
    return true;
  });
  return lines.sort();
}

describe('aiworkflow watch', () => {
  it('config prints a sample that is one', async () => {
    const { config, file } = await json('watch', 'config');
    expect(file).toBe('.aiworkflow/triggers/watches.yaml');
    world.write({ '.aiworkflow/triggers/watches.yaml': String(config).replace('my-workflow', 'pattern-file-watch') });
    const { watches, count } = await json('watch', 'list');
    expect(count).toBe(2);
    expect(watches).toMatchObject([
      { id: 'inbox', workflow_id: 'pattern-file-watch', path: './inbox', status: 'not_armed', debounce_seconds: 1 },
      { id: 'drop-folder', ignore_patterns: ['archive/**'], patterns: ['*.csv', '!draft-*'] },
    ]);
  });

  it('start without an armed watch, and with words that cannot be', async () => {
    for (const [words, code] of [
      [['watch', 'start'], 1],
      [['watch', 'start', 'inbox'], 2],
      [['watch', 'start', '--workflow', 'nobody'], 1],
      [['watch', 'start', 'nowhere', '--workflow', 'pattern-file-watch'], 1],
      [['watch', 'start', '--workflow', 'pattern-file-watch', '--debounce', 'soon'], 2],
      [['watch', 'answer', 'pattern-file-watch/inbox', 'perhaps'], 2],
    ] as const) {
      const result = await world.run(...words);
      expect([words, result.exitCode, result.stderr]).toEqual([words, code, expect.stringMatching(/^Error: /)]);
    }
  });

  it('start really runs the workflow, and hands over to whoever holds the project', async () => {
    const first = serve('other', '-w', 'pattern-file-watch', '-d', '0.2', '-p', '*.csv');
    await first.says(/Watching .*other \(0 files\)/);
    const pidFile = join(projectPaths(world.project).stateDir, 'host.pid');
    expect(readFileSync(pidFile, 'utf8')).toBe(`${first.child.pid}\n`);
    writeFileSync(join(world.project, 'other', 'a.csv'), 'one');
    writeFileSync(join(world.project, 'other', 'b.txt'), 'does not count');
    expect(await linesOf(1)).toEqual(['a.csv: created, 3 bytes']);
    const second = serve('inbox', '-w', 'pattern-file-watch', '-d', '0.2', '-R');
    await second.says(/Watching .*inbox/);
    second.child.kill('SIGINT');
    expect((await second.ended).exitCode).toBe(0);
    first.child.kill('SIGINT');
    expect((await first.ended).exitCode).toBe(0);
    expect(existsSync(pidFile)).toBe(false);
    expect((await json('watch', 'list')).watches).toHaveLength(2);
  });

  it('start ends when the process that holds the project goes away without a word', async () => {
    const holder = serve('other', '-w', 'pattern-file-watch');
    await holder.says('Ctrl-C stops');
    const attached = serve('inbox', '-w', 'pattern-file-watch');
    await attached.says('Ctrl-C stops');
    holder.child.kill('SIGKILL');
    const { exitCode, stderr } = await attached.ended;
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining(`Process ${holder.child.pid}, which held the project`),
    ]);
  });

  it('armed, the pattern tells what came, also what came while nothing served it', async () => {
    await arm('pattern-file-watch/inbox');
    writeFileSync(join(world.project, 'inbox', 'late.csv'), 'x,y');
    const all = serve();
    await all.says('Ctrl-C stops');
    expect(await linesOf(2)).toContain('late.csv: created, 3 bytes');
    const { watches } = await json('watch', 'list');
    expect(watches).toMatchObject([
      { key: 'pattern-file-watch/inbox', status: 'watching', files: 1, run_count: 1 },
      {},
    ]);
    all.child.kill('SIGINT');
    expect((await all.ended).exitCode).toBe(0);
  });
});

/** As a person does on the screen: what was seen is armed. It has looked at its folder when this resolves. */
async function arm(trigger: string): Promise<void> {
  const host = serve('other', '-w', 'pattern-file-watch');
  await host.says('Ctrl-C stops');
  const holder = await connectToHolder(projectPaths(world.project).stateDir, findAppFolders().version);
  if (holder === null) throw new Error('nobody holds the project');
  const { definitionHash, contentHash } = await holder.call('triggers.get', { trigger });
  await holder.call('triggers.arm', { trigger, definitionHash, contentHash: contentHash ?? '' });
  await waitUntil('it watches', async () => {
    const { watches } = await holder.call('watches.list', {});
    return watches.some(({ triggerKey, status }) => triggerKey === trigger && status === 'watching');
  });
  holder.close();
  host.child.kill('SIGINT');
  await host.ended;
}
