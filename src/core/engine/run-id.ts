import { sha256Hex } from '../crypto/index.ts';
import type { EnginePorts } from './ports.ts';

/**
 * SPEC §3.1: `{workflow_id, sanitised, at most 64 characters}-{YYYYMMDD-HHMMSS}-{8 hex}` in UTC. The hex is the head of the
 * start key's SHA-256, and `at` of a keyed run the time that belongs to its key, so that a double fire makes the same id; random for
 * starts by hand.
 */
export function makeRunId(
  workflowId: string,
  at: number,
  startKey: string | null,
  randomHex: (bytes: number) => string,
): string {
  const name = workflowId.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 64);
  const instant = new Date(at).toISOString();
  const stamp = `${instant.slice(0, 10).replaceAll('-', '')}-${instant.slice(11, 19).replaceAll(':', '')}`;
  const tail = startKey === null ? randomHex(4) : sha256Hex(startKey).slice(0, 8);
  return `${name}-${stamp}-${tail}`;
}

/** An id that no run has: eight hex digits are few, so one that is taken (thousands of starts in one second) is drawn again. */
export function newRunId(
  workflowId: string,
  startKey: string | null,
  {
    ports,
    isTaken,
    at,
  }: { readonly ports: EnginePorts; readonly isTaken: (runId: string) => boolean; readonly at: number },
): string {
  for (let draw = 0; ; draw += 1) {
    const key = startKey === null || draw === 0 ? startKey : `${startKey}#${draw}`;
    const runId = makeRunId(workflowId, at, key, ports.randomHex);
    if (!isTaken(runId)) return runId;
  }
}
