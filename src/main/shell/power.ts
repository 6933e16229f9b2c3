import { powerMonitor, powerSaveBlocker } from 'electron';
import type { Glance, GlanceFeed } from '../glance.ts';
import type { SettingsKeeper } from '../settings-keeper.ts';

/** A start that comes within this time keeps the computer awake already. */
const SOON_MS = 60_000;

export interface PowerOptions {
  readonly settings: SettingsKeeper;
  readonly glances: GlanceFeed;
  /** The computer slept and is awake again. */
  readonly onWake: () => void;
  /** The system ends the session. */
  readonly onShutdown: () => void;
}

/** Whether the computer has to stay awake: for what runs, or starts within a minute, on mains power, where a person wants that. */
export const staysAwake = (
  glance: Glance | null,
  {
    keepsAwake,
    isOnBattery,
    now,
  }: { readonly keepsAwake: boolean; readonly isOnBattery: boolean; readonly now: number },
): boolean =>
  keepsAwake &&
  !isOnBattery &&
  glance?.is === 'open' &&
  glance.tray.isHosting &&
  (glance.tray.runningCount > 0 || glance.tray.next.some(({ at }) => at - now <= SOON_MS));

/** Hears of sleep, battery and the end of the session, and keeps the computer awake around work that is due. */
export function followPower({ settings, glances, onWake, onShutdown }: PowerOptions): () => void {
  let blocker: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  const decide = (): void => {
    const glance = glances.now();
    const now = Date.now();
    const isOnBattery = powerMonitor.isOnBatteryPower();
    const wants = staysAwake(glance, { keepsAwake: settings.now().keepsAwake, isOnBattery, now });
    if (wants && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension');
    else if (!wants && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
    clearTimeout(timer);
    const next = glance?.is === 'open' ? glance.tray.next[0]?.at : undefined;
    // Timers take no more; whatever changes until then decides anew.
    if (!wants && next !== undefined && next - now < DAY_MS)
      timer = setTimeout(decide, Math.max(1000, next - now - SOON_MS));
  };
  const wake = (): void => {
    onWake();
    decide();
  };
  const shutdown = (event: { preventDefault?: () => void }): void => {
    // Running steps get their time (DESIGN decision 8) where the system waits for the app to end.
    event?.preventDefault?.();
    onShutdown();
  };
  glances.follow(decide);
  settings.follow(decide);
  powerMonitor.on('resume', wake);
  powerMonitor.on('on-ac', decide);
  powerMonitor.on('on-battery', decide);
  powerMonitor.on('shutdown', shutdown as () => void);
  return () => {
    clearTimeout(timer);
    for (const [event, listener] of [
      ['resume', wake],
      ['on-ac', decide],
      ['on-battery', decide],
      ['shutdown', shutdown],
    ] as const)
      powerMonitor.removeListener(event as 'resume', listener as () => void);
    if (blocker !== null) powerSaveBlocker.stop(blocker);
    blocker = null;
  };
}

const DAY_MS = 86_400_000;
