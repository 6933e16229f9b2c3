import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBundle } from '../../src/core/bundles/index.ts';
import { initProject, installExample, projectPaths } from '../../src/core/projects/index.ts';
import { createCatalog, createScriptTool } from '../../src/core/tools/index.ts';
import { listUnsupported } from '../../src/core/workflow/index.ts';
import { ownProject } from '../support/own-project.ts';
import { productEntry } from '../support/product-entry.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLES = join(ROOT, 'examples');
const NAMES = [
  ...[
    'code-review',
    'csv-report',
    'daily-standup',
    'dependency-report',
    'dependency-update',
    'email-triage',
    'incident-response',
    'release-notes',
  ],
  ...['repo-audit', 'sprint-planning'],
];

let home = '';
let project = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'aiw-examples-'));
  project = join(home, 'project');
  await initProject(project, { force: false });
  ownProject(project, join(home, 'user'));
  for (const name of NAMES) await installExample(EXAMPLES, name, projectPaths(project));
});
afterAll(() => rm(home, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  // biome-ignore lint/suspicious/noExplicitAny: what the command line prints is looked at freely in this test.
  readonly result: any;
  readonly files: (name: string) => Promise<string>;
}

/** Runs an example through the real command line, in its own process. */
async function run(name: string, inputs: readonly string[] = [], path = process.env.PATH): Promise<Ended> {
  const flags = inputs.flatMap((input) => ['-i', input]);
  const args = [productEntry('cli'), 'run', name, '--json', '--project', project, ...flags];
  const env = { ...process.env, PATH: path, AIWORKFLOW_USER_DIR: join(home, 'user'), NO_COLOR: '1' };
  const { code, stdout } = await new Promise<{ code: number; stdout: string }>((resolve) => {
    execFile(process.execPath, args, { env, cwd: project }, (error, out) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout: out }),
    );
  });
  const result = JSON.parse(stdout);
  const folder = join(projectPaths(project).runsDir, result.run_id ?? 'none', 'files');
  return { code, result, files: (file) => readFile(join(folder, file), 'utf8') };
}

describe.each(NAMES)('%s', (name) => {
  it('validates without a word, has a README and only what this version runs', async () => {
    const runner = {
      run: () => Promise.reject(),
      lookup: () => Promise.reject(),
      forget: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const catalogOf: Parameters<typeof readBundle>[1] = {
      catalogOf: (tools) => createCatalog(tools.map((tool) => createScriptTool(tool, { runner }))),
    };
    const reading = await readBundle(join(EXAMPLES, name), catalogOf);
    // That steps run once per item is told, and is no problem.
    expect(reading.diagnostics.filter((one) => one.code !== 'workflow.implied_iteration')).toEqual([]);
    expect(reading.reading === null ? null : listUnsupported(reading.reading.workflow)).toEqual([]);
    expect(reading.files.map((file) => file.path)).toContain('README.md');
    const { description, inputs, outputs } = reading.reading?.workflow ?? {};
    expect(description).toMatch(/\w/);
    for (const field of [...(inputs ?? []), ...(outputs ?? [])]) expect(field.description).toMatch(/\w/);
  });
});

describe('csv-report', () => {
  it('does its work with the defaults', async () => {
    const { code, result, files } = await run('csv-report');
    expect(result).toMatchObject({
      success: true,
      status: 'completed',
      outcome: 'success',
      steps_succeeded: 8,
      steps_total: 8,
    });
    expect(code).toBe(0);
    expect(result.outputs).toEqual({
      report_file: 'report.html',
      summary_csv: 'summary.csv',
      summary_json: 'summary.json',
      clean_file: 'clean.csv',
      rejected_file: 'rejected.csv',
      attention_file: 'attention.md',
      total: 250426.13,
      orders: 400,
      rejected: 20,
      rejected_share: 0.048,
      rates_source: 'sample-data/rates.csv',
      best_region: 'North',
    });
    const page = await files('report.html');
    expect(page.match(/<rect /g)).toHaveLength(4 * 6 + 4);
    expect(page).toContain('Grinder &quot;Pro 2&quot;');
    expect((await files('rejected.csv')).match(/^\d+,/gm)).toHaveLength(20);
    const sums = (await files('summary.csv'))
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[3]));
    expect(sums.reduce((sum, amount) => sum + amount, 0)).toBeCloseTo(250426.13, 0);
    expect(await files('attention.md')).toContain('**West**');
  });

  it('takes its inputs: currency, smallest amount, one month', async () => {
    const { result, files } = await run('csv-report', ['currency=GBP', 'min_amount=500', 'month=2025-03']);
    const summary = JSON.parse(await files('summary.json'));
    expect(summary).toMatchObject({
      currency: 'GBP',
      last_month: '2025-03',
      months: [{ name: '2025-03' }],
      falling: [],
    });
    expect(summary.too_small).toBeGreaterThan(0);
    expect(result.outputs).toMatchObject({ orders: summary.orders, attention_file: '' });
    expect(result.steps_succeeded).toBe(7);
  });

  it('refuses inputs that cannot be before anything runs, and files that are not there', async () => {
    expect(await run('csv-report', ['currency=CHF'])).toMatchObject({ code: 1 });
    expect(await run('csv-report', ['month=March'])).toMatchObject({ code: 1 });
    const missing = await run('csv-report', ['file=sample-data/nothing.csv']);
    expect(missing).toMatchObject({ code: 1, result: { success: false, steps_succeeded: 0 } });
    expect(JSON.stringify(missing.result.error)).toContain('Cannot read sample-data/nothing.csv');
  });
});

