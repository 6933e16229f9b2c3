export { type Clock, MAX_TIMER_MS, type SetTimer, startTimer, systemClock } from './clock.ts';
export { orAborted, wait } from './wait.ts';
