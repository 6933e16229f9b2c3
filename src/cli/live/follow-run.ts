import type { LiveBatch, RunView } from '../../shared/contract/index.ts';
import { createGapReader } from '../../shared/gap-reader.ts';
import type { LoopState, RunStatus, RunSummary, StepState } from '../../shared/model/run.ts';
import type { OpenClient } from '../context.ts';

/** Whole rows; the same row may come twice. Of a long loop only its counts are told. */
export interface RunNews {
  readonly run: RunSummary;
  readonly steps: readonly StepState[];
  readonly loops: readonly LoopState[];
}

/** What a follower hears. */
export interface RunListener {
  changed(news: RunNews): Promise<void> | void;
  /** The run's log has grown to this many lines. */
  logged(total: number): Promise<void> | void;
}

/** Without news for so long the state is asked for: a lost event or a dead holder is found out. */
const ASK_AFTER_MS = 2_000;
const ASK_SOON_MS = 100;
const ENDED: readonly RunStatus[] = ['completed', 'failed', 'cancelled'];

/**
 * Begins a run and follows it until it rests (ended, paused, waiting, in doubt). Subscribes before it begins, so that nothing
 * is missed; a gap in the batches is healed by a snapshot.
 */
export async function followRun(
  client: OpenClient,
  begin: () => Promise<string>,
  listener: RunListener,
): Promise<RunView> {
  const feed = openFeed(client);
  try {
    const runId = await begin();
    let view = await takeSnapshot(client, runId, listener);
    while (!isAtRest(view)) {
      const { status } = view.run;
      const isSettling =
        !ENDED.includes(status) && status !== 'running' && status !== 'pending' && status !== 'waiting';
      const batches = await feed.next(isSettling ? ASK_SOON_MS : ASK_AFTER_MS);
      view = await applyBatches(client, view, { batches, listener });
    }
    return view;
  } finally {
    feed.close();
  }
}

async function takeSnapshot(client: OpenClient, runId: string, listener: RunListener): Promise<RunView> {
  const view = await client.call('runs.get', { runId });
  await listener.changed(view);
  await listener.logged(view.logLines);
  return view;
}

interface News {
  /** Null: a gap, or nothing came in time. */
  readonly batches: readonly LiveBatch[] | null;
  readonly listener: RunListener;
}

async function applyBatches(client: OpenClient, view: RunView, { batches, listener }: News): Promise<RunView> {
  const { runId } = view.run;
  if (batches === null) return takeSnapshot(client, runId, listener);
  let run = view.run;
  let position = view.position;
  for (const event of batches.flatMap((batch) => batch.events)) {
    if (event.kind === 'log' && event.runId === runId) await listener.logged(event.total);
    if (event.kind !== 'run' || event.run.runId !== runId || event.position <= position) continue;
    await listener.changed(event);
    run = event.run;
    position = event.position;
  }
  if (run.status === 'waiting' && run.waitsFor === 'time') return { ...view, run, position };
  // Only a snapshot tells a run that rests from one that is about to go on.
  if (run.status !== 'running' && run.status !== 'pending') return takeSnapshot(client, runId, listener);
  return { ...view, run, position };
}

/** Ended, or nothing drives it any more: a run that could be resumed is not being driven, whatever its row says. */
function isAtRest({ run, actions, needsPerson }: RunView): boolean {
  if (ENDED.includes(run.status)) return run.rollback !== 'in_progress' || actions.rollback.enabled;
  // It goes on by itself, whoever drives it; a person, or what others send, would have to be waited for.
  if (run.status === 'waiting') return needsPerson || run.waitsFor === 'event';
  if (run.status === 'running' || run.status === 'pending') return actions.resume.enabled;
  const isDriven = actions.pause.enabled || (run.cancelRequested && !actions.resume.enabled);
  return !isDriven;
}

interface Feed {
  /** What came since the last time; null after a gap, or when nothing came within `withinMs`. */
  next(withinMs: number): Promise<readonly LiveBatch[] | null>;
  close(): void;
}

function openFeed(client: OpenClient): Feed {
  let waiting: LiveBatch[] = [];
  let hasGap = false;
  const isGap = createGapReader();
  let wake: (() => void) | null = null;
  const stop = client.subscribe((batch) => {
    if (isGap(batch.number)) hasGap = true;
    waiting.push(batch);
    wake?.();
  });
  const take = (): readonly LiveBatch[] | null => {
    const taken = hasGap || waiting.length === 0 ? null : waiting;
    waiting = [];
    hasGap = false;
    return taken;
  };
  return {
    next: (withinMs) =>
      new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          wake = null;
          resolve(take());
        };
        const timer = setTimeout(finish, withinMs);
        wake = finish;
        if (waiting.length > 0) finish();
      }),
    close: stop,
  };
}
