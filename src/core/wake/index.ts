export { findMissed, type MissedStart, nameOfStart, type WitnessedLedger } from './find-missed.ts';
export { missedNotice, noticeCommand } from './tell-missed.ts';
export { type CommandLine, type WakeOrder, type WakePlace, type WakeUnits, wakeIdOf } from './wake-order.ts';
export {
  isQuiet,
  readWakeRecord,
  removeWakeRecord,
  storeMark,
  type WakeRecord,
  wakeRecordFile,
  writeWakeRecord,
} from './wake-record.ts';
export { installTimer, removeTimer, runSystemCommand, timerState } from './wake-timer.ts';
export { wakeUnits } from './wake-units.ts';
