import type { Json, JsonMap } from '../../../shared/json.ts';

const MAX_CHARS = 1024 * 1024;
const MAX_DEPTH = 64;

/** The arguments of a function call as a model wrote them: usable, or why not. */
export type ToolArguments =
  | { readonly input: JsonMap; readonly problem: null }
  | { readonly input: null; readonly problem: string };

const refused = (problem: string): ToolArguments => ({ input: null, problem });

/** Arguments that came as JSON text. Nothing at all counts as an empty map: models write that for functions without parameters. */
export function parseArguments(text: string): ToolArguments {
  if (text.length > MAX_CHARS) return refused(`The arguments are longer than ${MAX_CHARS} characters.`);
  if (text.trim() === '') return { input: {}, problem: null };
  try {
    return checkArguments(JSON.parse(text) as Json);
  } catch {
    return refused('The arguments are not valid JSON.');
  }
}

/** Arguments that came as a value. They must be a map, at most 64 levels deep, and name no prototype. */
export function checkArguments(value: Json): ToolArguments {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused('The arguments must be a JSON object.');
  }
  const problem = problemOf(value);
  return problem === null ? { input: value as JsonMap, problem: null } : refused(problem);
}

/** Level by level, for a value may be nested deeper than the stack is. */
function problemOf(value: Json): string | null {
  let level: readonly Json[] = [value];
  let chars = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return `The arguments are nested deeper than ${MAX_DEPTH} levels.`;
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
    if (chars > MAX_CHARS) return `The arguments are longer than ${MAX_CHARS} characters.`;
    level = next;
  }
  return null;
}
