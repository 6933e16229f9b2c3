import { join } from 'node:path';
import { Menu, type NativeImage, nativeImage, Tray } from 'electron';
import type { GlanceFeed } from '../glance.ts';
import { type TrayActs, trayIcon, trayMenu, trayTip, waitingFor } from './tray-menu.ts';

/** What an icon beside the clock is made of. */
export interface TrayOptions {
  readonly glances: GlanceFeed;
  readonly acts: TrayActs;
  readonly resourcesDir: string;
  readonly platform: string;
}

/** Puts an icon beside the clock that follows what goes on; gives the way to take it away. */
export function openTray({ glances, acts, resourcesDir, platform }: TrayOptions): () => void {
  const imageOf = (name: string): NativeImage =>
    nativeImage.createFromPath(join(resourcesDir, 'tray', fileOf(name, platform)));
  let shown = 'idle';
  const tray = new Tray(imageOf(shown));
  glances.follow((glance) => {
    if (tray.isDestroyed()) return;
    const icon = trayIcon(glance);
    if (icon !== shown) {
      tray.setImage(imageOf(icon));
      shown = icon;
    }
    // A template image of macOS has no colours for a number: it stands beside it.
    const count = glance.is === 'open' ? waitingFor(glance.tray) : 0;
    if (platform === 'darwin') tray.setTitle(count === 0 ? '' : String(count));
    tray.setToolTip(trayTip(glance, Date.now()));
    tray.setContextMenu(Menu.buildFromTemplate([...trayMenu(glance, acts, Date.now())]));
  });
  // One click opens the window where the system does not open the menu with it.
  if (platform !== 'darwin') tray.on('click', () => acts.open());
  return () => tray.destroy();
}

/** macOS colours icons itself: it takes the shapes whose file name ends with `Template`. */
function fileOf(name: string, platform: string): string {
  if (platform !== 'darwin') return `${name}.png`;
  return `${name === 'paused' || name === 'stopped' ? name : 'idle'}Template.png`;
}
