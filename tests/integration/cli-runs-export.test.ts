import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/shared/model/run-report.ts';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

/** `runs export` and `runs open`, as somebody uses them who sends a run to somebody else (SPEC §9 "Export of a run"). */
const SECRET = 'hunter2-planted-key';
let here: CliWorld;
let there: CliWorld;
let runId: string;

beforeAll(async () => {
  here = await openCliWorld();
  there = await openCliWorld();
  here.write({
    '.env': `SUM_API_KEY=${SECRET}\n`,
    '.aiworkflow/workflows/close.md': workflowText('close', [
      ['action: workflow.log', `inputs: {message: "key ${SECRET}"}`],
      ['action: agent.run', 'agent: demo', 'inputs: {prompt: "Say that it is done."}'],
      ['action: workflow.set_outputs', 'inputs: {total: 12, text: "<b>bold</b> | bar"}'],
    ]),
  });
  const ran = await here.run('--json', 'run', 'close');
  expect(ran.exitCode, ran.stdout + ran.stderr).toBe(0);
  runId = ran.json<{ run_id: string }>().run_id;
});
afterAll(() => {
  here.dispose();
  there.dispose();
});

const textOf = (name: string): string => readFileSync(join(here.project, name), 'utf8');

describe('a report', () => {
  it.each(['html', 'md', 'json'])(
    'as %s says where it was written, what the run did, and no secret',
    async (format) => {
      const done = await here.run('runs', 'export', runId, '--format', format);
      expect([done.exitCode, done.stdout]).toEqual([0, `Written to ${join(here.project, `${runId}.${format}`)}\n`]);
      const text = textOf(`${runId}.${format}`);
      for (const said of [runId, 'close', '[redacted]']) expect(text).toContain(said);
      expect(text).not.toContain(SECRET);
      // What is no page shows it as it is, in a block of code or a text of JSON.
      if (format === 'html') expect(text).not.toMatch(/<b>bold|<script|src=|href="http/);
    },
  );

  it('as JSON holds status, outputs and costs as a program reads them', async () => {
    const done = await here.run('--json', 'runs', 'export', runId, '--format', 'json', '-o', 'report.json');
    const file = join(here.project, 'report.json');
    expect(done.json()).toEqual({ run_id: runId, format: 'json', file, bytes: readFileSync(file).length });
    const report = JSON.parse(textOf('report.json')) as RunReport;
    expect(report).toMatchObject({ status: 'completed', outputs: { total: 12 }, workflow_name: 'close' });
  });

  it('is not written over nothing: an unknown run, form or folder is said, and no half file stays', async () => {
    const before = readdirSync(here.project);
    const unknown = await here.run('runs', 'export', 'no-such-run', '--format', 'html');
    expect([unknown.exitCode, unknown.stderr]).toEqual([1, expect.stringContaining('no-such-run')]);
    expect((await here.run('runs', 'export', runId, '--format', 'pdf')).exitCode).toBe(2);
    const nowhere = await here.run('runs', 'export', runId, '--format', 'md', '-o', 'no/such/folder.md');
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([
      1,
      expect.stringContaining('folder.md cannot be read or written'),
    ]);
    expect(readdirSync(here.project)).toEqual(before);
  });
});

describe('a run in a file', () => {
  const file = (): string => join(here.project, 'run.zip');
  beforeAll(async () => {
    const done = await here.run('runs', 'export', runId, '--format', 'zip', '-o', 'run.zip');
    expect(done.exitCode, done.stderr).toBe(0);
  });

  it('is opened elsewhere, reads as where it ran, and stands in no list, sum or act there', async () => {
    expect(readFileSync(file()).includes(SECRET)).toBe(false);
    const opened = await there.run('--json', 'runs', 'open', file());
    expect([opened.exitCode, opened.json()]).toEqual([0, { run_id: runId, read_only: true }]);
    for (const command of ['show', 'log']) {
      const [own, other] = [await here.run('runs', command, runId), await there.run('runs', command, runId)];
      expect([other.exitCode, other.stderr]).toEqual([0, '']);
      expect(other.stdout).not.toContain(SECRET);
      for (const line of own.stdout.split('\n').filter((one) => /step_|demo/.test(one)))
        expect(other.stdout).toContain(line);
    }
    expect((await there.run('--json', 'runs', 'list')).json()).toMatchObject({ count: 0 });
    expect((await there.run('--json', 'costs', 'summary')).json()).toMatchObject({ total_requests: 0 });
    for (const act of [
      ['retry', runId],
      ['delete', runId],
      ['export', runId, '--format', 'md'],
    ]) {
      const refused = await there.run('runs', ...act);
      expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringMatching(/another control center/)]);
    }
  });

  it('that is damaged or none at all is refused in words, and nothing of it stays', async () => {
    const bytes = readFileSync(file());
    bytes.write('X', Math.floor(bytes.length / 2));
    writeFileSync(join(there.project, 'damaged.zip'), bytes);
    writeFileSync(join(there.project, 'text.zip'), 'no archive');
    for (const name of ['damaged.zip', 'text.zip', 'missing.zip']) {
      const refused = await there.run('runs', 'open', name);
      expect([name, refused.exitCode, refused.stdout]).toEqual([name, 1, '']);
      expect(refused.stderr).toMatch(/^Error: /);
    }
    const left = join(there.project, '.aiworkflow', 'state', 'staging');
    expect(existsSync(left) ? readdirSync(left) : []).toEqual([]);
  });
});
