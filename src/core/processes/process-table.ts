import { readdirSync, readFileSync } from 'node:fs';

/** What tells one process from a later one with the same pid. Null where the platform does not say. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string | null;
  readonly bootId: string | null;
}

const isLinux = process.platform === 'linux';

function readQuietly(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** State, group and start time out of /proc/<pid>/stat; null = no such process. The name may hold blanks and brackets. */
function readStat(pid: number): { state: string; group: number; startedAt: string } | null {
  const text = readQuietly(`/proc/${pid}/stat`)?.toString('latin1');
  if (text === undefined) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', group: Number(fields[2]), startedAt: fields[19] ?? '' };
}

/** Who this process is, for a later `isProcessAlive`. */
export function currentIdentity(): ProcessIdentity {
  return { pid: process.pid, startedAt: readStat(process.pid)?.startedAt ?? null, bootId: readBootId() };
}

function readBootId(): string | null {
  return readQuietly('/proc/sys/kernel/random/boot_id')?.toString('latin1').trim() ?? null;
}

/** Whether exactly this process still runs; a zombie does not. */
export function isProcessAlive(identity: ProcessIdentity): boolean {
  if (identity.bootId !== readBootId()) return false;
  if (isLinux && identity.startedAt !== null) {
    const stat = readStat(identity.pid);
    return stat !== null && stat.startedAt === identity.startedAt && stat.state !== 'Z' && stat.state !== 'X';
  }
  return canSignal(identity.pid);
}

/** Whether a process, or with a negative number a process group, exists. */
export function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Sends a signal and does not mind that its target has just gone. */
export function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone already, or no longer ours
  }
}

/** The pid that the kernel gave out last, from /proc/loadavg; null where that is not to be had. */
export function readLastPid(): number | null {
  const last = Number(readQuietly('/proc/loadavg')?.toString('latin1').trim().split(' ').at(-1));
  return Number.isInteger(last) && last > 0 ? last : null;
}

function allPids(): number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function carriesEntry(pid: number, entry: Buffer): boolean {
  const environ = readQuietly(`/proc/${pid}/environ`);
  if (environ === null) return false;
  for (let at = environ.indexOf(entry); at !== -1; at = environ.indexOf(entry, at + 1)) {
    const isWhole = (at === 0 || environ[at - 1] === 0) && (environ[at + entry.length] ?? 0) === 0;
    if (isWhole) return true;
  }
  return false;
}

/**
 * Living processes of a step: those that carry its `AIWORKFLOW_STEP_KEY`, wherever they moved (setsid, double fork), and
 * those of its process group. `pids` narrows the search. Off Linux only the group can be seen; it is given as `-group`.
 */
export function findStepProcesses(stepKey: string, group: number | null, pids?: readonly number[]): number[] {
  if (!isLinux) return group !== null && canSignal(-group) ? [-group] : [];
  const isGroupThere = group !== null && canSignal(-group);
  const entry = stepKey === '' ? null : Buffer.from(`AIWORKFLOW_STEP_KEY=${stepKey}`);
  const candidates = isGroupThere || pids === undefined ? allPids() : pids;
  return candidates.filter((pid) => {
    if (pid === process.pid) return false;
    if (entry !== null && carriesEntry(pid, entry)) return true;
    if (!isGroupThere) return false;
    const stat = readStat(pid);
    return stat !== null && stat.group === group && stat.state !== 'Z' && stat.state !== 'X';
  });
}
