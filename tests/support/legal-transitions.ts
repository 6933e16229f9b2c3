import { expect } from 'vitest';
import { foldRun } from '../../src/core/engine/index.ts';
import type { RunStatus } from '../../src/shared/model/run.ts';

const LEGAL: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  pending: ['running'],
  running: ['waiting', 'paused', 'completed', 'failed', 'cancelled', 'in_doubt'],
  waiting: ['running', 'paused', 'failed', 'cancelled'],
  paused: ['running', 'waiting', 'cancelled'],
  in_doubt: ['running', 'cancelled', 'paused'],
  failed: ['running'],
  cancelled: ['running'],
  completed: [],
};

/** From event to event of its journal a run changes its status only as a run may. */
export function expectLegalTransitions(events: Parameters<typeof foldRun>[0]): void {
  let before: RunStatus = 'pending';
  for (let length = 1; length <= events.length; length += 1) {
    const { status } = foldRun(events.slice(0, length));
    if (status !== before) expect(LEGAL[before], `${before} -> ${status}`).toContain(status);
    before = status;
  }
}
