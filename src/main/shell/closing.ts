import { type BrowserWindow, dialog, type MessageBoxOptions } from 'electron';
import type { Glance } from '../glance.ts';
import type { SettingsKeeper } from '../settings-keeper.ts';
import { clock } from '../tray/tray-menu.ts';
import { words } from '../words/index.ts';

/** What is known when a person closes the window. */
export interface ClosingOptions {
  readonly window: BrowserWindow;
  readonly settings: SettingsKeeper;
  /** What goes on; null = nobody can say. */
  readonly glance: Glance | null;
  /** This process holds the project: with it, runs and triggers would end. */
  readonly isHolding: boolean;
  /** Why no icon would be seen; null = there is one, so the window can be hidden. */
  readonly whyNoTray: 'no_bus' | 'no_watcher' | null;
  readonly quit: () => void;
}

/** Whether anything would end with this process that runs now or starts by itself. */
export const goesOn = (glance: Glance | null, isHolding: boolean): boolean =>
  isHolding &&
  glance?.is === 'open' &&
  (glance.tray.runningCount > 0 || (glance.tray.armed > 0 && glance.tray.isHosting));

/**
 * A person has closed the window: it is hidden where something goes on and an icon shows that it does, minimised where there is no place
 * for an icon, and the app quits where nothing goes on or a person set so. The first time it is explained.
 */
export async function closeWindow(options: ClosingOptions): Promise<void> {
  const { window, settings, glance, isHolding, whyNoTray, quit } = options;
  if (settings.now().closing === 'quit' || !goesOn(glance, isHolding) || glance?.is !== 'open') return quit();
  if (!settings.now().isClosingExplained) {
    const { response, checkboxChecked } = await dialog.showMessageBox(window, explanation(glance, whyNoTray));
    if (checkboxChecked) settings.change({ isClosingExplained: true });
    if (response !== 0) return quit();
  }
  if (window.isDestroyed()) return;
  if (whyNoTray === null) window.hide();
  else window.minimize();
}

function explanation(
  { tray }: Extract<Glance, { is: 'open' }>,
  whyNoTray: ClosingOptions['whyNoTray'],
): MessageBoxOptions {
  const said = words().closing;
  const [next] = tray.next;
  const facts = [
    tray.runningCount === 0 ? null : said.runs(tray.runningCount),
    next === undefined ? null : said.next(clock(next.at, Date.now())),
  ].filter((fact) => fact !== null);
  const goes = said.goesOn(facts.join(', '));
  return {
    type: 'info',
    title: 'aiworkflow',
    message: whyNoTray === null ? said.inTray : said.minimised,
    detail: whyNoTray === null ? said.findIt(goes) : said.whyMinimised(goes, said[whyNoTray]),
    buttons: [said.keep, said.quit],
    defaultId: 0,
    cancelId: 0,
    checkboxLabel: said.notAgain,
    checkboxChecked: true,
    noLink: true,
  };
}
