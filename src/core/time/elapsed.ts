import { uptime } from 'node:os';

/**
 * Time that goes on whatever the clock is set to, and while the computer sleeps, in ms from some beginning. `performance.now` does not
 * count sleep on Linux; the uptime of the system does.
 */
export type Elapsed = () => number;

/** That of the machine. */
export const systemElapsed: Elapsed = () => uptime() * 1000;
