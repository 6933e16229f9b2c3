import { runLink } from '../../ui/links.ts';
import { RUN_TABS, type RunChoices, STEP_SHAPES } from './run-store.ts';

type Addressed = Pick<
  RunChoices,
  'tab' | 'selected' | 'isChosen' | 'conversationPath' | 'line' | 'shape' | 'onlyFailed' | 'isReplaying'
>;

/** What an address says about a run's screen: its tab, list or graph, a step that somebody chose, whose conversation, a line of the log. */
export function readRunAddress(params: URLSearchParams): Addressed {
  const step = params.get('step');
  const written = params.get('line') ?? '';
  const line = /^[1-9]\d{0,8}$/.test(written) ? Number(written) : null;
  return {
    tab: line === null ? (RUN_TABS.find((tab) => tab === params.get('tab')) ?? null) : 'log',
    selected: step,
    isChosen: step !== null,
    conversationPath: params.get('of'),
    line,
    shape: STEP_SHAPES.find((shape) => shape === params.get('view')) ?? 'list',
    onlyFailed: params.get('failed'),
    isReplaying: params.has('replay'),
  };
}

/** The address of what is shown; what shows by itself is not in it. */
export function writeRunAddress(choices: Addressed): URLSearchParams {
  const { tab, selected, isChosen, conversationPath, line, shape, onlyFailed, isReplaying } = choices;
  const params = new URLSearchParams();
  if (shape !== 'list') params.set('view', shape);
  if (onlyFailed !== null) params.set('failed', onlyFailed);
  if (isReplaying) params.set('replay', '1');
  if (tab === 'log' && line !== null) params.set('line', String(line));
  else if (tab !== null) params.set('tab', tab);
  if (isChosen && selected !== null) params.set('step', selected);
  if (tab === 'agent' && conversationPath !== null) params.set('of', conversationPath);
  return params;
}

/** The address of one line of a run's log, to hand on. */
export const lineLink = (runId: string, line: number): string => `#${runLink(runId)}?line=${line}`;
