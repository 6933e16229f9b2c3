import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { REPOSITORY_DIR } from '../support/paths.ts';
import { findProgram, type Prometheus, promtool, startPrometheus } from '../support/prometheus.ts';
import { waitUntil } from '../support/wait-until.ts';

/** SPEC §10: what a monitoring system reads of a project that it has never met. */
let model: ModelServer;
let project: LocalProject;

const hasPrometheus = findProgram('promtool') !== null && findProgram('prometheus') !== null;
if (!hasPrometheus) console.warn('skipped: Prometheus is not installed (Debian: apt-get install prometheus).');

beforeAll(async () => {
  model = await startModelServer();
  model.script(() => ({ text: 'Done.', usage: { inputTokens: 1000, outputTokens: 500, cachedTokens: 0 } }));
  project = new LocalProject(
    [
      'monitoring: {enabled: true, metrics_endpoint: "http://localhost:0"}',
      'agent:',
      '  primary: openai',
      `  configs: {openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o}}`,
    ],
    { isHost: true },
  );
  project.addWorkflow('fine', [['action: workflow.noop'], ['action: workflow.noop', 'condition: "false"']]);
  project.addWorkflow('broken', [['action: workflow.fail', 'inputs: {message: no paper}']]);
  project.addWorkflow('asks', [['action: agent.run', 'inputs: {prompt: "Say that it is done."}']]);
  for (const workflow of ['fine', 'broken', 'asks', 'fine']) await project.run(workflow);
});
afterAll(async () => {
  await project.close();
  await model.close();
});

const address = async (): Promise<string> => {
  const { listening } = (await project.call('metrics.show', {})).serving;
  return listening?.kind === 'listening' ? listening.url : '';
};
const read = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
  const answer = await fetch(`${await address()}${path}`, { headers });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
};

const statusAs = async (host: string): Promise<number | undefined> => {
  const url = `${await address()}/metrics`;
  return new Promise((resolve, reject) => {
    get(url, { headers: { host } }, (answer) => resolve(answer.resume().statusCode)).on('error', reject);
  });
};

describe('the address of the metrics', () => {
  it('serves text of Prometheus, statistics to who wants JSON, health, and nothing else', async () => {
    const text = await read('/metrics');
    expect([text.status, text.type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text.text).toContain(
      [
        '# HELP aiworkflow_workflows_total Total number of workflow executions',
        '# TYPE aiworkflow_workflows_total counter',
      ].join('\n'),
    );
    for (const line of [
      'aiworkflow_workflows_total{workflow_id="fine",agent="default",status="success"} 2',
      'aiworkflow_workflows_total{workflow_id="fine",agent="default",status="cancelled"} 0',
      'aiworkflow_workflow_duration_seconds_bucket{workflow_id="broken",agent="default",status="failure",le="+Inf"} 1',
      'aiworkflow_cost_usd_total{workflow_id="asks",agent="openai",model="gpt-4o"} 0.0075',
      'aiworkflow_tokens_total{model="gpt-4o",kind="output"} 500',
      'aiworkflow_info{version="0.0.0"} 1',
      'aiworkflow_approvals_pending 0',
      'aiworkflow_queue_depth{queue="local",state="pending"} 0',
      'aiworkflow_queue_depth{queue="aiworkflow-default",state="dead_letter"} 0',
      'aiworkflow_running_workflows{workflow_id="fine"} 0',
    ])
      expect(text.text.split('\n')).toContain(line);
    const json = await read('/metrics', { accept: 'application/json' });
    expect(JSON.parse(json.text)).toMatchObject({
      workflows: { fine: { total_executions: 2, successful_executions: 2 }, broken: { failed_executions: 1 } },
      total_workflows: 3,
      running_executions: 0,
    });
    expect(await read('/health')).toMatchObject({ status: 200, text: 'OK' });
    expect((await read('/')).status).toBe(404);
    // A page of another name that points here reads nothing.
    expect(await statusAs('evil.example')).toBe(404);
    expect(promtoolIfThere(['check', 'metrics'], text.text)).toEqual(CLEAN);
  });

  it('counters go on over a restart and the deletion of runs; the snapshot says the same', async () => {
    const { runs } = await project.call('runs.list', { workflow: 'fine' });
    await project.call('runs.delete', { runId: runs[0]?.runId ?? '' });
    await project.reopen();
    await project.run('fine');
    const { statistics, serving } = await project.call('metrics.show', {});
    expect(statistics.workflows.fine).toMatchObject({ total_executions: 3, successful_executions: 3 });
    expect(serving).toMatchObject({ isEnabled: true, isHosting: true, listening: { kind: 'listening' } });
    const file = join(project.path, '.aiworkflow/state/workflow-state/metrics.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      workflows: { fine: { total: 3, succeeded: 3, failed: 0, avg_duration: expect.any(Number) } },
      agents: { openai: { executions: 1 }, default: { executions: 4, failovers_from: 0, failovers_to: 0 } },
    });
  });

  it('one run by itself, and all series as a table', async () => {
    const { runs } = await project.call('runs.list', { workflow: 'asks' });
    const runId = runs[0]?.runId ?? '';
    expect(await project.call('metrics.run', { runId })).toMatchObject({
      run_id: runId,
      ...{ status: 'completed', agent_name: 'openai', total_steps: 1, completed_steps: 1, failover_count: 0 },
      ...{ step_durations: { step_1: expect.any(Number) }, retry_counts: {} },
    });
    await expect(project.call('metrics.run', { runId: 'nobody' })).rejects.toMatchObject({ code: 'run.not_found' });
    const { text } = await project.call('metrics.export', { format: 'csv' });
    expect(text.split('\r\n')).toContain(
      'aiworkflow_workflows_total,counter,workflow_id=broken; agent=default; status=failure,1',
    );
  });

  it('says what stands in the way of a port, and moves to another one', async () => {
    const { port } = new URL(await address());
    const other = new LocalProject([`monitoring: {enabled: true, metrics_endpoint: "http://localhost:${port}"}`], {
      isHost: true,
    });
    try {
      const { serving } = await other.call('metrics.show', {});
      expect(serving.listening).toMatchObject({
        kind: 'failed',
        message: expect.stringContaining(`port ${port} is already in use`),
      });
      expect((await other.call('metrics.listen', { port: 0 })).listening).toMatchObject({ kind: 'listening' });
    } finally {
      await other.close();
    }
  });
});

