import { type BrowserWindow, dialog } from 'electron';
import { words } from '../words/index.ts';
import type { Updater } from './updater.ts';

const INSTALL = 0;

/** Somebody asks for updates by the menu: looks, says what there is, and installs it where that is wanted, when nothing is stopped by it. */
export async function askForUpdate(window: BrowserWindow, updater: Updater | null): Promise<void> {
  const said = words().updates;
  const say = async (
    message: string,
    detail: string,
    buttons: readonly string[] = [words().close],
  ): Promise<number> => {
    const { response } = await dialog.showMessageBox(window, {
      ...{ type: 'info', title: 'aiworkflow', message, detail, buttons: [...buttons] },
      ...{ defaultId: 0, cancelId: buttons.length - 1, noLink: true },
    });
    return response;
  };
  if (updater === null) {
    await say(said.notHere, said.noAddress);
    return;
  }
  const found = await updater.look();
  if (found.is === 'failed') await say(said.failed, found.message);
  else if (found.is !== 'found') await say(said.current, said.nothingToDo);
  else if ((await say(said.found(found.version), said.when, [said.install, said.notNow])) === INSTALL)
    await updater.install();
}
