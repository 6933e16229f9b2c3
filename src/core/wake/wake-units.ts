import { launchdAgent } from './launchd-agent.ts';
import { systemdUnits } from './systemd-units.ts';
import { scheduledTask } from './task-scheduler.ts';
import type { WakeOrder, WakePlace, WakeUnits } from './wake-order.ts';

const UNITS: Readonly<Partial<Record<string, (order: WakeOrder, place: WakePlace) => WakeUnits>>> = {
  linux: systemdUnits,
  darwin: launchdAgent,
  win32: scheduledTask,
};

/** What the timer is made of on a system, `platform` as Node names it; null = it has none that is known here. Touches nothing. */
export const wakeUnits = (platform: string, order: WakeOrder, place: WakePlace): WakeUnits | null =>
  UNITS[platform]?.(order, place) ?? null;
