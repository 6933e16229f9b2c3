import type { Colors } from 'picocolors/types';
import type { Outcome, RunStatus, StepStatus } from '../../shared/model/run.ts';

type Shown = RunStatus | StepStatus | 'partial' | 'interrupted' | 'not_begun';

const LOOK: Readonly<Record<Shown, { readonly icon: string; readonly word: string; readonly color: keyof Colors }>> = {
  pending: { icon: '○', word: 'Pending', color: 'dim' },
  not_begun: { icon: '○', word: 'Not begun', color: 'dim' },
  running: { icon: '▶', word: 'Running', color: 'cyan' },
  interrupted: { icon: '!', word: 'Interrupted', color: 'yellow' },
  paused: { icon: '⏸', word: 'Paused', color: 'yellow' },
  waiting: { icon: '⏳', word: 'Waiting', color: 'yellow' },
  completed: { icon: '✓', word: 'Completed', color: 'green' },
  partial: { icon: '⚠️', word: 'Partial', color: 'yellow' },
  failed: { icon: '✗', word: 'Failed', color: 'red' },
  cancelled: { icon: '⊘', word: 'Cancelled', color: 'dim' },
  skipped: { icon: '–', word: 'Skipped', color: 'dim' },
  in_doubt: { icon: '?', word: 'In doubt', color: 'magenta' },
};

/** Icon and word of a state: never the colour alone. */
export function statusText(status: Shown, colors: Colors): string {
  const look = LOOK[status];
  return paint(`${look.icon} ${look.word}`, look.color, colors);
}

export const statusIcon = (status: Shown, colors: Colors): string =>
  paint(LOOK[status].icon, LOOK[status].color, colors);

/** Partial is never shown as success (SPEC §3.3), and what nobody drives never as running. */
export function shownStatus(run: {
  readonly status: RunStatus;
  readonly outcome: Outcome | null;
  readonly interrupted?: boolean;
}): Shown {
  if (run.interrupted === true) return 'interrupted';
  return run.status === 'completed' && run.outcome === 'partial' ? 'partial' : run.status;
}

function paint(text: string, color: keyof Colors, colors: Colors): string {
  const painter = colors[color];
  return typeof painter === 'function' ? painter(text) : text;
}
