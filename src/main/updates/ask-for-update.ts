import { type BrowserWindow, dialog } from 'electron';
import type { Updater } from './updater.ts';

const INSTALL = 0;

/** Somebody asks for updates by the menu: looks, says what there is, and installs it where that is wanted, when nothing is stopped by it. */
export async function askForUpdate(window: BrowserWindow, updater: Updater | null): Promise<void> {
  const say = async (message: string, detail: string, buttons: readonly string[] = ['Close']): Promise<number> => {
    const { response } = await dialog.showMessageBox(window, {
      ...{ type: 'info', title: 'aiworkflow', message, detail, buttons: [...buttons] },
      ...{ defaultId: 0, cancelId: buttons.length - 1, noLink: true },
    });
    return response;
  };
  if (updater === null) {
    await say('Updates are not looked for here', 'This build was made without an address of releases.');
    return;
  }
  const found = await updater.look();
  if (found.is === 'failed') await say('It could not be looked', found.message);
  else if (found.is !== 'found') await say('This is the newest version', 'Nothing has to be done.');
  else {
    const when = 'It is fetched now, and installed when nothing runs and nothing starts within 10 min.';
    if ((await say(`Version ${found.version} is there`, when, ['Install', 'Not now'])) === INSTALL)
      await updater.install();
  }
}
