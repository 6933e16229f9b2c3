import { lstat, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { CleanupPlan, StorageParts, StorageReport, WorkflowStorage } from '../../shared/model/storage.ts';
import type { FileSizes, RunSize, StoreReader } from '../storage/index.ts';

/** One run with all that is its own, in bytes. */
interface MeasuredRun extends RunSize {
  readonly files: number;
}

/** All that takes room, measured once. */
export interface Measured {
  readonly runs: readonly MeasuredRun[];
  /** Bytes of each value in a file, and the numbers of the runs that hold it. */
  readonly blobs: ReadonlyMap<string, { readonly bytes: number; readonly users: readonly number[] }>;
  /** Bytes of each kept version. */
  readonly versions: ReadonlyMap<string, number>;
  readonly databases: FileSizes;
}

const PAGE = 200;
/** Bytes of a file; 0 where there is none. */
const fileBytes = (path: string): Promise<number> =>
  lstat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** Bytes of all files below a folder; 0 where there is none. Links are not followed. */
async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await folderBytes(path);
    else bytes += await fileBytes(path);
  }
  return bytes;
}

/** Measures everything; the rows by the reader of the store, beside the engine. */
export async function measureStorage(
  reader: StoreReader,
  {
    runsDir,
    archivesDir,
    blobFile,
    logPlaces,
  }: {
    readonly runsDir: string;
    readonly archivesDir: string;
    readonly blobFile: (hash: string) => string;
    /** Where the execution logs of a run may be. */
    readonly logPlaces: Promise<(runId: string) => readonly string[]>;
  },
): Promise<Measured> {
  const runs: MeasuredRun[] = [];
  const logsOf = await logPlaces;
  for (let after = 0; ; ) {
    const page = await reader.ask('runSizes', { after, limit: PAGE });
    for (const run of page)
      runs.push({
        ...run,
        files: (await folderBytes(join(runsDir, run.runId))) + sum(await Promise.all(logsOf(run.runId).map(fileBytes))),
      });
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.runNo;
  }
  const blobs = new Map<string, { bytes: number; users: number[] }>();
  for (const { runNo, hash } of await reader.ask('blobUses', undefined)) {
    const known = blobs.get(hash) ?? {
      bytes: await fileBytes(blobFile(hash)),
      users: [],
    };
    known.users.push(runNo);
    blobs.set(hash, known);
  }
  const versions = new Map<string, number>();
  for (const hash of new Set(runs.map(({ versionHash }) => versionHash)))
    versions.set(hash, await folderBytes(join(archivesDir, hash)));
  return { runs, blobs, versions, databases: await reader.ask('fileSizes', undefined) };
}

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

/** A part of a file that belongs to rows of this many bytes out of all. */
const share = (part: number, all: number, of: number): number => (all === 0 ? 0 : (part / all) * of);

/** What each workflow takes, and the runs since `monthAgo`; a value or version that several hold counts for the first. */
export function storageReport(
  measured: Measured,
  monthAgo: number,
  {
    indexBytes,
    ...rest
  }: Pick<StorageReport, 'freeOnDisk' | 'retention' | 'isAgreed' | 'cleanedAt' | 'syncedBy'> & {
    /** Of the index of the search. */
    readonly indexBytes: number;
  },
): StorageReport {
  const { runs, blobs, versions, databases } = measured;
  const byNo = new Map(runs.map((run) => [run.runNo, run]));
  const logRows = sum(runs.map((run) => run.logBytes));
  const workflows = new Map<string, { -readonly [K in keyof WorkflowStorage]: WorkflowStorage[K] }>();
  const of = ({ workflowId, workflowName, createdAt }: MeasuredRun) => {
    const known = workflows.get(workflowId) ?? {
      ...{ workflowId, workflowName, runs: 0, oldestAt: createdAt, files: 0, logs: 0, outputs: 0, versions: 0 },
    };
    workflows.set(workflowId, known);
    return known;
  };
  const counted = new Set<string>();
  let lastMonth = 0;
  for (const run of runs) {
    const workflow = of(run);
    workflow.workflowName = run.workflowName;
    workflow.runs += 1;
    workflow.oldestAt = Math.min(workflow.oldestAt, run.createdAt);
    workflow.files += run.files;
    workflow.logs += share(run.logBytes, logRows, databases.logs);
    if (run.createdAt >= monthAgo)
      lastMonth += run.files + share(run.logBytes, logRows, databases.logs) + run.journalBytes;
    if (!counted.has(run.versionHash)) workflow.versions += versions.get(run.versionHash) ?? 0;
    counted.add(run.versionHash);
  }
  for (const { bytes, users } of blobs.values()) {
    const user = byNo.get(users[0] ?? -1);
    if (user === undefined) continue;
    of(user).outputs += bytes;
    if (user.createdAt >= monthAgo) lastMonth += bytes;
  }
  const parts: StorageParts = {
    files: sum(runs.map(({ files }) => files)),
    logs: databases.logs,
    outputs: sum([...blobs.values()].map(({ bytes }) => bytes)),
    versions: sum(versions.values()),
  };
  const sizeOf = (one: StorageParts): number => one.files + one.logs + one.outputs + one.versions;
  return {
    ...parts,
    database: databases.state + indexBytes,
    total: sizeOf(parts) + databases.state + indexBytes,
    lastMonth: Math.round(lastMonth),
    workflows: [...workflows.values()]
      .map((one) => ({ ...one, logs: Math.round(one.logs) }))
      .sort((a, b) => sizeOf(b) - sizeOf(a)),
    ...rest,
  };
}

