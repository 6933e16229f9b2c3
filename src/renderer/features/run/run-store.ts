import { create } from 'zustand';
import type { RunView } from '../../../shared/contract/index.ts';
import { getClient } from '../../client/bridge.ts';
import { followLive } from '../../client/follow-live.ts';
import type { LiveMessage } from '../../client/live.ts';
import { failed, type Loadable, loading, ready } from '../../client/loadable.ts';
import { createRefetcher } from '../../client/refetcher.ts';
import { applyDelta, needsSnapshot, type RunDelta, takeSnapshot } from './run-delta.ts';
import type { OpenSteps } from './step-rows.ts';
import { ancestorsOf, buildStepTree, firstStepOf } from './step-tree.ts';

export type RunTab = 'log' | 'agent' | 'inputs' | 'outputs' | 'files' | 'events';

export interface RunState {
  readonly runId: string | null;
  readonly view: Loadable<RunView>;
  /** Lines of the log by the newest word about it. */
  readonly logTotal: number;
  /** Entries of the conversation by the newest word about it. */
  readonly conversationTotal: number;
  readonly isDeleted: boolean;
  /** The step of the right pane; null until the first snapshot. */
  readonly selected: string | null;
  /** True once a person chose a step: then the screen no longer moves by itself. */
  readonly isChosen: boolean;
  readonly openSteps: OpenSteps;
  readonly tab: RunTab;
  /** The step whose conversation is shown; null = of all steps. */
  readonly conversationPath: string | null;
}

const EMPTY: RunState = {
  runId: null,
  view: loading(),
  logTotal: 0,
  conversationTotal: 0,
  isDeleted: false,
  selected: null,
  isChosen: false,
  openSteps: new Map(),
  tab: 'log',
  conversationPath: null,
};

export const useRun = create<RunState>()(() => EMPTY);

/** Asks for the snapshot again: after a button, or when live events were missed. */
let refresh: () => Promise<void> = async () => undefined;
export const refreshRun = (): Promise<void> => refresh();

/** Shows a run and follows it; returns the way to stop. */
export function openRun(runId: string): () => void {
  useRun.setState({ ...EMPTY, runId });
  let isOpen = true;
  let meanwhile: RunDelta[] | null = null;
  const fetchOnce = async (): Promise<void> => {
    meanwhile = [];
    try {
      const snapshot = await getClient().call('runs.get', { runId });
      const view = takeSnapshot(snapshot, meanwhile);
      if (isOpen) showView(view, snapshot.logLines);
      // What came meanwhile brought a new status, but not the buttons that go with it.
      if (needsSnapshot(snapshot, view)) void refetch();
    } catch (thrown) {
      if (isOpen) useRun.setState((state) => ({ view: failed(thrown, state.view.value) }));
    } finally {
      meanwhile = null;
    }
  };
  const refetch = createRefetcher(fetchOnce);
  refresh = refetch;
  const stopFollowing = followLive({
    onArrival: (messages) => {
      for (const each of messages) if (each.kind === 'run' && each.run.runId === runId) meanwhile?.push(each);
    },
    onFrame: (messages) => {
      if (applyMessages(runId, messages)) void refetch();
    },
    refetch,
  });
  return () => {
    isOpen = false;
    refresh = async () => undefined;
    stopFollowing();
  };
}

function showView(view: RunView, logLines: number): void {
  useRun.setState((state) => ({
    view: ready(view),
    logTotal: Math.max(state.logTotal, logLines),
    conversationTotal: Math.max(state.conversationTotal, view.conversationEntries),
    ...(state.selected === null ? openingOf(view) : {}),
  }));
}

/** Takes one frame's messages in; true when a fresh snapshot is due. */
function applyMessages(runId: string, messages: readonly LiveMessage[]): boolean {
  const before = useRun.getState();
  let view = before.view.value;
  let { logTotal, conversationTotal, isDeleted } = before;
  let isDue = false;
  for (const message of messages) {
    if (message.kind === 'resync' || message.kind === 'project') isDue = true;
    else if (message.kind === 'log' && message.runId === runId) logTotal = Math.max(logTotal, message.total);
    else if (message.kind === 'conversation' && message.runId === runId)
      conversationTotal = Math.max(conversationTotal, message.total);
    else if (message.kind === 'run_deleted' && message.runId === runId) isDeleted = true;
    else if (message.kind === 'run' && view !== null) view = applyDelta(view, message);
  }
  const shown = before.view.value;
  const hasMoved = view !== null && view !== shown;
  const hasGrown = logTotal !== before.logTotal || conversationTotal !== before.conversationTotal;
  if (hasMoved || hasGrown || isDeleted !== before.isDeleted) {
    const moved = hasMoved && view !== null ? { view: ready(view), ...followStep(before, view) } : {};
    useRun.setState({ logTotal, conversationTotal, isDeleted, ...moved });
  }
  return isDue || (view !== null && shown !== null && needsSnapshot(shown, view));
}

/** Where the screen opens; the groups around that step are opened with it. */
function openingOf(view: RunView): Pick<RunState, 'selected' | 'openSteps'> {
  const tree = buildStepTree(view.plan, view.steps);
  const selected = firstStepOf(tree);
  const around = selected === null ? [] : ancestorsOf(tree, selected);
  return { selected, openSteps: new Map(around.map((path) => [path, true])) };
}

/** Until somebody chooses a step, the right pane goes along with the run: from a step that has ended to the current one. */
function followStep(state: RunState, view: RunView): Partial<RunState> {
  if (state.isChosen) return {};
  const shown = view.steps.find((step) => step.path === state.selected);
  if (shown !== undefined && shown.status !== 'completed' && shown.status !== 'skipped') return {};
  const { selected, openSteps } = openingOf(view);
  return selected === state.selected ? {} : { selected, openSteps: new Map([...state.openSteps, ...openSteps]) };
}

export const selectStep = (path: string): void => useRun.setState({ selected: path, isChosen: true });

export const setStepOpen = (path: string, isOpen: boolean): void =>
  useRun.setState((state) => ({ openSteps: new Map(state.openSteps).set(path, isOpen) }));

export const showTab = (tab: RunTab): void => useRun.setState({ tab });

/** Opens the agent tab on what was said in one step, or in all of them. */
export const showConversation = (path: string | null): void =>
  useRun.setState({ tab: 'agent', conversationPath: path });
