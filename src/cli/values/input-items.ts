import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import { usageError } from '../report-error.ts';

const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Inputs as a person gave them: a file first, `--input` items over it. Errors: `usage.invalid`, `file.*`, `input.invalid`. */
export function readInputs(
  given: { readonly items: readonly string[]; readonly file?: string | undefined },
  cwd: string,
): JsonMap {
  const inputs: Record<string, Json> = given.file === undefined ? {} : { ...readInputsFile(given.file, cwd) };
  for (const item of given.items) {
    const [key, value] = readInputItem(item, cwd);
    Object.defineProperty(inputs, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return inputs;
}

/** `key=text`, `key=@file`, `key:=JSON`, `key:=@file.json`. */
export function readInputItem(item: string, cwd: string): readonly [string, Json] {
  const at = item.indexOf('=');
  if (at < 0)
    throw usageError(
      `Invalid input '${item}': expected key=value`,
      "Write --input name=value, --input name=@file or --input 'name:=JSON'.",
    );
  const isRaw = item[at - 1] === ':';
  const key = item.slice(0, isRaw ? at - 1 : at);
  if (key === '') throw usageError(`Invalid input '${item}': the name before '=' is missing`);
  const written = item.slice(at + 1);
  const text = written[0] === '@' ? readText(written.slice(1), cwd) : written;
  return [key, isRaw ? parseJson(key, text) : text];
}

function parseJson(key: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw usageError(
      `Invalid input '${key}': not valid JSON`,
      `Write text as ${key}=text; JSON text stands in double quotes.`,
    );
  }
}

/** The mapping of a YAML or JSON file (JSON is YAML). */
function readInputsFile(file: string, cwd: string): JsonMap {
  const document = parseDocument(readText(file, cwd), { logLevel: 'silent' });
  const [problem] = document.errors;
  const refuse = (message: string): AppError =>
    new AppError('input.invalid', `The inputs file ${file} cannot be used: ${message}`, {
      hint: 'Write one mapping of input names to values, as YAML or JSON.',
    });
  if (problem !== undefined) throw refuse(problem.message.split('\n')[0] ?? 'bad YAML');
  const value = toPlain(() => document.toJS({ maxAliasCount: 100 }) as unknown, refuse);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('it is not a mapping');
  return value as JsonMap;
}

/** What YAML allows beyond JSON (dates, NaN) becomes what JSON makes of it. */
function toPlain(read: () => unknown, refuse: (message: string) => AppError): unknown {
  try {
    return JSON.parse(JSON.stringify(read() ?? {}));
  } catch (thrown) {
    throw refuse(thrown instanceof Error ? thrown.message : 'bad YAML');
  }
}

function readText(file: string, cwd: string): string {
  const path = resolve(cwd, file);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined)
    throw new AppError('file.not_found', `File not found: ${file}`, {
      hint: 'Paths count from the folder you are in.',
    });
  if (!found.isFile()) throw new AppError('file.io', `Not a file: ${file}`);
  if (found.size > MAX_FILE_BYTES) throw new AppError('contract.too_large', `The file ${file} is larger than 8 MiB.`);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('file.io', `The file ${file} cannot be read.`, { cause, hint: 'Check its permissions.' });
  }
}
