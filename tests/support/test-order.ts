import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { REPOSITORY_DIR } from './paths.ts';

/**
 * The files that take longest, in the order in which they are begun: those that mostly wait (for agents, kills, deadlines) in turns with
 * those that keep a processor busy, so that neither the processors are idle nor all busy files come at once. All others follow, the
 * largest first; what is slow at the very end would be waited for alone.
 */
export const FIRST: readonly string[] = [
  'tests/live/cli-agents.test.ts',
  'tests/e2e/triggers.test.ts',
  'tests/e2e/kill-and-reopen.test.ts',
  'tests/crash/kill.test.ts',
  'tests/integration/file-undo-hard.test.ts',
  'tests/e2e/approvals.test.ts',
  'tests/live/conformance.test.ts',
  'tests/e2e/screens.test.ts',
  'tests/e2e/costs-screens.test.ts',
  'tests/e2e/admin-audit.test.ts',
  'tests/contract/fuzz.test.ts',
  'tests/e2e/reload.test.ts',
  'tests/e2e/steering.test.ts',
  'tests/e2e/left-open.test.ts',
  'tests/e2e/agents-screen.test.ts',
  'tests/e2e/approval-screens.test.ts',
  'tests/e2e/run-page.test.ts',
  'tests/e2e/admin-users.test.ts',
  'tests/integration/journal-property.test.ts',
  'tests/e2e/rights-walk.test.ts',
  'tests/e2e/agent-tab.test.ts',
  'tests/e2e/admin-secrets.test.ts',
  'tests/e2e/undo.test.ts',
  'tests/e2e/keyboard.test.ts',
  'tests/e2e/scale.test.ts',
  'tests/crash/undo-kill.test.ts',
  'tests/crash/nested-kill.test.ts',
  'tests/e2e/quitting.test.ts',
  'tests/e2e/schedule-editor.test.ts',
  'tests/live/opencode-server.test.ts',
  'tests/e2e/run-shapes.test.ts',
  'tests/e2e/workflow-editor.test.ts',
  'tests/e2e/trust.test.ts',
  'tests/e2e/hosts.test.ts',
  'tests/e2e/loops.test.ts',
  'tests/e2e/lists.test.ts',
  'tests/crash/schedule-kill.test.ts',
  'tests/e2e/library.test.ts',
  'tests/e2e/main-job.test.ts',
  'tests/security/openapi-bombs.test.ts',
  'src/core/workflow/expressions/library/library-fuzz.test.ts',
  'src/core/triggers/watch/chokidar-hints.test.ts',
  'src/core/snapshots/snapshot-store.test.ts',
  'tests/integration/examples.test.ts',
  // Small files that take long: they came last and were waited for alone.
  'tests/integration/openapi-public-spec.test.ts',
  'tests/integration/decision-race.test.ts',
];

/** The order in which files are begun. */
export class TestOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = FIRST.indexOf(relative(REPOSITORY_DIR, moduleId).replaceAll('\\', '/'));
      return place === -1 ? FIRST.length : place;
    };
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
