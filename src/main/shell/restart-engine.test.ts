import type { BrowserWindow } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { restartWhenAsked } from './restart-engine.ts';

/** A dialog of the system, as Electron has it: one that is called off answers with its `cancelId`. */
const desk = vi.hoisted(() => ({ questions: [] as ((response: number) => void)[], quits: 0 }));
vi.mock('electron', () => ({
  app: { quit: () => (desk.quits += 1) },
  dialog: {
    showMessageBox: (_window: unknown, { signal, cancelId }: { signal: AbortSignal; cancelId: number }) =>
      new Promise((resolve) => {
        desk.questions.push((response) => resolve({ response }));
        signal.addEventListener('abort', () => resolve({ response: cancelId }));
      }),
  },
}));

describe('an engine that died', () => {
  let crash: (error: AppError) => void;
  let restarts: number;
  let start: () => void;
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  beforeEach(() => {
    [desk.questions.length, desk.quits, restarts] = [0, 0, 0];
    start = restartWhenAsked({
      center: {
        onCrash: (listener) => {
          crash = listener;
        },
        restart: async () => {
          restarts += 1;
        },
      },
      window: { isDestroyed: () => false, isVisible: () => true } as BrowserWindow,
      onFailure: () => undefined,
    });
  });
  const die = (): void => crash(new AppError('internal.bug', 'The control center stopped unexpectedly.'));

  it('is started by the dialog, or the app quits', async () => {
    die();
    desk.questions[0]?.(0);
    await settle();
    expect([restarts, desk.quits]).toEqual([1, 0]);
    die();
    desk.questions[1]?.(1);
    await settle();
    expect([restarts, desk.quits]).toEqual([1, 1]);
  });

  it('is started once from beside the clock, which takes the question away; one that works is left alone', async () => {
    start();
    die();
    start();
    start();
    await settle();
    expect([restarts, desk.quits]).toEqual([1, 0]);
    start();
    expect(restarts).toBe(1);
  });
});
