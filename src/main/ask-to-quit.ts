import { type BrowserWindow, dialog } from 'electron';
import { type LeftOut, leftOutWords } from '../server/left-out.ts';

const BUTTONS = ['Quit', 'Keep running'];
const KEEP = 1;

/** Lists in a dialog of the system what quitting leaves out, and asks. `signal` = the system ends the app anyway, so nobody is asked any more. */
export async function askToQuit(window: BrowserWindow, leftOut: LeftOut, signal: AbortSignal): Promise<boolean> {
  const { title, lines } = leftOutWords(leftOut);
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    title: 'aiworkflow',
    message: 'Quit aiworkflow?',
    detail: ['Triggers start nothing until it is opened again.', '', `${title}.`, ...lines].join('\n'),
    buttons: BUTTONS,
    defaultId: KEEP,
    cancelId: KEEP,
    noLink: true,
    signal,
  });
  return response !== KEEP;
}
