/** A worker whose control center is the fake; `projectPath` says how it behaves. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ControlCenterOptions } from '../../../src/core/control-center.ts';
import { serveControlCenter } from '../../../src/server/hosting/serve-control-center.ts';
import { AppError } from '../../../src/shared/errors.ts';
import { createFakeControlCenter } from './fake-control-center.ts';

const QUIET: Readonly<Record<string, unknown>> = {
  'app.tray': {
    ...{ next: [], armed: 0, running: [], runningCount: 0, pausedAll: null, failing: [], isHosting: false },
    waiting: { approvals: 0, inDoubt: 0, starts: 0 },
  },
  'approvals.list': { approvals: [], pending: 0 },
  'occurrences.list': { occurrences: [] },
};
const options = workerData as ControlCenterOptions;
if (parentPort !== null) {
  await serveControlCenter(parentPort, options, async () => {
    if (options.projectPath === '/held' || process.env.FAKE_CONTROL_CENTER_IS_HELD === '1')
      throw new AppError('lease.held', 'Another process holds the project.');
    if (options.projectPath === '/broken') throw new Error('a bug with a secret in its text');
    const fake = createFakeControlCenter(options.projectPath);
    fake.respond = async (call) => {
      // `doctor.fix` stands for a crash of the whole thread, `doctor.run` for a call that never ends.
      if (call.name === 'doctor.fix') setImmediate(() => process.exit(7));
      if (call.name === 'doctor.fix' || call.name === 'doctor.run') return new Promise(() => {});
      if (call.name === 'runs.counts') fake.publish([{ kind: 'library' }]);
      if (call.name === 'runs.cancel')
        fake.desktop.show({
          title: 'A run was cancelled',
          text: 'By hand',
          kind: 'run_failed',
          isUrgent: false,
          path: `/runs/${(call.input as { runId: string }).runId}`,
        });
      if (call.name === 'project.switch') fake.switchProject((call.input as { path: string }).path);
      // What the icon of the app asks for; screens of these tests ask for none of it.
      const told = QUIET[call.name];
      if (told !== undefined) return { ok: true, value: told };
      if (call.name === 'examples.list') return { ok: true, value: () => 'not cloneable' };
      return { ok: true, value: call };
    };
    return fake;
  });
}
