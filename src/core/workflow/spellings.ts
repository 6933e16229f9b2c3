import type { Json, JsonMap } from '../../shared/json.ts';
import type { Spellings } from '../../shared/model/workflow.ts';
import type { Tool } from '../tool-port/index.ts';
import { type MapEntry, scalarText } from '../yaml/index.ts';

/** The spellings of the inputs of a step that their values do not keep; undefined where every value keeps its own. */
export function spellingsOf(entries: Iterable<MapEntry>): Spellings | undefined {
  const found = [...entries].flatMap(({ key, node }) => {
    const text = scalarText(node);
    return text === undefined || text === String(node.value) ? [] : [[key, text] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** What a tool call is made of. */
interface SpelledCall {
  readonly operation: string;
  readonly inputs: JsonMap;
  readonly spellings: Spellings | undefined;
}

/** The inputs of a call with those as they are spelled in the file of which the tool wants a text (SPEC §3.3). */
export function spellInputs(tool: Pick<Tool, 'wantsText'>, { operation, inputs, spellings }: SpelledCall): JsonMap {
  if (spellings === undefined || tool.wantsText === undefined) return inputs;
  const spelled = ([name, value]: [string, Json]): [string, Json] => {
    const text = Object.hasOwn(spellings, name) ? spellings[name] : undefined;
    return [name, text !== undefined && tool.wantsText?.(operation, name) === true ? text : value];
  };
  return Object.fromEntries(Object.entries(inputs).map(spelled));
}
