import type { DesktopSettings } from '../../shared/model/desktop.ts';
import type { Glance, GlanceFeed } from '../glance.ts';
import type { SettingsKeeper } from '../settings-keeper.ts';

/** Where new versions come from. */
export interface UpdateSource {
  /** The newest version of the channel; null = this is the newest. */
  look(channel: DesktopSettings['channel']): Promise<string | null>;
  /** Fetches what was found; its signature is checked with that. */
  fetch(): Promise<void>;
  /** Ends the app and starts the new one. */
  install(): void;
}

/** How far an update is. */
export type UpdateState =
  | { readonly is: 'none' }
  | { readonly is: 'looking' | 'current' }
  | { readonly is: 'found' | 'fetching' | 'ready'; readonly version: string }
  | { readonly is: 'failed'; readonly message: string };

export interface UpdaterOptions {
  readonly source: UpdateSource;
  readonly settings: SettingsKeeper;
  readonly glances: GlanceFeed;
  /** Whether somebody works in the window at this moment. */
  readonly isInUse: () => boolean;
  /** Everything is closed in good order before `source.install` ends the app. */
  readonly leave: () => Promise<void>;
  readonly now: () => number;
}

export interface Updater {
  readonly state: () => UpdateState;
  /** Looks now, whatever is set. */
  look(): Promise<UpdateState>;
  /** Fetches what was found, and installs it as soon as that stops nothing. */
  install(): Promise<void>;
  close(): void;
}

const DAY_MS = 86_400_000;
const FIRST_LOOK_MS = 60_000;
const MINUTE_MS = 60_000;
/** A start that is due so soon would be missed by whoever installs now. */
const SOON_MS = 10 * MINUTE_MS;

/** Why an update must not be installed at this moment; null = it stops nothing. Nobody knows = it is not installed. */
export function whyNotNow(glance: Glance | null, now: number): 'unknown' | 'runs' | 'starts_soon' | null {
  if (glance?.is !== 'open') return 'unknown';
  if (glance.tray.runningCount > 0) return 'runs';
  return glance.tray.next.some(({ at }) => at - now < SOON_MS) ? 'starts_soon' : null;
}

/** Looks for new versions where a person has switched that on, and installs one when nothing runs, nothing is due, and nobody is at work here. */
export function startUpdater(options: UpdaterOptions): Updater {
  const { source, settings, glances, isInUse, leave, now } = options;
  let state: UpdateState = { is: 'none' };
  let isWanted = false;
  let isLeaving = false;
  let timer: NodeJS.Timeout | undefined;
  let minute: NodeJS.Timeout | undefined;

  const tried = async (act: () => Promise<UpdateState>): Promise<UpdateState> => {
    state = await act().catch((error: Error): UpdateState => ({ is: 'failed', message: error.message }));
    return state;
  };
  const look = (): Promise<UpdateState> => {
    state = { is: 'looking' };
    return tried(async () => {
      const version = await source.look(settings.now().channel);
      return version === null ? { is: 'current' } : { is: 'found', version };
    });
  };
  const installIfIdle = async (): Promise<void> => {
    if (!isWanted || isLeaving || state.is !== 'ready' || isInUse()) return;
    // What was told last may be old: a run may have been started in this moment.
    if (whyNotNow(glances.now(), now()) !== null || whyNotNow(await glances.refresh(), now()) !== null) return;
    if (isLeaving) return;
    isLeaving = true;
    await leave();
    source.install();
  };
  const install = async (): Promise<void> => {
    if (state.is !== 'found' && state.is !== 'ready') return;
    const { version } = state;
    isWanted = true;
    if (state.is === 'found') {
      state = { is: 'fetching', version };
      await tried(async () => {
        await source.fetch();
        return { is: 'ready', version };
      });
    }
    clearInterval(minute);
    minute = setInterval(() => void installIfIdle(), MINUTE_MS);
    await installIfIdle();
  };
  const later = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      later(DAY_MS);
      void look().then((found) => (found.is === 'found' ? install() : undefined));
    }, ms);
  };
  glances.follow(() => void installIfIdle());
  let isDaily = false;
  settings.follow(({ updates }) => {
    if (isDaily === (updates === 'daily')) return;
    isDaily = updates === 'daily';
    if (isDaily) later(FIRST_LOOK_MS);
    else clearTimeout(timer);
  });
  return {
    state: () => state,
    look,
    install,
    close: () => {
      clearTimeout(timer);
      clearInterval(minute);
    },
  };
}
