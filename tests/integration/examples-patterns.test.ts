import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBundle } from '../../src/core/bundles/index.ts';
import { projectPaths } from '../../src/core/projects/index.ts';
import { listUnsupported } from '../../src/core/workflow/index.ts';
import { EXAMPLES_DIR } from '../support/paths.ts';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

/** `examples/patterns`: installed as a user installs them, run through the real command line, held against what they promise. */
type Value = Record<string, unknown>;
const PATTERNS = join(EXAMPLES_DIR, 'patterns');
const FILES = readdirSync(PATTERNS).filter((name) => name.startsWith('pattern-'));

let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
  const made = await world.run('init', '--force', '--example', 'patterns');
  expect(made.exitCode, made.stderr).toBe(0);
});
afterAll(() => world.dispose());

async function json(words: readonly string[], code: number): Promise<Value> {
  const result = await world.run('--json', ...words);
  expect(result.exitCode, result.stderr + result.stdout).toBe(code);
  return result.json();
}

const run = (name: string, inputs: readonly string[] = [], code = 0): Promise<Value> =>
  json(['run', name, ...inputs.flatMap((input) => ['-i', input])], code);

it.each(FILES)('%s has no problem, runs in this version and tells what its inputs and outputs are', async (file) => {
  const { diagnostics, reading } = await readBundle(join(PATTERNS, file));
  expect(diagnostics.filter((one) => one.code !== 'workflow.implied_iteration')).toEqual([]);
  if (reading === null) throw new Error(`${file} cannot be read`);
  const { workflow } = reading;
  expect(listUnsupported(workflow)).toEqual([]);
  expect(`${workflow.id}.md`).toBe(file);
  for (const field of [...workflow.inputs, ...workflow.outputs]) expect(field.description).toMatch(/\w/);
  expect(workflow.outputs).not.toEqual([]);
  expect(readFileSync(join(PATTERNS, 'README.md'), 'utf8')).toContain(file);
});

