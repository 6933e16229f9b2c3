import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CostSpend } from '../../src/shared/model/cost.ts';
import type { CostLimit } from '../../src/shared/model/cost-limit.ts';
import type { RunStatistics } from '../../src/shared/model/run-statistics.ts';
import { LocalProject } from '../support/local-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { productEntry } from '../support/product-entry.ts';
import { cliEnvironment } from '../support/run-cli.ts';
import { VirtualMachine } from '../support/virtual-machine.ts';

/**
 * Days and months are those of a zone (SPEC §11): half an hour before and half an hour after November began in Berlin a model was asked for
 * $0.0075 each, both in October of UTC. Six days before, the clocks there were put back.
 */
const BEFORE = Date.parse('2026-10-31T22:30:00Z');
const AFTER = Date.parse('2026-10-31T23:30:00Z');
const [ONE, TWO] = ['0.0075', '0.015'];

let model: ModelServer;
let machine: VirtualMachine;
let project: LocalProject;
beforeAll(async () => {
  model = await startModelServer();
  model.script(() => ({ text: 'Done.', usage: { inputTokens: 1000, outputTokens: 500, cachedTokens: 0 } }));
  machine = new VirtualMachine('2026-10-25T00:30:00Z');
  project = new LocalProject(
    [`agent: {primary: openai, configs: {openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o}}}`],
    { clock: machine.ports },
  );
  project.addWorkflow('ask', [['action: agent.run', 'inputs: {prompt: "Say that it is done."}']]);
});
afterAll(async () => {
  await project.close();
  await model.close();
});

const limit = (name: string, timezone: string, period: string): Promise<unknown> =>
  project.call('costs.setLimit', {
    ...{ name, max_cost: '1', period, timezone, scope: 'global', scope_id: null },
    ...({ alert_threshold: null, action_on_limit: 'warn', allow_unpriced: false } satisfies Partial<CostLimit>),
  });
const askAt = async (at: number): Promise<void> => {
  machine.sleep(at - machine.now);
  await project.run('ask');
};
type Periods = readonly { readonly period: string; readonly cost: string | null }[];
const costsOf = (periods: Periods) =>
  periods.filter(({ cost }) => cost !== '0').map(({ period, cost }) => [period, cost]);

describe('a call of 23:30Z on 31 October is one of November in Berlin', () => {
  beforeAll(async () => {
    for (const zone of ['Europe/Berlin', 'UTC'])
      for (const period of ['day', 'week', 'month']) await limit(`${period} ${zone.replace('/', ' ')}`, zone, period);
    await askAt(BEFORE);
    await askAt(AFTER);
  });

  it('for limits: what each has used, when it begins anew, and what is left of it day by day', async () => {
    const { limits } = await project.call('costs.limits', {});
    expect(limits.map(({ name, spent, resets_at }) => [name, spent, resets_at])).toEqual([
      ['day Europe Berlin', ONE, '2026-11-01T23:00:00.000Z'],
      ['day UTC', TWO, '2026-11-01T00:00:00.000Z'],
      ['month Europe Berlin', ONE, '2026-11-30T23:00:00.000Z'],
      ['month UTC', TWO, '2026-11-01T00:00:00.000Z'],
      // Both are on a Saturday in UTC, and a Saturday and a Sunday in Berlin: of one week everywhere.
      ['week Europe Berlin', TWO, '2026-11-01T23:00:00.000Z'],
      ['week UTC', TWO, '2026-11-02T00:00:00.000Z'],
    ]);
    const daysOf = async (name: string) => (await project.call('costs.burnDown', { name })).days;
    expect(await daysOf('month Europe Berlin')).toEqual([{ day: '2026-11-01', spent: ONE, left: '0.9925' }]);
    expect((await daysOf('month UTC')).at(-1)).toEqual({ day: '2026-10-31', spent: TWO, left: '0.985' });
    // Monday to Sunday, with the day before it that has 25 hours left out.
    expect((await daysOf('week Europe Berlin')).map(({ day, left }) => [day, left])).toEqual([
      ...['26', '27', '28', '29', '30'].map((day) => [`2026-10-${day}`, '1']),
      ['2026-10-31', '0.9925'],
      ['2026-11-01', '0.985'],
    ]);
  });

  it.each([
    [
      'month',
      'Europe/Berlin',
      [
        ['2026-10', ONE],
        ['2026-11', ONE],
      ],
    ],
    ['month', 'UTC', [['2026-10', TWO]]],
    [
      'day',
      'Europe/Berlin',
      [
        ['2026-10-31', ONE],
        ['2026-11-01', ONE],
      ],
    ],
    ['day', 'America/New_York', [['2026-10-31', TWO]]],
    ['day', 'Asia/Kolkata', [['2026-11-01', TWO]]],
  ] as const)('for the charts: by %s in %s', async (unit, zone, expected) => {
    const span = { zone, unit, since: Date.parse('2026-10-24T22:00:00Z'), max: 31 };
    expect(costsOf((await project.call('costs.spend', span)).periods)).toEqual(expected);
    expect(costsOf((await project.call('runs.statistics', span)).periods.filter(hasRuns))).toEqual(expected);
  });

  it('for the command line, on the clocks that are named and on those of its machine', async () => {
    const json = async <T>(zone: string, ...args: readonly string[]): Promise<T> => {
      const { stdout } = await promisify(execFile)(process.execPath, [productEntry('cli'), '--json', ...args], {
        cwd: project.path,
        env: { ...cliEnvironment(project.root), TZ: zone },
      });
      return JSON.parse(stdout) as T;
    };
    await project.leave();
    const months = [
      ['2026-10', ONE],
      ['2026-11', ONE],
    ];
    const summary = ['costs', 'summary', '--by', 'month', '--since', '2026-10-01T00:00:00Z'];
    expect(costsOf((await json<CostSpend>('UTC', ...summary, '--zone', 'Europe/Berlin')).periods)).toEqual(months);
    expect(costsOf((await json<CostSpend>('Europe/Berlin', ...summary)).periods)).toEqual(months);
    expect(costsOf((await json<CostSpend>('UTC', ...summary)).periods)).toEqual([['2026-10', TWO]]);
    const stats = ['stats', '--by', 'month', '--since', '2026-10-01T00:00:00Z'];
    const fared = (await json<RunStatistics>('Europe/Berlin', ...stats)).periods;
    expect(costsOf(fared.filter(hasRuns))).toEqual(months);
    // A day without a clock is one of the machine: November has the second call alone.
    const since = ['costs', 'summary', '--since', '2026-11-01'];
    expect(await json('Europe/Berlin', ...since)).toMatchObject({ total_cost: ONE, total_requests: 1 });
    expect(await json('UTC', ...since)).toMatchObject({ total_requests: 0 });
  });
});

const hasRuns = ({ completed }: { readonly completed: number }): boolean => completed > 0;
