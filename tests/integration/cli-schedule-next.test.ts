import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

// Every command is a process of its own: on a loaded machine that takes its time.
let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
});
afterAll(() => world.dispose());

const next = (...args: readonly string[]) => world.run('--json', 'schedule', 'next', ...args);

describe('schedule next (SPEC §13)', () => {
  it('gives the instants, by the zone, over a change of the clocks', async () => {
    const { exitCode, json } = await next(
      '30 2 * * *',
      '--tz',
      'America/New_York',
      '--from',
      '2026-03-07T12:00:00Z',
      '--count',
      '3',
    );
    expect(exitCode).toBe(0);
    expect(json()).toEqual({
      occurrences: ['2026-03-08T07:00:00.000Z', '2026-03-09T06:30:00.000Z', '2026-03-10T06:30:00.000Z'],
    });
  });

  it('gives 20 from now in UTC', async () => {
    const asked = Date.now();
    const { occurrences } = (await next('*/5 * * * *')).json<{ readonly occurrences: readonly string[] }>();
    expect(occurrences).toHaveLength(20);
    const first = Date.parse(occurrences[0] ?? '');
    expect(first % 300_000).toBe(0);
    expect(first).toBeGreaterThan(asked);
    expect(first - Date.now()).toBeLessThanOrEqual(300_000);
  });

  it('takes the zone of the project, and for people shows both clocks', async () => {
    world.write({ 'aiworkflow.local.yaml': 'scheduler: {timezone: Europe/Berlin}\n' });
    const { stdout } = await world.run(
      'schedule',
      'next',
      '0 9 * * MON-FRI',
      '--from',
      '2026-01-22T09:00',
      '--count',
      '2',
    );
    world.write({ 'aiworkflow.local.yaml': '' });
    expect(stdout).toBe(
      'Fri 2026-01-23 09:00:00 GMT+1   2026-01-23T08:00:00.000Z\nMon 2026-01-26 09:00:00 GMT+1   2026-01-26T08:00:00.000Z\n',
    );
  });

  it('says never, and that is no error', async () => {
    expect((await next('0 0 30 2 *')).json()).toEqual({ occurrences: [] });
    const { exitCode, stdout } = await world.run('schedule', 'next', '0 0 30 2 *');
    expect([exitCode, stdout]).toEqual([0, 'Never: it is not due within ten years.\n']);
  });

  it.each([
    [['0 9 * * FRY'], 1, 'schedule.invalid', "'FRY' is not valid in the weekday field.", "Did you mean 'FRI'?"],
    [['@daily', '--tz', 'Mars/Base'], 1, 'schedule.unknown_zone', "Unknown time zone 'Mars/Base'.", 'Europe/Berlin'],
    [['@daily', '--from', 'soon'], 1, 'schedule.invalid', "'soon' is not a date and time.", '2026-01-31T09:00:00Z'],
    [['@daily', '--count', '0'], 2, 'usage.invalid', "Invalid --count: '0'", undefined],
  ] as const)('%j ends with %i and %s', async (args, exitCode, code, message, hint) => {
    const result = await next(...args);
    expect(result.exitCode).toBe(exitCode);
    const error = result.json<{ readonly error: string; readonly code: string; readonly suggestion?: string }>();
    expect(error.code).toBe(code);
    expect(error.error).toContain(message);
    if (hint !== undefined) expect(error.suggestion).toContain(hint);
  });
});
