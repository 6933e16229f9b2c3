import { grouped } from '../../../shared/grouped.ts';
import { depthOfText, isDeeperThan, isJsonMap, type Json, type JsonMap, readJsonOrNull } from '../../../shared/json.ts';

const MAX_CHARS = 1024 * 1024;
const MAX_DEPTH = 64;

/** The arguments of a function call as a model wrote them: usable, or why not. */
export type ToolArguments =
  | {
      readonly input: JsonMap;
      readonly problem: null;
      /** What had to be read otherwise than it was written: integers that no double holds. */
      readonly notices: readonly string[];
    }
  | { readonly input: null; readonly problem: string; readonly notices: readonly [] };

const refused = (problem: string): ToolArguments => ({ input: null, problem, notices: [] });

/**
 * Arguments as they came: pieces of JSON text, or a map as servers send it that do not follow the letter; also both, where they say
 * the same. Nothing at all counts as an empty map: models write that for functions without parameters. Every other form is refused.
 */
export function readArguments(written: readonly Json[]): ToolArguments {
  const text = written.filter((one) => typeof one === 'string').join('');
  const given = written.filter((one) => typeof one !== 'string');
  const isText = text.trim() !== '';
  // A map that is still empty when more follows is how some begin.
  const said = given.filter((one) => !isEmptyMap(one));
  const values = isText || said.length > 0 ? said : given;
  const [value] = values;
  if (value === undefined) return parseArguments(text);
  const parsed = isText ? parseArguments(text) : checkArguments(value);
  if (!isText && values.length === 1) return parsed;
  return parsed.input !== null && values.every((one) => sameJson(one, parsed.input))
    ? parsed
    : refused('The arguments came more than once, and not the same.');
}

const isEmptyMap = (value: Json): boolean => isJsonMap(value) && Object.keys(value).length === 0;

const sameJson = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Arguments that came as JSON text. */
export function parseArguments(text: string): ToolArguments {
  if (text.length > MAX_CHARS) return refused(`The arguments are longer than ${grouped(MAX_CHARS)} characters.`);
  const trimmed = text.trim();
  if (trimmed === '') return { input: {}, problem: null, notices: [] };
  if (depthOfText(trimmed) > MAX_DEPTH + 1) return tooDeep();
  const read = readJsonOrNull(trimmed);
  if (read === null) return refused('The arguments are not valid JSON.');
  const checked = checkArguments(read.value);
  return checked.problem === null ? { ...checked, notices: read.notices.map(({ message }) => message) } : checked;
}

/** Arguments that came as a value. They must be a map, at most 64 levels deep, and name no prototype. */
export function checkArguments(value: Json): ToolArguments {
  if (!isJsonMap(value)) return refused('The arguments must be a JSON object.');
  if (isDeeperThan(value, MAX_DEPTH + 1)) return tooDeep();
  const problem = problemOf(value);
  return problem === null ? { input: value, problem: null, notices: [] } : refused(problem);
}

const tooDeep = (): ToolArguments => refused(`The arguments are nested deeper than ${MAX_DEPTH} levels.`);

/** Level by level, for their size is known only at the end. */
function problemOf(value: Json): string | null {
  let level: readonly Json[] = [value];
  let chars = 0;
  while (level.length > 0) {
    const next: Json[] = [];
    for (const one of level) {
      chars += typeof one === 'string' ? one.length : 1;
      if (typeof one !== 'object' || one === null) continue;
      if (!Array.isArray(one) && Object.hasOwn(one, '__proto__')) return "An argument must not be named '__proto__'.";
      for (const [key, inner] of Object.entries(one)) {
        chars += Array.isArray(one) ? 0 : key.length;
        next.push(inner as Json);
      }
    }
    if (chars > MAX_CHARS) return `The arguments are longer than ${grouped(MAX_CHARS)} characters.`;
    level = next;
  }
  return null;
}
