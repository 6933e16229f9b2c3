import { create } from 'zustand';
import type { LiveEvent, RunView } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { applyDelta, needsSnapshot } from './run-delta.ts';
import type { OpenSteps } from './step-rows.ts';
import { ancestorsOf, buildStepTree, firstStepOf } from './step-tree.ts';

/** A run as the screen has it. */
export interface ShownRun {
  readonly view: RunView;
  /** Lines of the log by the newest word about it. */
  readonly logTotal: number;
  /** Changes when lines that go on read otherwise. */
  readonly logRevision: number;
  /** Entries of the conversation by the newest word about it. */
  readonly conversationTotal: number;
  readonly isDeleted: boolean;
}

/** The run that is shown, by its id. */
export const shownRun = createLiveQuery<ShownRun, string>({
  ask: async (runId, before) => {
    const view = await call('runs.get', { runId });
    return {
      view,
      logTotal: Math.max(before?.logTotal ?? 0, view.logLines),
      logRevision: before?.logRevision ?? 0,
      conversationTotal: Math.max(before?.conversationTotal ?? 0, view.conversationEntries),
      isDeleted: before?.isDeleted ?? false,
    };
  },
  apply: (shown, events) => events.reduce(applyEvent, shown),
  needsSnapshot: (before, after) => needsSnapshot(before.view, after.view),
});

function applyEvent(shown: ShownRun, event: LiveEvent): ShownRun {
  const { runId } = shown.view.run;
  switch (event.kind) {
    case 'run': {
      const view = applyDelta(shown.view, event);
      return view === shown.view ? shown : { ...shown, view };
    }
    case 'log':
      return event.runId === runId ? withLog(shown, event) : shown;
    case 'conversation':
      return event.runId === runId && event.total > shown.conversationTotal
        ? { ...shown, conversationTotal: event.total }
        : shown;
    case 'run_deleted':
      return event.runId === runId ? { ...shown, isDeleted: true } : shown;
    default:
      return shown;
  }
}

function withLog(shown: ShownRun, { total, revision = 0 }: Extract<LiveEvent, { kind: 'log' }>): ShownRun {
  const logTotal = Math.max(shown.logTotal, total);
  const isSame = logTotal === shown.logTotal && revision === shown.logRevision;
  return isSame ? shown : { ...shown, logTotal, logRevision: revision };
}

export const RUN_TABS = ['log', 'agent', 'inputs', 'outputs', 'files', 'events'] as const;
export type RunTab = (typeof RUN_TABS)[number];

/** What a person chose to see of the run. */
export interface RunChoices {
  /** The step of the right pane; null until the first snapshot. */
  readonly selected: string | null;
  /** True once a person chose a step: then the screen no longer moves by itself. */
  readonly isChosen: boolean;
  readonly openSteps: OpenSteps;
  /** Null until a person chose one or worked in one: then the log while it goes on, the result once it completed. */
  readonly tab: RunTab | null;
  /** The step whose conversation is shown; null = of all steps. */
  readonly conversationPath: string | null;
  /** The line of the log that is pointed at. */
  readonly line: number | null;
  /** Counts up when the line is to come into view, so that the same one can be asked for twice. */
  readonly lineAsk: number;
}

const UNCHOSEN: RunChoices = {
  selected: null,
  isChosen: false,
  openSteps: new Map(),
  tab: null,
  conversationPath: null,
  line: null,
  lineAsk: 0,
};

export const useRunChoices = create<RunChoices>()(() => UNCHOSEN);

/** Shows a run, as its address asks for, and follows it; returns the way to stop. */
export function openRun(runId: string, asked: Partial<RunChoices> = {}): () => void {
  useRunChoices.setState({ ...UNCHOSEN, ...asked });
  const stopFollowing = shownRun.store.subscribe(({ key, data }) => {
    if (key === runId && data.value !== null) followStep(data.value.view);
  });
  const close = shownRun.open(runId);
  const known = shownRun.store.getState().data.value;
  if (known !== null) followStep(known.view);
  return () => {
    stopFollowing();
    close();
  };
}

/** Shows what another address of the same run asks for. */
export function chooseAsked(asked: Partial<RunChoices>): void {
  useRunChoices.setState(({ lineAsk }) => ({ ...asked, lineAsk: lineAsk + 1 }));
  const known = shownRun.store.getState().data.value;
  if (known !== null) followStep(known.view);
}

/** Where the screen opens; the groups around that step are opened with it. */
function openingOf(view: RunView): Pick<RunChoices, 'selected' | 'openSteps'> {
  const tree = buildStepTree(view.plan, view.steps);
  const selected = firstStepOf(tree);
  const around = selected === null ? [] : ancestorsOf(tree, selected);
  return { selected, openSteps: new Map(around.map((path) => [path, true])) };
}

/** Until somebody chooses a step, the right pane goes along with the run: from a step that has ended to the current one. */
function followStep(view: RunView): void {
  const choices = useRunChoices.getState();
  if (choices.isChosen) {
    openAround(view, choices);
    return;
  }
  const shown = view.steps.find((step) => step.path === choices.selected);
  if (shown !== undefined && shown.status !== 'completed' && shown.status !== 'skipped') return;
  const { selected, openSteps } = openingOf(view);
  if (selected === choices.selected) return;
  useRunChoices.setState({ selected, openSteps: new Map([...choices.openSteps, ...openSteps]) });
}

/** A step that the address names may lie in a closed group, or not be there any more. */
function openAround(view: RunView, { selected, openSteps }: RunChoices): void {
  if (selected === null || openSteps.size > 0) return;
  const tree = buildStepTree(view.plan, view.steps);
  const around = ancestorsOf(tree, selected);
  if (around.length > 0) useRunChoices.setState({ openSteps: new Map(around.map((path) => [path, true])) });
}

export const selectStep = (path: string): void => useRunChoices.setState({ selected: path, isChosen: true });

export const setStepOpen = (path: string, isOpen: boolean): void =>
  useRunChoices.setState((state) => ({ openSteps: new Map(state.openSteps).set(path, isOpen) }));

export const showTab = (tab: RunTab): void => useRunChoices.setState({ tab });

/** Points at a line of the log that is in view. */
export const markLine = (line: number): void => useRunChoices.setState({ tab: 'log', line });

/** Points at a line of the log and brings it into view. */
export const showLine = (line: number): void =>
  useRunChoices.setState(({ lineAsk }) => ({ tab: 'log', line, lineAsk: lineAsk + 1 }));

/** Shows the first line that tells of an error, in a step or in the run; false = there is none. */
export async function showFirstError(runId: string, path?: string): Promise<boolean> {
  const { line } = await call('runs.firstError', { runId, ...(path === undefined ? {} : { path }) });
  if (line !== null) showLine(line);
  return line !== null;
}

/** Opens the agent tab on what was said in one step, or in all of them. */
export const showConversation = (path: string | null): void =>
  useRunChoices.setState({ tab: 'agent', conversationPath: path });
