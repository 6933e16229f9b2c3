import { afterEach, beforeEach, expect, it } from 'vitest';
import { DraftKeeper, type KeptState } from '../../src/renderer/features/workflow/editor/draft-keeper.ts';
import type { HolderClient } from '../../src/server/index.ts';
import { AgentProject } from '../support/agent-project.ts';
import { waitUntil } from '../support/wait-until.ts';

/** UX "Workflows": what the editor has said that it keeps is there after `kill -9`, whole, and the published text is as it was. */
let project: AgentProject;
beforeEach(() => {
  project = new AgentProject();
  project.addWorkflow('notes', [['action: workflow.noop']]);
});
afterEach(() => project.remove());

it('a draft that is typed while the app is killed is there as it was last kept, or newer', async () => {
  let client: HolderClient = await project.serve();
  const { source, sourceHash } = await client.call('workflows.get', { ref: 'notes' });
  const states: KeptState[] = [];
  const sent: string[] = [];
  const kept: string[] = [];
  const keeper = new DraftKeeper({
    ...{ ref: 'notes', base: { source, hash: sourceHash }, draft: null },
    call: async (name, input) => {
      const text = 'source' in input ? input.source : '';
      sent.push(text);
      const answer = await client.call(name, input);
      kept.push(text);
      return answer;
    },
    onState: (state) => states.push(state),
  });
  let text = source;
  const typing = setInterval(() => {
    text += 'x';
    keeper.change(text);
  }, 20);
  await waitUntil('the draft was kept some times', () => kept.length >= 4);
  await project.kill();
  clearInterval(typing);
  const [newest, last] = [kept.at(-1) ?? '', sent.at(-1) ?? ''];

  client = await project.serve();
  const { draft } = await client.call('drafts.get', { ref: 'notes' });
  expect([newest, last]).toContain(draft?.source);
  expect((await client.call('workflows.get', { ref: 'notes' })).source).toBe(source);
  // What was typed since goes on from there.
  await waitUntil('all of it is kept', () => kept.at(-1) === text);
  expect((await client.call('drafts.get', { ref: 'notes' })).draft?.source).toBe(text);
});
