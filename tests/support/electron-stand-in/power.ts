import { EventEmitter } from 'node:events';
import type { PowerMonitor, PowerSaveBlocker } from 'electron';
import { onSystemEvent, record } from './test-link.ts';

/** The part of `powerMonitor` that the app uses; its events come from the test. */
class StandInPowerMonitor extends EventEmitter implements Pick<PowerMonitor, 'isOnBatteryPower'> {
  #isOnBattery = false;

  isOnBatteryPower(): boolean {
    return this.#isOnBattery;
  }

  tell(event: string): void {
    if (event === 'on-battery' || event === 'on-ac') this.#isOnBattery = event === 'on-battery';
    this.emit(event, { preventDefault: () => undefined });
  }
}

export const powerMonitor = new StandInPowerMonitor();
onSystemEvent('power', (event) => powerMonitor.tell(event));

const started = new Set<number>();
let last = 0;

export const powerSaveBlocker: PowerSaveBlocker = {
  start: (type) => {
    last += 1;
    started.add(last);
    record('powerSaveBlocker.start', type);
    return last;
  },
  stop: (id) => {
    const was = started.delete(id);
    record('powerSaveBlocker.stop', was);
    return was;
  },
  isStarted: (id) => started.has(id),
};
