import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { addUsage, NO_USAGE } from '../../src/shared/model/agent.ts';
import { LocalProject } from '../support/local-project.ts';
import { AGENT_PATH, INSTALL_TIMEOUT_MS, installLiveAgents, type LiveLab, openLab } from './live-lab.ts';

/** The real Claude Code in runs of the product: what is booked is what the program itself says it took (SPEC §11). */
let lab: LiveLab;
let project: LocalProject;
beforeAll(async () => {
  await installLiveAgents();
  lab = await openLab();
  project = new LocalProject(
    [
      'agent:',
      '  primary: claude-code',
      '  configs:',
      `    claude-code: {api_base_url: "${lab.model.url}", max_retries: 0, model: claude-sonnet-4-5, pass_env: [HTTP_PROXY, HTTPS_PROXY, NO_PROXY]}`,
    ],
    { isHost: true },
  );
  // What the program prints is kept, as it comes.
  const said = join(project.root, 'said.jsonl');
  const program = [
    '#!/bin/bash',
    'set -o pipefail',
    `PATH='${AGENT_PATH}'`,
    `if [[ "$*" == *--output-format* ]]; then claude "$@" | tee -a '${said}'; else exec claude "$@"; fi`,
  ];
  project.write('bin/claude', program.join('\n'));
  for (const [name, value] of Object.entries(lab.hostEnv)) vi.stubEnv(name, value);
  vi.stubEnv('PATH', `${join(project.path, 'bin')}${delimiter}${AGENT_PATH}`);
}, INSTALL_TIMEOUT_MS);
afterAll(async () => {
  await project.close();
  vi.unstubAllEnvs();
  await lab.close();
});

interface Said {
  readonly type: string;
  readonly total_cost_usd: number;
  readonly modelUsage: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The end of each question, in its own words. */
const totals = (): readonly Said[] =>
  readFileSync(join(project.root, 'said.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Said)
    .filter(({ type }) => type === 'result');

const IS_WINDOWS = process.platform === 'win32';
if (IS_WINDOWS) console.warn('skipped: what the program prints is kept by a script of bash, which Windows has not');

it.skipIf(IS_WINDOWS)(
  'books three turns that end at a limit, and three more of the run that goes on, at the two totals of the program',
  async () => {
    // $0.0282 a turn: 4,000 tokens as they are, 4,000 from the cache, 2,000 into it, and 500 of the answer.
    const usage = { inputTokens: 10_000, outputTokens: 500, cachedTokens: 4000, cacheWriteTokens: 2000 };
    const input = { file_path: join(project.path, 'aiworkflow.yaml') };
    lab.model.script((_request, n) =>
      n < 6 ? { toolCalls: [{ name: 'Read', input }], usage } : { text: 'It is read.', usage },
    );
    project.addWorkflow('read', [['action: agent.run', 'inputs: {prompt: "Read the settings."}']]);
    await project.call('costs.setLimit', {
      ...{ name: 'turns', max_cost: '0.07', period: null, timezone: 'UTC', scope: 'global', scope_id: null },
      ...{ alert_threshold: 50, action_on_limit: 'pause', allow_unpriced: false },
    });
    const runId = await project.run('read');
    const asked = async () => (await project.call('costs.questions', {})).questions[0];
    const question = await asked();
    expect(question).toMatchObject({ runId, limit: { name: 'turns' } });
    const { lines } = await project.call('runs.log', { runId, limit: 5000 });
    // After its second turn, while it was at work: it stopped with its third.
    expect(lines.map(({ text }) => text)).toContainEqual(
      expect.stringContaining("Cost limit 'turns' at 80.6%: $0.0564"),
    );

    // Another start of the app goes on with it.
    await project.reopen();
    const answer = { runId, limit: 'turns', hash: question?.hash ?? '', by: '1', once: false };
    await project.call('costs.raise', answer);
    await project.settled();
    expect((await project.call('runs.get', { runId })).run.status).toBe('completed');

    const { records } = await project.call('costs.records', { run: runId, limit: 100 });
    const said = totals();
    expect(said).toHaveLength(2);
    expect(records.map((one) => one.source)).toEqual(['reported', 'reported']);
    expect(records.map((one) => Number(one.estimated_cost)).toReversed()).toEqual(
      said.map((one) => Number(one.total_cost_usd.toFixed(10))),
    );
    const usedOf = ({ modelUsage }: Said) =>
      Object.values(modelUsage)
        .map((one) => ({
          ...NO_USAGE,
          inputTokens: (one.inputTokens ?? 0) + (one.cacheReadInputTokens ?? 0) + (one.cacheCreationInputTokens ?? 0),
          outputTokens: one.outputTokens ?? 0,
          cachedTokens: one.cacheReadInputTokens ?? 0,
          cacheWriteTokens: one.cacheCreationInputTokens ?? 0,
        }))
        .reduce(addUsage, NO_USAGE);
    expect(records.map(({ token_usage: used }) => used).toReversed()).toMatchObject(
      said.map(usedOf).map((one) => ({
        input_tokens: one.inputTokens,
        output_tokens: one.outputTokens,
        cached_tokens: one.cachedTokens,
      })),
    );
    expect(said.map(usedOf)).toMatchObject([
      { inputTokens: 30_000, outputTokens: 1500, cachedTokens: 12_000, cacheWriteTokens: 6000 },
      { inputTokens: 30_000, outputTokens: 1500, cachedTokens: 12_000, cacheWriteTokens: 6000 },
    ]);
  },
);