const CLEAN = { exitCode: 0, said: '' };
const promtoolIfThere = (args: readonly string[], input = '') => (hasPrometheus ? promtool(args, input) : CLEAN);

describe.skipIf(!hasPrometheus)('a real Prometheus', () => {
  let prometheus: Prometheus;
  beforeAll(async () => {
    prometheus = await startPrometheus(new URL(await address()).host);
  });
  afterAll(() => prometheus.close());

  it('scrapes while runs go on; its figures are those of the store', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => project.run(at % 4 === 0 ? 'broken' : 'fine')));
    const counts = async (status: 'completed' | 'failed') =>
      (await project.call('runs.totals', { status: [status] })).runs;
    const sums = 'sum by (status) (aiworkflow_workflows_total)';
    // One completed run was deleted before.
    const expected = { success: (await counts('completed')) + 1, failure: await counts('failed') };
    await waitUntil('Prometheus to have read the last run', async () => {
      const found = await prometheus.query(sums);
      return found.get('status=success') === expected.success && found.get('status=failure') === expected.failure;
    });
    const { total_cost } = await project.call('costs.summary', {});
    expect((await prometheus.query('sum(aiworkflow_cost_usd_total)')).get('')).toBeCloseTo(Number(total_cost), 10);
    expect((await prometheus.query('up')).get('')).toBe(1);
  });

  it('takes the alert rules, and every expression of them and of the dashboard', async () => {
    const folder = join(REPOSITORY_DIR, 'resources', 'monitoring');
    const rules = promtool(['check', 'rules', join(folder, 'alert-rules.yaml')]);
    expect([rules.exitCode, rules.said]).toEqual([0, expect.stringMatching(/SUCCESS: 10 rules found/)]);
    const dashboard = JSON.parse(readFileSync(join(folder, 'grafana-dashboard.json'), 'utf8')) as {
      panels: { targets: { expr: string }[] }[];
    };
    const served = (await read('/metrics')).text;
    const texts = [
      readFileSync(join(folder, 'alert-rules.yaml'), 'utf8'),
      ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ];
    const named = new Set(texts.flatMap((text) => text.match(/aiworkflow_[a-z_]+/g) ?? []));
    for (const name of named) expect(served).toContain(`# TYPE ${name.replace(/_bucket$/, '')} `);
    for (const { targets } of dashboard.panels)
      for (const { expr } of targets) {
        const written = expr.replaceAll('$workflow', '.*').replaceAll(/\$__(range|rate_interval)/g, '5m');
        expect([written, await prometheus.understands(written)]).toEqual([written, true]);
      }
  });
});
