import type { Json, JsonMap } from '../../shared/json.ts';
import type { Spellings } from '../../shared/model/workflow.ts';
import type { MapEntry, YamlNode } from '../yaml/index.ts';
import { isTemplatedAction, splitAction } from './action-name.ts';
import type { Fields } from './reporter.ts';
import { spellingsOf } from './spellings.ts';
import { readInputsMap } from './step-options.ts';
import type { TextCollector } from './texts.ts';
import { AGENT_KEYS, SECOND_PHASE_KEYS } from './words.ts';

/** The inputs of a step, agent keys of the block merged in, and what its second phase may refer to (SPEC §2.4). */
export interface InputsReading {
  readonly value: JsonMap;
  readonly spellings: Spellings | undefined;
  /** `data` or `context` is only known when the step runs. */
  readonly open: boolean;
  readonly names: readonly string[];
}

/** Reads `inputs` and, for an action, the agent keys beside it. `action` undefined: another kind. */
export function readInputs(fields: Fields, texts: TextCollector, action: string | undefined): InputsReading {
  const map = readInputsMap(fields);
  const entries = new Map<string, MapEntry>(map?.entries);
  if (action !== undefined) {
    for (const key of AGENT_KEYS) {
      const entry = fields.get(key);
      if (entry !== undefined && !entries.has(key)) entries.set(key, entry);
    }
  }
  const value: Record<string, Json> = {};
  const mayBeAgent = action !== undefined && (splitAction(action).tool === 'agent' || isTemplatedAction(action));
  for (const [key, entry] of entries) {
    value[key] = entry.node.value;
    texts.template(entry.node, mayBeAgent && SECOND_PHASE_KEYS.has(key) ? 'second_phase' : 'plain');
  }
  return { value, spellings: spellingsOf(entries.values()), ...secondPhaseNames(entries) };
}

function secondPhaseNames(entries: ReadonlyMap<string, MapEntry>): { open: boolean; names: readonly string[] } {
  const names = [...entries.keys()];
  let open = false;
  for (const key of ['data', 'context']) {
    const node: YamlNode | undefined = entries.get(key)?.node;
    if (node === undefined) continue;
    if (node.kind === 'map') names.push(...node.entries.keys());
    else open = true;
  }
  return { open, names };
}
