import { join } from 'node:path';
import { type BrowserWindow, type Rectangle, screen } from 'electron';
import { z } from 'zod';
import { keepJson } from '../kept-json.ts';

/** Where the window stood when it was left, without being maximised, and whether it was. */
export interface WindowPlace extends Rectangle {
  readonly isMaximized: boolean;
}

export const WINDOW_DEFAULT = { width: 1440, height: 900 };
export const WINDOW_LEAST = { width: 800, height: 560 };

/** So much of the title bar must be on a screen, for a person to take hold of it. */
const GRIP = { width: 120, height: 32 };

const number = z.number().int().min(-100_000).max(100_000);
const placeSchema = z
  .object({ x: number, y: number, width: number, height: number, isMaximized: z.boolean() })
  .nullable()
  .catch(null);

/**
 * Where to put the window: as it was left where a screen is still there for it, never larger than that screen; else in the middle of the
 * main one. `areas` = what of each screen can be used, the main one first.
 */
export function placeOn(kept: WindowPlace | null, areas: readonly Rectangle[]): Partial<Rectangle> {
  const [main] = areas;
  const home = kept === null ? undefined : areas.find((area) => overlapOf(area, kept));
  const area = home ?? main;
  const size = { width: kept?.width ?? WINDOW_DEFAULT.width, height: kept?.height ?? WINDOW_DEFAULT.height };
  if (area === undefined) return size;
  const width = Math.max(WINDOW_LEAST.width, Math.min(size.width, area.width));
  const height = Math.max(WINDOW_LEAST.height, Math.min(size.height, area.height));
  return home === undefined || kept === null
    ? { width, height }
    : { x: kept.x, y: Math.max(area.y, kept.y), width, height };
}

/** Whether enough of the upper edge of a window is on a screen. */
function overlapOf(area: Rectangle, { x, y, width }: Rectangle): boolean {
  const across = Math.min(area.x + area.width, x + width) - Math.max(area.x, x);
  return across >= GRIP.width && y >= area.y - GRIP.height && y + GRIP.height <= area.y + area.height;
}

/** Remembers in `folder` where the window stands, for the next start. */
export function windowPlaces(folder: string): {
  readonly read: () => { readonly bounds: Partial<Rectangle>; readonly isMaximized: boolean };
  /** Follows it; what it returns keeps the place as it is now. */
  readonly follow: (window: BrowserWindow) => () => void;
} {
  const file = keepJson<WindowPlace | null>(join(folder, 'window.json'), (stored) => placeSchema.parse(stored));
  return {
    read: () => {
      const kept = file.read();
      const main = screen.getPrimaryDisplay().workArea;
      const areas = [main, ...screen.getAllDisplays().map(({ workArea }) => workArea)];
      return { bounds: placeOn(kept, areas), isMaximized: kept?.isMaximized ?? false };
    },
    follow: (window) => {
      const keep = (): void => {
        if (window.isDestroyed() || window.isMinimized()) return;
        const { x, y, width, height } = window.getNormalBounds();
        file.write({ x, y, width, height, isMaximized: window.isMaximized() });
      };
      let timer: NodeJS.Timeout | undefined;
      const soon = (): void => {
        clearTimeout(timer);
        timer = setTimeout(keep, KEEP_AFTER_MS);
      };
      for (const event of ['resize', 'move', 'maximize', 'unmaximize'] as const) window.on(event as 'resize', soon);
      window.on('hide', keep);
      window.once('closed', () => clearTimeout(timer));
      return keep;
    },
  };
}

/** A window that is dragged moves many times a second. */
const KEEP_AFTER_MS = 400;
