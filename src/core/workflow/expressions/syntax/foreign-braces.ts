import { AppError } from '../../../../shared/errors.ts';
import { FALSE_SPACE_FIX } from '../../../../shared/false-space.ts';

/** How braces that are meant for another tool are written so that they stay (SPEC 1.10). */
export const RAW_FIX =
  'If these braces are meant for another tool, put the text between {% raw %} and {% endraw %}: it stays as it is.';

/** After `{{` (and `-` or `~`): Go's `.Name` and `$x`, Handlebars' `#each`, `/if`, `>part`, `^`, `@index`, `{{!`, `{{&`, `{{{`. */
const FOREIGN_START = /^[-~]?(?:\s*[.$#/>^@]|[!&{])/;
/** Go's statements, which stand in `{{ }}` there, and what only its and Handlebars' expressions have. */
const FOREIGN_WORD = /^-?\s*(?:if|else|end|range|with|define|template|block|include|toYaml|break|continue)\b/;
const FOREIGN_PART = /(?:^|[\s(|])(?:\.[A-Za-z_]|\$[A-Za-z_]|@[a-z])|:=|\.\.\//;

/** Characters on each side of a place that are looked at. */
const WINDOW = 500;

/** The `{{ }}` around a place of a source, without what stands in quotes. */
function bracesAround(source: string, offset: number): { readonly before: string; readonly inner: string } | undefined {
  const from = Math.max(0, offset - WINDOW);
  const head = source.slice(from, offset + 2);
  const open = head.lastIndexOf('{{');
  if (open === -1 || head.lastIndexOf('{%') > open) return undefined;
  const rest = source.slice(from + open + 2, offset + WINDOW);
  const end = rest.indexOf('}}');
  const inner = (end === -1 ? rest : rest.slice(0, end)).replace(/"[^"]*"|'[^']*'/g, '""');
  return { before: source.charAt(from + open - 1), inner };
}

/** Whether the braces around a place look like those of Go templates, Helm, Handlebars or GitHub Actions (`${{ }}`). */
export function looksForeign(source: string, offset: number): boolean {
  const braces = bracesAround(source, offset);
  if (braces === undefined) return false;
  const { before, inner } = braces;
  return (
    before === '$' ||
    before === '{' ||
    FOREIGN_START.test(inner) ||
    FOREIGN_WORD.test(inner) ||
    FOREIGN_PART.test(inner)
  );
}

/** A problem of syntax with the fix for another tool's braces where it looks like them. */
export function withRawFix(problem: AppError, source: string): AppError {
  const offset = problem.details?.offset;
  if (problem.code !== 'template.syntax' || problem.hint === FALSE_SPACE_FIX) return problem;
  if (typeof offset !== 'number' || !looksForeign(source, offset)) return problem;
  return new AppError(problem.code, problem.message, { hint: RAW_FIX, details: { offset }, cause: problem });
}