/** Runs that a cleanup removes: ended before, not pinned, and no part of one that stays. */
export function runsToRemove(runs: readonly MeasuredRun[], before: number): readonly MeasuredRun[] {
  const byId = new Map(runs.map((run) => [run.runId, run]));
  const isOld = (run: MeasuredRun): boolean => run.endedAt !== null && run.endedAt < before && !run.isPinned;
  const goes = (run: MeasuredRun): boolean => {
    const parent = run.parentRunId === null ? undefined : byId.get(run.parentRunId);
    return isOld(run) && (parent === undefined || goes(parent));
  };
  return runs.filter(goes);
}

/** What a cleanup would free: both files are to have so many bytes `after` it. */
export function planCleanup(
  { runs, blobs, versions, databases }: Measured,
  removed: readonly MeasuredRun[],
  {
    after,
    ...bounds
  }: Pick<CleanupPlan, 'days' | 'before' | 'deliveries' | 'auditEvents'> & { readonly after: FileSizes },
): CleanupPlan {
  const numbers = new Set(removed.map(({ runNo }) => runNo));
  const kept = new Set(runs.filter(({ runNo }) => !numbers.has(runNo)).map(({ versionHash }) => versionHash));
  const freed = { state: databases.state - after.state, logs: databases.logs - after.logs };
  const rows = { journal: sum(removed.map((run) => run.journalBytes)), logs: sum(removed.map((run) => run.logBytes)) };
  const databaseOf = (run: MeasuredRun): number =>
    share(run.journalBytes, rows.journal, freed.state) + share(run.logBytes, rows.logs, freed.logs);
  const filesOf = new Map(removed.map((run) => [run.runNo, run.files]));
  const add = (runNo: number | undefined, bytes: number): void => {
    if (runNo !== undefined) filesOf.set(runNo, (filesOf.get(runNo) ?? 0) + bytes);
  };
  for (const { bytes, users } of blobs.values()) if (users.every((no) => numbers.has(no))) add(users[0], bytes);
  const gone = new Set<string>();
  for (const { runNo, versionHash } of removed) {
    if (kept.has(versionHash) || gone.has(versionHash)) continue;
    gone.add(versionHash);
    add(runNo, versions.get(versionHash) ?? 0);
  }
  const workflows = new Map<string, { workflowId: string; workflowName: string; runs: number; bytes: number }>();
  for (const run of removed) {
    const { runNo, workflowId, workflowName } = run;
    const known = workflows.get(workflowId) ?? { workflowId, workflowName, runs: 0, bytes: 0 };
    known.runs += 1;
    known.bytes += databaseOf(run) + (filesOf.get(runNo) ?? 0);
    workflows.set(workflowId, known);
  }
  const databaseBytes = freed.state + freed.logs;
  return {
    ...bounds,
    runs: removed.length,
    bytes: sum(filesOf.values()) + databaseBytes,
    databaseBytes,
    workflows: [...workflows.values()]
      .map((one) => ({ ...one, bytes: Math.round(one.bytes) }))
      .sort((a, b) => b.bytes - a.bytes),
    pinned: runs.filter(({ isPinned }) => isPinned).length,
    open: runs.filter(({ endedAt }) => endedAt === null).length,
  };
}

/** Bytes that are free for this user on the disk of a folder; null = the system does not say. */
export const freeOnDisk = (folder: string): Promise<number | null> =>
  statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
