import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/shared/errors.ts';
import { opened, run } from '../support/block-runs.ts';
import { inProcessTool, openHarness, workflowText } from '../support/engine-harness.ts';

/** A service that takes no login before the `good`-th one. */
function world(good: number) {
  const seen: string[] = [];
  let login = 1;
  const plain = inProcessTool('s', {
    ask: ({ attempt }) => {
      seen.push(`ask ${attempt}`);
      if (login < good) throw new AppError('tool.http_error', 'Unauthorized', { details: { status: 401 } });
      return 'answer';
    },
  });
  const renew = async (): Promise<void> => {
    seen.push('renew');
    login += 1;
  };
  const one = openHarness({ tools: [{ ...plain, category: 'service', renew }] });
  opened.push(one);
  return { one, seen };
}

const text = (more: readonly string[] = []): string =>
  workflowText([['id: ask', 'action: s.ask', 'on_error: [{error_code: 401, action: refresh_credentials}]', ...more]]);

describe('on_error: refresh_credentials (SPEC §1.6)', () => {
  it('renews what the tool is logged in with, then makes one more attempt', async () => {
    const { one, seen } = world(2);
    const state = await one.run(text());
    expect([state.status, seen]).toEqual(['completed', ['ask 1', 'renew', 'ask 2']]);
  });

  it('does so once, whatever retries are written', async () => {
    const { one, seen } = world(9);
    const state = await one.run(text(['retry: 5']));
    expect([state.status, seen]).toEqual(['failed', ['ask 1', 'renew', 'ask 2']]);
  });

  it('does so again after a person has resumed the run', async () => {
    const { one, seen } = world(3);
    const { runId } = await one.run(text());
    await one.engine.resume(runId, { kind: 'user', id: 'x', door: 'cli' });
    await one.engine.settled(runId);
    expect(one.engine.stateOf(runId).state.status).toBe('completed');
    expect(seen).toEqual(['ask 1', 'renew', 'ask 2', 'ask 3', 'renew', 'ask 4']);
  });

  it('leaves other errors to their own rules', async () => {
    const state = await run('action: t.fail\non_error: [{error_code: 401, action: refresh_credentials}]');
    expect(state.steps.get('step_1')?.attempts).toHaveLength(1);
  });
});
