export { type CalendarPeriod, periodOf, periodsBetween } from './calendar-periods.ts';
export { type Clock, MAX_TIMER_MS, type SetTimer, startTimer, systemClock } from './clock.ts';
export { type Elapsed, systemElapsed } from './elapsed.ts';
export {
  clockAt,
  findTimeZone,
  instantIn,
  instantOf,
  isTimeZone,
  type TimeZone,
  type ZonePeriod,
} from './time-zone.ts';
export { orAborted, wait } from './wait.ts';
