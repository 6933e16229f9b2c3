import { canonicalJson, isJsonMap, type Json, type JsonMap, pointerKey } from '../../shared/json.ts';
import type { PlannedRow } from '../../shared/model/plan.ts';
import { sha256Hex } from '../crypto/index.ts';

/** What makes a plan this one and no other. */
export interface PlanIdentity {
  /** Of the version and of all that it calls. */
  readonly versions: readonly string[];
  /** Without secrets. */
  readonly inputs: JsonMap;
  readonly agent: string | null;
  readonly model: string | null;
  readonly rows: readonly PlannedRow[];
}

/** The name of a plan: SHA-256 over versions, inputs, agent and model, and of each step its action and its known arguments. */
export function hashPlan({ versions, inputs, agent, model, rows }: PlanIdentity): string {
  const calls = rows.map((row) => [row.path, row.reached, row.action, knownOf(row.inputs, row.unknown), row.unknown]);
  return sha256Hex(canonicalJson({ versions: [...versions], inputs, agent, model, calls } as Json));
}

/** A value with nothing in the places that are not known. */
function knownOf(value: Json, unknown: readonly string[], at = ''): Json {
  if (unknown.includes(at)) return null;
  if (Array.isArray(value)) return value.map((one: Json, index) => knownOf(one, unknown, `${at}/${index}`));
  if (!isJsonMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, knownOf(one, unknown, `${at}/${pointerKey(key)}`)]),
  );
}
