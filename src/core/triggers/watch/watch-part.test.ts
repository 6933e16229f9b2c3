import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { cleanUp, makeFolder, openStore } from '../../storage/store.test-support.ts';
import type { ArmedTrigger } from '../ports.ts';
import { ScriptedHints, VirtualClock } from './watch.test-support.ts';
import { WatchPart } from './watch-part.ts';

afterEach(cleanUp);

const TRIGGER: ArmedTrigger = {
  ...{ key: 'sort/inbox', id: 'inbox', alias: 'sort_1', kind: 'file', workflowId: 'sort', workflowName: 'Sort' },
  ...{ workflowPath: 'sort.md', source: 'sort.md', isEnabled: true, config: { path: 'inbox' } },
  ...{ definitionHash: 'd', contentHash: 'c', versionLabel: '1', versionPolicy: 'latest', pauses: [] },
  consent: { definitionHash: 'd', contentHash: 'c', versionLabel: '1', by: 'tester', at: 1 },
  stored: {
    ...{
      triggerNo: 1,
      key: 'sort/inbox',
      kind: 'file',
      workflowId: 'sort',
      createdAt: 1,
      isOff: false,
      pause: null,
      failures: 0,
    },
    ...{ runCount: 0, lastRunId: null, lastStartedAt: null, plannedUntil: null, notice: null },
  },
};

it('a watch that ends before it has begun does not begin afterwards', async () => {
  const project = makeFolder();
  mkdirSync(join(project, 'inbox'));
  const hints = new ScriptedHints();
  const clock = new VirtualClock();
  const notices: (readonly [string, string | null])[] = [];
  const bugs: unknown[] = [];
  const part = new WatchPart({
    place: { project, stateDir: join(project, 'state') },
    files: openStore().watchedFiles,
    inlet: { receive: () => Promise.reject(), start: () => Promise.reject() },
    ...{ hints, clock, findWriter: () => null, isNetwork: async () => false, newId: () => 'id' },
    notice: (key, notice) => notices.push([key, notice]),
    pause: () => undefined,
    onChange: () => undefined,
    onBug: (error) => bugs.push(error),
  });
  part.update([TRIGGER]);
  part.update([]);
  await part.settled();
  await part.close();
  expect([hints.listener, clock.timers, part.list(), bugs]).toEqual([null, 0, [], []]);
  expect(notices).toEqual([['sort/inbox', null]]);
});
