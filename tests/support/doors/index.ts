import type { OpenDoorOptions, OpenedDoor } from './door-options.ts';
import { launchBrowser } from './launch-browser.ts';
import { launchDesktop } from './launch-desktop.ts';

export { type BrowserHostProcess, startBrowserHostProcess } from './browser-host.ts';
export type { OpenDoorOptions, OpenedDoor } from './door-options.ts';
export { launchBrowser } from './launch-browser.ts';
export { launchDesktop } from './launch-desktop.ts';

/** Both doors that show the screens; one test runs on each: `describe.each(DOOR_NAMES)`. */
export const DOOR_NAMES = ['browser', 'desktop'] as const;

/** How long a page is waited for: the machine may have other work. */
const PATIENCE_MS = 240_000;

/** Opens a door of the real product on a project and gives its page. */
export async function openDoor(name: (typeof DOOR_NAMES)[number], options: OpenDoorOptions): Promise<OpenedDoor> {
  const opened = await (name === 'browser' ? launchBrowser(options) : launchDesktop(options));
  opened.page.setDefaultTimeout(PATIENCE_MS);
  return opened;
}
