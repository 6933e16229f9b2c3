import type { OperationName } from '../../shared/contract/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';
import { requireSettings } from './project-settings.ts';
import { reportReplay } from './replay-report.ts';
import { planFork, startReplay } from './start-replay.ts';
import { listTests, saveTest } from './workflow-tests.ts';

/** The use cases of recordings over one open project (SPEC §3.9). */
export function cassetteHandlers(session: ProjectSession): HandlersOf<Extract<OperationName, `cassettes.${string}`>> {
  return {
    'cassettes.save': (input) => session.changes.inTurn(() => saveTest(session, input)),
    'cassettes.list': async ({ workflow }) => ({ tests: await listTests(session, workflow) }),
    'cassettes.replay': async (input, actor) => {
      requireSettings(session.settingsProblems);
      await session.gate.require();
      return startReplay(session, input, actor);
    },
    'cassettes.planFork': (input) => planFork(session, input),
    'cassettes.report': ({ runId }) => reportReplay(session, runId),
  };
}
