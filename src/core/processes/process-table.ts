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

/** What /proc/<pid>/stat says. */
export interface ProcessStat {
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  /** In ticks since the system's start. */
  readonly startedAt: string;
}

/** The fields of /proc/<pid>/stat from the state on; the name before them may hold blanks and brackets. */
function readStatFields(pid: number): readonly string[] | null {
  const text = readQuietly(`/proc/${pid}/stat`)?.toString('latin1');
  return text === undefined ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Null = no such process, or not on Linux. */
function readStat(pid: number): ProcessStat | null {
  const fields = readStatFields(pid);
  if (fields === null) return null;
  return { state: fields[0] ?? '', parent: Number(fields[1]), group: Number(fields[2]), startedAt: fields[19] ?? '' };
}

/** What a process uses, with the time of its children that have ended. */
export interface ProcessUse {
  readonly memoryBytes: number;
  readonly cpuSeconds: number;
}

/** Clock ticks that Linux tells times in, a second: the same on every architecture. */
const TICKS = 100;

/** Null = it is gone, or not on Linux. */
export function readUse(pid: number): ProcessUse | null {
  const fields = readStatFields(pid);
  const status = readQuietly(`/proc/${pid}/status`)?.toString('latin1');
  if (fields === null || status === undefined) return null;
  const ticks = fields.slice(11, 15).reduce((total, field) => total + Number(field), 0);
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return { memoryBytes: Number(kilobytes) * 1024, cpuSeconds: ticks / TICKS };
}

/** A process that runs; null also for one that has ended and waits to be reaped. */
export function readLivingStat(pid: number): ProcessStat | null {
  const stat = readStat(pid);
  return stat === null || stat.state === 'Z' || stat.state === 'X' ? null : stat;
}

/** The children of a process; none where the system does not tell. */
export function readChildren(pid: number): readonly number[] {
  const text = readQuietly(`/proc/${pid}/task/${pid}/children`)?.toString('latin1') ?? '';
  return text.split(' ').filter(Boolean).map(Number);
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

/** Everything that runs (Linux). */
export function allPids(): number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

const MARK = 'AIWORKFLOW_STEP_KEY=';

/** Whether a process was started with this `AIWORKFLOW_STEP_KEY`. */
export function carriesMark(pid: number, stepKey: string): boolean {
  const entry = Buffer.from(`${MARK}${stepKey}`);
  const environ = readQuietly(`/proc/${pid}/environ`);
  if (environ === null || stepKey === '') return false;
  for (let at = environ.indexOf(entry); at !== -1; at = environ.indexOf(entry, at + 1)) {
    const isWhole = (at === 0 || environ[at - 1] === 0) && (environ[at + entry.length] ?? 0) === 0;
    if (isWhole) return true;
  }
  return false;
}

/** The words with which a process was started; none where the system does not tell. */
export function readCommand(pid: number): readonly string[] {
  return readQuietly(`/proc/${pid}/cmdline`)?.toString('utf8').split('\0') ?? [];
}

/** Whether a process was started with any `AIWORKFLOW_STEP_KEY`. */
export const carriesAnyMark = (pid: number): boolean => readQuietly(`/proc/${pid}/environ`)?.includes(MARK) ?? false;
