import { isFolded, type LogLine, type LoopState, type RunSummary, type StepState } from '../../shared/model/run.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { cut, oneLine, plainText } from '../text/plain-text.ts';
import { statusIcon } from '../text/status-text.ts';
import { durationText } from '../text/time-text.ts';
import type { RunListener } from './follow-run.ts';
import { createLogFollower } from './log-follower.ts';

/** Progress of a run on stderr. */
export interface Progress extends RunListener {
  /** Takes the redrawn line away; call before anything else is printed. */
  close(): void;
}

/**
 * One line a finished step with icon and duration; on a terminal the running step stands below it; with `--verbose` the log
 * lines as they come. Silent under `--quiet`, and under `--json` unless a person watches the terminal.
 */
export function openProgress(context: CliContext, client: OpenClient): Progress {
  const { terminal, globals } = context;
  if (globals.quiet || (globals.json && !terminal.isLive))
    return { changed: () => undefined, logged: () => undefined, close: () => undefined };
  const shown = new Set<string>();
  const liveLine = new LiveLine(context);
  const known = new Map<string, StepState>();
  const counts = new Map<string, LoopState>();
  let runId: string | null = null;
  let showNewLines: (() => Promise<void>) | null = null;
  return {
    changed: ({ run, steps, loops }) => {
      runId = run.runId;
      for (const loop of loops) counts.set(loop.path, loop);
      for (const step of [...steps].sort((one, other) => (one.completedAt ?? 0) - (other.completedAt ?? 0))) {
        const key = `${step.path} ${step.status} ${step.attempt}`;
        if (!isFinished(step) || shown.has(key)) continue;
        shown.add(key);
        liveLine.print(stepLine(step, counts.get(step.path), context));
      }
      for (const step of steps) known.set(step.path, step);
      liveLine.show(runningLine(run, [...known.values()], counts));
    },
    logged: async () => {
      if (!globals.verbose || runId === null) return;
      showNewLines ??= createLogFollower({ client, filter: { runId }, canGoOn: () => true }, (lines) => {
        for (const line of lines) liveLine.print(logLineText(line, context));
      });
      await showNewLines();
    },
    close: () => liveLine.clear(),
  };
}

const isFinished = (step: StepState): boolean => !['pending', 'running'].includes(step.status);

function stepLine(step: StepState, loop: LoopState | undefined, { colors }: CliContext): string {
  const tookMs = step.startedAt !== null && step.completedAt !== null ? step.completedAt - step.startedAt : null;
  const parts = [
    statusIcon(step.status, colors.err),
    nameOf(step, colors),
    tookMs === null ? '' : colors.err.dim(durationText(tookMs)),
    loop === undefined || !isFolded(loop) ? '' : countsText(loop),
    step.attempt > 1 ? colors.err.dim(`attempt ${step.attempt}`) : '',
    step.skipReason === null ? '' : colors.err.dim(step.skipReason.replaceAll('_', ' ')),
    step.error === null ? '' : colors.err.red(cut(oneLine(step.error.message), 300)),
    step.fallbackUsed ? colors.err.yellow('fallback used') : '',
    step.cachedAt === undefined ? '' : colors.err.dim('cached'),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

/** The name, for a step inside another one with its place: `price  (each[2].price)`. */
function nameOf({ name, stepId, path }: StepState, colors: CliContext['colors']): string {
  const shown = oneLine(name || stepId);
  return /[.[]/.test(path) ? `${shown}  ${colors.err.dim(`(${oneLine(path)})`)}` : shown;
}

/** `312 of 1000, 2 failed`: the turns of a long loop have no lines of their own. */
function countsText({ total, completed, failed, cancelled }: LoopState): string {
  const ended = completed + failed + cancelled;
  return `${total === null ? `${ended} turns` : `${ended} of ${total}`}${failed === 0 ? '' : `, ${failed} failed`}`;
}

function runningLine(
  run: RunSummary,
  steps: readonly StepState[],
  loops: ReadonlyMap<string, LoopState>,
): string | null {
  if (run.status !== 'running' && run.status !== 'pending') return null;
  const done = run.stepsSucceeded + run.stepsFailed + run.stepsSkipped;
  const names = steps
    .filter((step) => step.status === 'running')
    .map((step) => {
      const loop = loops.get(step.path);
      const name = oneLine(step.name || step.stepId);
      return loop === undefined || !isFolded(loop) ? name : `${name} ${countsText(loop)}`;
    });
  const current = names.length > 0 ? names.join(', ') : oneLine(run.currentStep ?? '');
  return `${done}/${run.stepsTotal}  ${current}`.trim();
}

/** `step | text`, safe for a terminal. */
export function logLineText(line: LogLine, { colors }: Pick<CliContext, 'colors'>): string {
  const text = plainText(line.text);
  const painted =
    line.level === 'error' ? colors.err.red(text) : line.level === 'warning' ? colors.err.yellow(text) : text;
  return `${colors.err.dim(`${line.path} |`)} ${painted}`;
}

/** The last line of a terminal, redrawn in place; nothing of it where there is no terminal. */
class LiveLine {
  private readonly context: Pick<CliContext, 'terminal' | 'colors'>;
  private current: string | null = null;

  constructor(context: Pick<CliContext, 'terminal' | 'colors'>) {
    this.context = context;
  }

  print(line: string): void {
    const kept = this.current;
    this.clear();
    this.context.terminal.err(`${line}\n`);
    if (kept !== null) this.show(kept);
  }

  show(line: string | null): void {
    this.clear();
    if (line === null || !this.context.terminal.isLive) return;
    this.current = line;
    const { terminal, colors } = this.context;
    terminal.err(`${colors.err.cyan('▶')} ${cut(line, terminal.errWidth - 3)}`);
  }

  clear(): void {
    if (this.current !== null) this.context.terminal.err('\r\u001b[2K');
    this.current = null;
  }
}
