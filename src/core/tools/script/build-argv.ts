import { AppError } from '../../../shared/errors.ts';
import type { Json, JsonMap } from '../../../shared/json.ts';
import type { ToolOperation } from '../../../shared/model/bundle.ts';
import { withDigits } from '../exact-integers.ts';

/** Above this many bytes of arguments the parameters go to stdin (SPEC §5.2). */
export const MAX_ARGV_BYTES = 100 * 1024;

/** What a script is given: its arguments, or the same as JSON on stdin when that is too much for a command line. */
export interface ScriptArguments {
  readonly args: readonly string[];
  readonly stdin: string | null;
}

/**
 * SPEC §5.2 "Argv" and §16: the operation, if any, then `--key=value` in map order, one argument each, no shell.
 * `tool.invalid_params` for what no argument can carry without becoming another one.
 */
export function buildArgv(
  operation: { readonly argument: string | null; readonly declared: ToolOperation | null },
  parameters: JsonMap,
): ScriptArguments {
  const head = operation.argument === null ? [] : [operation.argument];
  const written = Object.entries(parameters).filter(([, value]) => value !== null);
  const texts = written.flatMap(([key, value]) => argumentOf(key, value, operation.declared));
  const sizeBytes = [...head, ...texts].reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
  if (sizeBytes > MAX_ARGV_BYTES)
    return { args: head, stdin: toStdin(Object.fromEntries(written), operation.declared) };
  for (const [key, value] of written) checkText(key, argumentOf(key, value, operation.declared).join(''));
  return { args: [...head, ...texts], stdin: null };
}

/** Digits that were kept as text are a number where the parameter is one (SPEC §3.3). */
function toStdin(parameters: JsonMap, declared: ToolOperation | null): string {
  const properties = (declared?.parameters ?? []).map(({ name, type }) => [
    name,
    { type: type === 'float' ? 'number' : type },
  ]);
  return JSON.stringify(withDigits(parameters, { properties: Object.fromEntries(properties) }));
}

function argumentOf(key: string, value: Json, declared: ToolOperation | null): string[] {
  checkKey(key);
  if (value === true) return [`--${key}`];
  if (value === false) {
    const parameter = declared?.parameters?.find((one) => one.name === key);
    return parameter?.default === true ? [`--no-${key}`] : [];
  }
  return [`--${key}=${typeof value === 'object' ? toAsciiJson(value) : String(value)}`];
}

/** A key with `=` or without letters would make another option than the one that is written. */
function checkKey(key: string): void {
  if (/^[^\0=]+$/.test(key) && key.isWellFormed()) return;
  throw new AppError('tool.invalid_params', `A parameter name cannot be passed to a script: ${JSON.stringify(key)}`, {
    hint: 'Use names of letters, digits, - and _.',
  });
}

function checkText(key: string, text: string): void {
  if (!text.includes('\0') && text.isWellFormed()) return;
  const what = text.includes('\0') ? 'a NUL character' : 'half of a surrogate pair';
  throw new AppError('tool.invalid_params', `Parameter '${key}' contains ${what}, which no argument can carry.`, {
    hint: 'Remove the character, or pass the value inside a list or map.',
    details: { parameter: key },
  });
}

/** JSON with `, ` and `: ` and ASCII escapes, as scripts of the base format expect it. */
export function toAsciiJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(toAsciiJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${toAsciiJson(key)}: ${toAsciiJson(item)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
