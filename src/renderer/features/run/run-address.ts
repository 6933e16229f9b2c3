import { RUN_TABS, type RunChoices } from './run-store.ts';

type Addressed = Pick<RunChoices, 'tab' | 'selected' | 'isChosen' | 'conversationPath'>;

/** What an address says about a run's screen: its tab, a step that somebody chose, whose conversation. */
export function readRunAddress(params: URLSearchParams): Addressed {
  const step = params.get('step');
  return {
    tab: RUN_TABS.find((tab) => tab === params.get('tab')) ?? 'log',
    selected: step,
    isChosen: step !== null,
    conversationPath: params.get('of'),
  };
}

/** The address of what is shown; what shows by itself is not in it. */
export function writeRunAddress({ tab, selected, isChosen, conversationPath }: Addressed): URLSearchParams {
  const params = new URLSearchParams();
  if (tab !== 'log') params.set('tab', tab);
  if (isChosen && selected !== null) params.set('step', selected);
  if (tab === 'agent' && conversationPath !== null) params.set('of', conversationPath);
  return params;
}