describe('dependency-report', () => {
  it('does its work with the defaults', async () => {
    const { code, result, files } = await run('dependency-report');
    expect(code).toBe(0);
    expect(result).toMatchObject({ success: true, outcome: 'success', steps_succeeded: 7, steps_total: 8 });
    expect(result.outputs).toEqual({
      report_file: 'dependencies.md',
      csv_file: 'dependencies.csv',
      findings_file: 'findings.json',
      dependencies: 23,
      outdated: 17,
      findings: { advisory: 5, license: 3, major: 13, minor: 3, patch: 1, deprecated: 2, unknown: 1, unresolvable: 0 },
    });
    const report = await files('dependencies.md');
    expect(report).toContain(
      '| uuid | >=8.0.0 <9.0.0 \\|\\| ^9.0.0 | 8.3.2 | 9.0.1 | 10.0.0 | major | MIT | package.json |',
    );
    expect(report).toContain('EX-2020-0231');
    expect((await files('dependencies.csv')).trim().split('\n')).toHaveLength(24);
  });

  it('leaves development dependencies out, takes other licences, and fails where it is told to', async () => {
    const { result } = await run('dependency-report', [
      'include_dev=false',
      'allow_licenses=MIT, ISC, Apache-2.0, BSD-3-Clause, WTFPL, AGPL-3.0, GPL-3.0',
    ]);
    expect(result.outputs).toMatchObject({ dependencies: 17, findings: { license: 0 } });
    const gate = await run('dependency-report', ['fail_on=license']);
    expect(gate).toMatchObject({ code: 1, result: { success: false, steps_succeeded: 7 } });
    expect(JSON.stringify(gate.result.error)).toContain('3 findings of kind license');
  });
});

describe('repo-audit', () => {
  it('does its work with the defaults', async () => {
    const { code, result, files } = await run('repo-audit');
    expect(code).toBe(0);
    expect(result).toMatchObject({ success: true, outcome: 'success', steps_succeeded: 9, steps_total: 9 });
    expect(result.outputs).toEqual({
      report_file: 'audit.md',
      sarif_file: 'audit.sarif.json',
      findings_file: 'findings.json',
      findings: 8,
      leak_count: 4,
      commits: 12,
    });
    const sarif = JSON.parse(await files('audit.sarif.json'));
    const rules = sarif.runs[0].results.map((one: { readonly ruleId: string }) => one.ruleId).sort();
    expect(rules).toEqual([
      'large-file',
      'missing-licence',
      'secret',
      'secret',
      'secret',
      'secret',
      'stale-branch',
      'stale-branch',
    ]);
    const everything = (await files('audit.md')) + (await files('audit.sarif.json')) + (await files('findings.json'));
    for (const secret of ['AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI', 'Sommer2024'])
      expect(everything).not.toContain(secret);
  });

  it('audits a repository that is named, without writing into it', async () => {
    const repository = join(home, 'service.git');
    execFileSync('git', ['init', '--bare', '--quiet', repository]);
    const history = await readFile(join(EXAMPLES, 'repo-audit/sample-data/orders-service.fast-export'));
    execFileSync('git', [`--git-dir=${repository}`, 'fast-import', '--quiet'], { input: history });
    const before = (await readdir(repository, { recursive: true })).sort();
    const { result } = await run('repo-audit', [`repository=${repository}`, 'large_kb=100000', 'stale_days=1']);
    expect(result.outputs).toMatchObject({ commits: 12, leak_count: 4, findings: 8 });
    expect((await readdir(repository, { recursive: true })).sort()).toEqual(before);
  });

  it('says plainly that git is missing', async () => {
    const bin = join(home, 'bin');
    await mkdir(bin);
    await symlink(process.execPath, join(bin, 'node'));
    const { code, result } = await run('repo-audit', [], bin);
    expect(code).toBe(1);
    expect(JSON.stringify(result.error)).toContain('git was not found: install git');
  });
});
