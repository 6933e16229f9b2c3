import { basename } from 'node:path';
import { appLog } from '../core/app-log/index.ts';
import type { HostedControlCenter } from '../server/hosting/host-control-center.ts';
import type { AppTray, ListedApproval, LiveEvent, OutputOf } from '../shared/contract/index.ts';
import type { Actor } from '../shared/model/run.ts';

/** What is told without a window: of whoever holds the project, or that the engine here stopped. */
export type Glance =
  | { readonly is: 'stopped'; readonly at: number }
  | {
      readonly is: 'open';
      /** Name of the project. */
      readonly project: string;
      readonly tray: AppTray;
      /** The requests that this person may decide, the first to expire first. */
      readonly approvals: readonly ListedApproval[];
    };

/** Asks for a glance whenever it may be another, for all that follow it. */
export interface GlanceFeed {
  /** Calls back with each glance from now on. */
  follow(listener: (glance: Glance) => void): void;
  /** The newest; null = none was given yet. */
  readonly now: () => Glance | null;
  /** Asks anew; gives what is true now. */
  refresh(): Promise<Glance | null>;
  close(): void;
}

export type GlanceCenter = Pick<HostedControlCenter, 'call' | 'subscribe' | 'project' | 'onCrash'>;

const REFRESH_AFTER_MS = 250;
const MOST_APPROVALS = 50;
const SHOWN_BY: ReadonlySet<LiveEvent['kind']> = new Set(['run', 'run_deleted', 'approvals', 'triggers', 'project']);

/** The icon is never worth the app. */
const report = (error: unknown): void => appLog.error('the icon beside the clock knows nothing', error);

export function openGlances(center: GlanceCenter, actor: Actor): GlanceFeed {
  const listeners: ((glance: Glance) => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let newest: Glance | null = null;
  let isClosed = false;
  const tell = (glance: Glance): void => {
    newest = glance;
    for (const listener of listeners) listener(glance);
  };
  const refresh = async (): Promise<Glance | null> => {
    const [told, asked] = await Promise.all([
      center.call('app.tray', {}, actor),
      center.call('approvals.list', { status: ['pending'], limit: MOST_APPROVALS }, actor),
    ]);
    // Who cannot be asked now tells something later.
    if (isClosed || !told.ok) return newest;
    const { approvals } = asked.ok ? (asked.value as OutputOf<'approvals.list'>) : { approvals: [] };
    const urgent = approvals
      .filter(({ isForReader }) => isForReader)
      .sort((a, b) => (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity));
    tell({ is: 'open', project: basename(center.project().path), tray: told.value as AppTray, approvals: urgent });
    return newest;
  };
  const stop = center.subscribe(({ events }) => {
    if (!events.some(({ kind }) => SHOWN_BY.has(kind))) return;
    clearTimeout(timer);
    timer = setTimeout(() => void refresh().catch(report), REFRESH_AFTER_MS);
  });
  center.onCrash(() => tell({ is: 'stopped', at: Date.now() }));
  return {
    follow: (listener) => {
      listeners.push(listener);
      if (newest !== null) listener(newest);
    },
    now: () => newest,
    refresh,
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      stop();
    },
  };
}
