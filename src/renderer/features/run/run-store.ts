import { create } from 'zustand';
import type { LiveEvent, RunView } from '../../../shared/contract/index.ts';
import { isFolded } from '../../../shared/model/run.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { applyDelta, needsSnapshot } from './run-delta.ts';
import type { OpenSteps } from './step-rows.ts';
import { ancestorsOf, buildStepTree, findStep, firstStepOf } from './step-tree.ts';

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
      // One that was deleted here may come back as that of another control center.
      isDeleted: view.foreign === undefined && (before?.isDeleted ?? false),
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

/** How the steps are shown; the list has the timeline beside it. */
export const STEP_SHAPES = ['list', 'graph'] as const;
export type StepShape = (typeof STEP_SHAPES)[number];

export const RUN_TABS = ['log', 'agent', 'inputs', 'outputs', 'files', 'events'] as const;
export type RunTab = (typeof RUN_TABS)[number];

/** What a person chose to see of the run. */
export interface RunChoices {
  /** The step of the right pane; null until the first snapshot. */
  readonly selected: string | null;
  /** True once a person chose a step: then the screen no longer moves by itself. */
  readonly isChosen: boolean;
  readonly openSteps: OpenSteps;
  readonly shape: StepShape;
  /** The loop of which only the turns that failed are shown. */
  readonly onlyFailed: string | null;
  /** The form of a replay is open. */
  readonly isReplaying: boolean;
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
  shape: 'list',
  onlyFailed: null,
  isReplaying: false,
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
  const selected = firstStep(view);
  const around = selected === null ? [] : ancestorsOf(selected);
  return { selected, openSteps: new Map(around.map((path) => [path, true])) };
}

/** In a folded loop only the engine knows where it failed; of a run that got through with failures that is the one to look at. */
function firstStep({ plan, steps, loops, attention, run }: RunView): string | null {
  const tree = buildStepTree(plan, steps, loops);
  const first = firstStepOf(tree);
  if (first === null || attention === null) return first;
  const node = findStep(tree, first);
  const isItsLoop = node?.loop != null && isFolded(node.loop) && attention.startsWith(`${first}[`);
  const isStopped = node?.status === 'failed' || node?.status === 'in_doubt';
  return (isItsLoop && isStopped) || (run.outcome === 'partial' && !isStopped) ? attention : first;
}

/** Until somebody chooses a step, the right pane goes along with the run: from a step that has ended to the current one. */
function followStep(view: RunView): void {
  const choices = useRunChoices.getState();
  if (choices.isChosen) {
    openAround(choices);
    return;
  }
  const shown = view.steps.find((step) => step.path === choices.selected);
  // A failure may have been dealt with meanwhile: then it is not what to look at.
  if (shown !== undefined && !['completed', 'skipped', 'failed'].includes(shown.status)) return;
  const { selected, openSteps } = openingOf(view);
  if (selected === choices.selected) return;
  useRunChoices.setState({ selected, openSteps: new Map([...choices.openSteps, ...openSteps]) });
}

/** What the address names may lie in a closed group; one that a person closed stays closed. */
function openAround({ selected, openSteps, onlyFailed }: RunChoices): void {
  const around = [
    ...(selected === null ? [] : ancestorsOf(selected)),
    ...(onlyFailed === null ? [] : [...ancestorsOf(onlyFailed), onlyFailed]),
  ].filter((path) => !openSteps.has(path));
  if (around.length === 0) return;
  useRunChoices.setState({ openSteps: new Map([...openSteps, ...around.map((path) => [path, true] as const)]) });
}

export const selectStep = (path: string): void => useRunChoices.setState({ selected: path, isChosen: true });

export const setStepOpen = (path: string, isOpen: boolean): void =>
  useRunChoices.setState((state) => ({ openSteps: new Map(state.openSteps).set(path, isOpen) }));

/** Chooses a step wherever it lies: all that is around it is opened. */
export const revealStep = (path: string): void =>
  useRunChoices.setState(({ openSteps }) => ({
    selected: path,
    isChosen: true,
    openSteps: new Map([...openSteps, ...ancestorsOf(path).map((above) => [above, true] as const)]),
  }));

export const showShape = (shape: StepShape): void => useRunChoices.setState({ shape });

/** Shows only the turns of a loop that failed, or all of them; either way the loop is open. */
export const showOnlyFailed = (loop: string, isOn: boolean): void =>
  useRunChoices.setState(({ openSteps }) => ({
    onlyFailed: isOn ? loop : null,
    openSteps: new Map(openSteps).set(loop, true),
  }));

export const showReplay = (isReplaying: boolean): void => useRunChoices.setState({ isReplaying });

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
