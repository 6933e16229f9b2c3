import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Glance, GlanceFeed } from '../glance.ts';
import { openSettings, type SettingsKeeper } from '../settings-keeper.ts';
import { startUpdater, type Updater, whyNotNow } from './updater.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const glanceOf = (runningCount: number, nextIn: number | null): Glance =>
  ({
    is: 'open',
    tray: { runningCount, next: nextIn === null ? [] : [{ key: 'k', workflowName: 'w', at: Date.now() + nextIn }] },
  }) as unknown as Glance;

describe('updates', () => {
  let folder: string;
  let settings: SettingsKeeper;
  let glance: Glance | null;
  let tellGlance: (glance: Glance) => void;
  let updater: Updater;
  let done: string[];
  let newest: string | null;
  let isInUse: boolean;
  beforeEach(() => {
    vi.useFakeTimers();
    folder = mkdtempSync(join(tmpdir(), 'updates-'));
    settings = openSettings(folder);
    [done, newest, isInUse, glance] = [[], '2.0.0', false, glanceOf(0, null)];
    const glances = {
      follow: (listener: (glance: Glance) => void) => {
        tellGlance = (next) => {
          glance = next;
          listener(next);
        };
      },
      now: () => glance,
      refresh: async () => glance,
    } as GlanceFeed;
    updater = startUpdater({
      ...{ settings, glances, now: Date.now, isInUse: () => isInUse },
      leave: async () => void done.push('left'),
      source: {
        look: async (channel) => {
          done.push(`looked ${channel}`);
          return newest;
        },
        fetch: async () => void done.push('fetched'),
        install: () => void done.push('installed'),
      },
    });
  });
  afterEach(() => {
    updater.close();
    vi.useRealTimers();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are not looked for before somebody switches that on, and no more when he switches it off', async () => {
    await vi.advanceTimersByTimeAsync(10 * DAY);
    expect(done).toEqual([]);
    newest = null;
    settings.change({ updates: 'daily', channel: 'beta' });
    await vi.advanceTimersByTimeAsync(2 * DAY);
    expect(done).toEqual(['looked beta', 'looked beta']);
    settings.change({ updates: 'off' });
    await vi.advanceTimersByTimeAsync(5 * DAY);
    expect(done).toHaveLength(2);
  });

  it('are never installed while runs live, a start is due within 10 min, or somebody is at work', async () => {
    glance = glanceOf(1, null);
    settings.change({ updates: 'daily' });
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(done).toEqual(['looked latest', 'fetched']);
    expect(updater.state()).toEqual({ is: 'ready', version: '2.0.0' });
    tellGlance(glanceOf(0, 9 * MINUTE));
    tellGlance({ is: 'stopped', at: 0 });
    isInUse = true;
    tellGlance(glanceOf(0, null));
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(done).toHaveLength(2);
    isInUse = false;
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(done).toEqual(['looked latest', 'fetched', 'left', 'installed']);
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    expect(done).toHaveLength(4);
  });

  it('that fail say why, and are tried again', async () => {
    newest = null;
    expect(await updater.look()).toEqual({ is: 'current' });
    expect(whyNotNow(null, 0)).toBe('unknown');
    expect(whyNotNow(glanceOf(0, 11 * MINUTE), Date.now())).toBeNull();
  });
});
