import { describe, expect, it } from 'vitest';
import { harness } from '../support/block-runs.ts';
import { workflowText } from '../support/engine-harness.ts';

async function logOf(yaml: string): Promise<readonly string[]> {
  const one = harness();
  const { runId } = await one.run(workflowText([yaml.split('\n')]));
  const { lines } = one.store.logs.read(runId, { from: 1, limit: 10 });
  return lines.map(({ level, path, text }) => `${level} ${path} ${text}`);
}

describe('notify: log (SPEC §1.6)', () => {
  const said = "error step_1 Step 'step_1' failed: It broke.";

  it.each([
    ['action: t.fail\non_error: {action: notify, notify: log}', [said]],
    ['action: t.fail\non_error: [{error_code: tool.failed, notify: log}]', [said]],
    ['action: t.fail\non_error: [{error_code: tool.other, notify: log}]', []],
    ['action: t.fail\non_error: continue\nnotify_channel: log', [said]],
    ['action: t.fail\nfallback: {on_failure: t.fail}\non_error: {notify: log}', [said]],
    ['if: true\nthen: [{action: t.fail}]\non_error: {notify: log}', [said]],
    ['action: t.say\non_error: {notify: log}', []],
    ['action: t.fail', []],
  ])('%j', async (yaml, expected) => {
    expect(await logOf(yaml)).toEqual(expected);
  });
});
