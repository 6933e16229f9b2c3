import { EventEmitter } from 'node:events';
import type { Tray as ElectronTray, Menu, NativeImage } from 'electron';
import { showMenu } from './menu.ts';
import { imagePath } from './native-image.ts';
import { onSystemEvent, record } from './test-link.ts';

type TrayPart = Pick<
  ElectronTray,
  'setContextMenu' | 'setToolTip' | 'setTitle' | 'setImage' | 'destroy' | 'isDestroyed'
>;

let newest: Tray | null = null;

/** The icon beside the clock: recorded. The part of `Tray` that the app uses. */
export class Tray extends EventEmitter implements TrayPart {
  #isDestroyed = false;

  constructor(image: NativeImage | string) {
    super();
    newest = this;
    record('tray.new', imagePath(image));
  }

  setContextMenu(menu: Menu | null): void {
    showMenu('tray', menu);
  }

  setToolTip(text: string): void {
    record('tray.setToolTip', text);
  }

  setTitle(title: string): void {
    record('tray.setTitle', title);
  }

  setImage(image: NativeImage | string): void {
    record('tray.setImage', imagePath(image));
  }

  destroy(): void {
    this.#isDestroyed = true;
    record('tray.destroy');
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
}

onSystemEvent('click-tray', () => newest?.emit('click'));
