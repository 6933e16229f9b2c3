import { type BrowserWindow, dialog } from 'electron';
import { type LeftOut, leftOutWords } from '../server/left-out.ts';
import type { AppTray } from '../shared/contract/index.ts';
import type { SettingsKeeper } from './settings-keeper.ts';
import { words } from './words/index.ts';

const KEEP = 1;
/** So many runs are said; a dialog of the system does not scroll. */
const MOST_RUNS = 6;

/** What would end, or not be done, if the app quit now. */
export interface QuitFacts {
  /** Null = nothing starts by itself. */
  readonly leftOut: LeftOut | null;
  readonly running: Pick<AppTray, 'running' | 'runningCount'>;
}

/** Whether a person has to be asked before the app quits. */
export const hasToAsk = ({ leftOut, running }: QuitFacts): boolean => leftOut !== null || running.runningCount > 0;

/** Lists in a dialog of the system what quitting stops and leaves out, and asks. `signal` = the system ends the app anyway, so nobody is asked any more. */
export async function askToQuit(
  window: BrowserWindow,
  facts: QuitFacts,
  { settings, signal }: { readonly settings: SettingsKeeper; readonly signal: AbortSignal },
): Promise<boolean> {
  const said = words().quitting;
  const { response, checkboxChecked } = await dialog.showMessageBox(window, {
    type: 'warning',
    title: 'aiworkflow',
    message: said.question,
    detail: quitWords(facts),
    buttons: [words().quit, said.keep],
    defaultId: KEEP,
    cancelId: KEEP,
    ...(settings.now().startsAtLogin ? {} : { checkboxLabel: said.startAgain, checkboxChecked: false }),
    noLink: true,
    signal,
  });
  if (response === KEEP) return false;
  if (checkboxChecked) settings.change({ startsAtLogin: true });
  return true;
}

/** What the dialog says below its question. */
export function quitWords({ leftOut, running: { running, runningCount } }: QuitFacts): string {
  const said = words().quitting;
  const runs = running.slice(0, MOST_RUNS).map(({ workflowName }) => workflowName);
  const more = runningCount - runs.length;
  return [
    ...(leftOut === null ? [] : [said.nothingStarts, '']),
    ...(runningCount === 0 ? [] : [said.running(runningCount), ...runs, ...(more > 0 ? [said.more(more)] : []), '']),
    ...(leftOut === null ? [] : missedLines(leftOut)),
  ]
    .join('\n')
    .trimEnd();
}

function missedLines(leftOut: LeftOut): readonly string[] {
  const { title, lines } = leftOutWords(leftOut, words().quitting.leftOut);
  return [`${title}.`, ...lines];
}
