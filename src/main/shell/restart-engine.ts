import { app, type BrowserWindow, dialog } from 'electron';
import type { AppCenter } from '../../server/hosting/app-center.ts';
import type { AppError } from '../../shared/errors.ts';
import { showWindow } from '../main-window.ts';
import { worded, words } from '../words/index.ts';

export interface RestartOptions {
  readonly center: Pick<AppCenter, 'onCrash' | 'restart'>;
  readonly window: BrowserWindow;
  /** It cannot be started again. */
  readonly onFailure: (error: unknown) => void;
}

const AGAIN = 0;

/**
 * An engine that died is started again where a person wants that; runs are taken up, or shown as in doubt. A dialog asks, and what is
 * returned does it from elsewhere: the question goes then. Nothing is started twice.
 */
export function restartWhenAsked({ center, window, onFailure }: RestartOptions): () => void {
  let asking: AbortController | null = null;
  const start = (): void => {
    if (asking === null) return;
    const asked = asking;
    asking = null;
    asked.abort();
    center.restart().catch(onFailure);
  };
  const ask = async (error: AppError): Promise<void> => {
    if (window.isDestroyed()) return;
    const mine = new AbortController();
    asking = mine;
    if (!window.isVisible()) showWindow(window);
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      title: 'aiworkflow',
      message: worded(error.message),
      detail: worded(error.hint ?? ''),
      buttons: [words().failing.startAgain, words().quit],
      defaultId: AGAIN,
      cancelId: 1,
      noLink: true,
      signal: mine.signal,
    });
    if (mine.signal.aborted) return;
    if (response === AGAIN) start();
    else app.quit();
  };
  center.onCrash((error) => void ask(error));
  return start;
}
