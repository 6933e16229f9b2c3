import { userInfo } from 'node:os';

/** Name of the operating system's user this process runs as; the id of the actor of local doors (DESIGN decision 11). */
export function osUserName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that no passwd file knows.
    return process.env.USER ?? `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
