import { AppError } from '../../../shared/errors.ts';
import type { Step, StepOf, WaitDetail } from '../../../shared/model/workflow.ts';
import { parseDuration } from '../../../shared/parse-duration.ts';
import type { Evaluator } from './block-kind.ts';
import type { PauseEnd, PauseRules } from './pause-kind.ts';

/** `wait`: for a time, until an instant, until a condition holds, or for a delivery at a webhook (SPEC §1.4). */
export const WAIT: PauseRules<'wait'> = {
  dueAt: (step, evaluate) => dueAtOf(step, step.detail, evaluate),
  look: ({ detail }, waitpoint, evaluate) => {
    const { now } = evaluate;
    const { openedAt, dueAt } = waitpoint;
    if (detail.mode === 'event') {
      const event = evaluate.came({ waitpoint, match: detail.match });
      if (event !== null) return { kind: 'resolve', by: 'event', event };
      return dueAt !== null && now >= dueAt ? { kind: 'resolve', by: 'time' } : { kind: 'wait', until: dueAt };
    }
    if (detail.mode === 'condition') {
      if (evaluate.condition(detail.condition)) return { kind: 'resolve', by: 'condition' };
      const turns = Math.floor((now - openedAt) / detail.every_ms) + 1;
      if (dueAt === null || now < dueAt)
        return { kind: 'wait', until: Math.min(dueAt ?? Number.MAX_SAFE_INTEGER, openedAt + turns * detail.every_ms) };
    }
    return dueAt !== null && now < dueAt ? { kind: 'wait', until: dueAt } : { kind: 'resolve', by: 'time' };
  },
  end: ({ id, detail }, { openedAt, awaits, resolved }) => {
    const seconds = ((resolved?.at ?? openedAt) - openedAt) / 1000;
    const gaveUp = (what: string, hint: string): PauseEnd => ({
      kind: 'fail',
      code: 'engine.wait_timed_out',
      message: `'wait' of '${id}' gave up after ${seconds} seconds: ${what}.`,
      hint,
    });
    if (detail.mode === 'condition' && resolved?.by === 'time')
      return gaveUp('its condition did not come true', 'Raise its timeout, or look at what the condition waits for.');
    if (detail.mode === 'event' && resolved?.by === 'time')
      return gaveUp(
        `nothing that it waits for came at ${awaits}`,
        `See what came with 'aiworkflow webhook deliveries', or raise its timeout.`,
      );
    const event = resolved?.event;
    return { kind: 'end', output: { waited_seconds: seconds, ...(event === undefined ? {} : { event: event.data }) } };
  },
};

/** What a wait for an event waits for, journaled when it begins: the path of the webhook. Errors: `template.*`, `engine.not_a_path`. */
export function awaitedOf(step: Step, evaluate: Evaluator): { readonly awaits?: string } {
  if (step.kind !== 'wait' || step.detail.mode !== 'event') return {};
  const { event } = step.detail;
  const written = event.includes('{') ? evaluate.value(event) : event;
  const path = typeof written === 'string' ? written.trim() : '';
  if (path !== '' && !/\s/.test(path)) return { awaits: path.startsWith('/') ? path : `/${path}` };
  throw new AppError('engine.not_a_path', `'event' of '${step.id}' needs the path of a webhook.`, {
    hint: 'Give it a path such as /deploy/done, as a webhook of the project writes it.',
  });
}

function dueAtOf({ id }: StepOf<'wait'>, detail: WaitDetail, evaluate: Evaluator): number | null {
  if (detail.mode === 'event') return detail.timeout_ms === undefined ? null : evaluate.now + detail.timeout_ms;
  if (detail.mode === 'condition') return evaluate.now + detail.timeout_ms;
  if (detail.mode === 'for') return evaluate.now + durationOf(id, detail.for_ms, evaluate);
  if (detail.mode === 'until') return instantOf(id, detail.until, evaluate);
  throw new AppError('engine.unsupported', `This form of 'wait' in '${id}' cannot be run yet.`);
}

function durationOf(id: string, written: number | string, evaluate: Evaluator): number {
  if (typeof written === 'number') return written;
  const value = evaluate.value(written);
  const { ms, problem } =
    typeof value === 'string' || typeof value === 'number'
      ? parseDuration(value)
      : { ms: null, problem: 'It is no duration' };
  if (ms !== null && problem === undefined) return ms;
  throw new AppError('engine.not_an_instant', `'wait' of '${id}' needs a duration. ${problem}.`, {
    hint: 'Give it a value such as 30s, 5m or 1h30m.',
  });
}

function instantOf(id: string, written: string, evaluate: Evaluator): number {
  const value = written.includes('{') ? evaluate.value(written) : written;
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new AppError('engine.not_an_instant', `'until' of '${id}' needs a date and time.`, {
    hint: 'Give it a value such as 2026-01-31T09:00:00Z.',
  });
}
