import { userInfo } from 'node:os';

let known: string | null = null;

/**
 * Name of the operating system's user this process runs as; the id of the actor of local doors (DESIGN decision 11). Asked once, for it stays
 * as it is and the system reads a file for each answer: every call of a page wants it.
 */
export function osUserName(): string {
  known ??= askSystem();
  return known;
}

function askSystem(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that no passwd file knows.
    return process.env.USER ?? `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