describe('each does what it says', () => {
  it.each<[string, readonly string[], Value]>([
    ['pattern-if', [], { decides: 'team lead', days: 1 }],
    ['pattern-if', ['amount=40'], { decides: 'nobody', days: 0 }],
    ['pattern-if', ['amount=4000'], { decides: 'budget owner', days: 5 }],
    ['pattern-switch', [], { answer: 'call the person on duty', within_minutes: 5 }],
    ['pattern-switch', ['severity=low'], { answer: 'write it down', within_minutes: 10080 }],
    ['pattern-while', [], { months: 4, rests: [745, 488.72, 231.16, 0] }],
    ['pattern-while', ['loan=0'], { months: 0, rests: [] }],
    ['pattern-parallel', [], { words: 8, lines: 1, asks: true, branches: 3 }],
    ['pattern-try-catch-finally', [], { balance: 50, note: '80 is more than the 50 that are there', book: 'closed' }],
    ['pattern-try-catch-finally', ['amount=20'], { balance: 30, note: 'booked', book: 'closed' }],
    ['pattern-transaction', [], { trip: 'The trip costs more than 900' }],
    ['pattern-transaction', ['budget=2000', 'room=90'], { trip: 'booked' }],
    ['pattern-undo', ['words=9'], { note: 'rewritten' }],
    ['pattern-plan', [], { letters: ['north.txt', 'south.txt'] }],
    ['pattern-needs', [], { minutes: 70, saved: 25 }],
    ['pattern-wait', [], { rested: 1, past_seconds: 0, is_ready: true }],
    ['pattern-schedule', ['day=2026-03-04T08:00:00Z'], { page: 'page.md', title: 'Page of 2026-03-04' }],
    ['pattern-invoice', ['hours=2'], { net: 160, total: 192 }],
    ['pattern-event', [], { line: 'by hand: team lead decides' }],
    ['pattern-webhook', [], { line: '1007 for Acorn: mug, mug, poster', pieces: 3 }],
    ['pattern-file-watch', [], { line: 'sample.csv: created, 0 bytes', receipt: 'receipt.txt' }],
    [
      'pattern-implied-iteration',
      [],
      {
        labelled: [{ label: '1: The printer is on fire' }, { label: '2: Lunch on Friday' }],
        marked: [{ mark: 'The printer is on fire (by Ada)' }, null],
      },
    ],
  ])('%s %j', async (name, inputs, outputs) => {
    expect(await run(name, inputs)).toMatchObject({ success: true, outcome: 'success', outputs });
  });

  it.each<[string, Value]>([
    [
      'pattern-for-each',
      {
        prices: [{ item: 'coffee', total: 90 }, null, { item: 'cups', total: 50 }],
        total: 140,
        failed: ['filters: a quantity of 0 cannot be priced'],
      },
    ],
    ['pattern-retry-and-fallback', { amount: 108, attempts: 3, note: 'no note' }],
  ])('%s ends as partial, on purpose', async (name, outputs) => {
    const { run_id: id } = await run(name, [], 1);
    expect(await json(['runs', 'show', String(id)], 0)).toMatchObject({ outcome: 'partial', final_output: outputs });
  });

  it('pattern-undo puts the page back as it stood, and pattern-transaction gives back what a savepoint stands before', async () => {
    const fileOf = ({ run_id: id }: Value, name: string): string =>
      readFileSync(join(projectPaths(world.project).runsDir, String(id), 'files', name), 'utf8');
    const undone = await run('pattern-undo');
    expect(undone).toMatchObject({ success: true, outputs: { note: 'More than 3 words' } });
    expect(fileOf(undone, 'page.txt')).toBe('A page');
    const booked = await run('pattern-transaction', ['budget=2000']);
    expect(booked).toMatchObject({ outputs: { trip: 'booked' } });
    expect(['flight', 'sea', 'room'].map((name) => fileOf(booked, `${name}.txt`))).toEqual([
      ...['booked', 'cancelled', 'booked'],
    ]);
  });

  it('pattern-plan does what its plan says, and is refused where it was planned otherwise', async () => {
    const plan = await json(['run', 'pattern-plan', '--dry-run'], 0);
    const written = (plan.plan as Value[]).filter(({ action }) => action === 'workflow.write_file');
    expect(written.map(({ inputs, condition }) => [condition, (inputs as Value).content])).toEqual([
      ['none', 'Dear north, Please answer.'],
      ['none', 'Dear south, Please answer.'],
      ['unmet', 'north, south'],
      ['none', 'Written at {{ stamp }}'],
    ]);
    expect(await json(['run', 'pattern-plan', '--plan', String(plan.hash)], 0)).toMatchObject({ success: true });
    const other = await json(['run', 'pattern-plan', '--plan', String(plan.hash), '-i', 'urgent=true'], 1);
    expect(other).toMatchObject({ code: 'run.other_plan' });
  });

  it('pattern-sub-workflow makes a run of its own for each customer', async () => {
    const { run_id: id, outputs } = await run('pattern-sub-workflow');
    expect(outputs).toEqual({
      invoices: [
        { name: 'Acorn', total: 960 },
        { name: 'Birch', total: 432 },
      ],
      sum: 1392,
    });
    const { runs } = await json(['runs', 'list', '--workflow', 'pattern-invoice'], 0);
    expect((runs as Value[]).filter((one) => one.parent_run_id === id)).toHaveLength(2);
  });

  it('pattern-wait-event rests until something comes at its webhook', async () => {
    const report = await run('pattern-wait-event', [], 3);
    expect(report).toMatchObject({
      status: 'waiting',
      error: 'The run waits for what comes at the webhook /patterns/payments',
    });
    await json(['runs', 'cancel', String(report.run_id)], 0);
  });

  it('pattern-approval writes the letter after it is approved, and none after it is rejected', async () => {
    const decide = async (
      ...decision: readonly string[]
    ): Promise<{ readonly id: string; readonly output: unknown }> => {
      const { run_id: id } = await run('pattern-approval', [], 3);
      const { approvals } = await json(['approvals', 'list'], 0);
      const [verb = '', ...more] = decision;
      await json(['approvals', verb, String((approvals as Value[])[0]?.id), ...more], 0);
      return { id: String(id), output: (await json(['runs', 'show', String(id)], 0)).final_output };
    };
    const sent = await decide('approve');
    expect(sent.output).toEqual({ status: 'approved', letter: 'letter.txt' });
    const letter = join(projectPaths(world.project).runsDir, sent.id, 'files', 'letter.txt');
    expect(readFileSync(letter, 'utf8')).toContain('Dear Ms Okafor');
    expect((await decide('reject', '--reason', 'too dear')).output).toEqual({ status: 'rejected', letter: '' });
  });
});
