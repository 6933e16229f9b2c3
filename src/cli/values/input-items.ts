import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { type Json, type JsonMap, readJsonOrNull } from '../../shared/json.ts';
import { usageError } from '../report-error.ts';
import { parseInputsFile } from './inputs-file.ts';

const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Inputs as a person gave them: a file first, `--input` items over it. `warn` is told what was read otherwise. Errors: `usage.invalid`, `file.*`, `input.invalid`. */
export function readInputs(
  given: { readonly items: readonly string[]; readonly file?: string | undefined },
  cwd: string,
  warn: (message: string) => void = () => undefined,
): JsonMap {
  const inputs: Record<string, Json> = given.file === undefined ? {} : { ...fromFile(given.file, cwd, warn) };
  for (const item of given.items) {
    const [key, value] = readInputItem(item, cwd, warn);
    Object.defineProperty(inputs, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return inputs;
}

function fromFile(file: string, cwd: string, warn: (message: string) => void): JsonMap {
  const { inputs, warnings } = parseInputsFile(file, readText(file, cwd));
  for (const message of warnings) warn(message);
  return inputs;
}

/** `key=text`, `key=@file`, `key:=JSON`, `key:=@file.json`. */
export function readInputItem(
  item: string,
  cwd: string,
  warn: (message: string) => void = () => undefined,
): readonly [string, Json] {
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
  return [key, isRaw ? parseJson(key, text, warn) : text];
}

/** SPEC §3.3: no digit is lost; what is read otherwise than it was written is said. */
function parseJson(key: string, text: string, warn: (message: string) => void): Json {
  const read = readJsonOrNull(text);
  if (read === null)
    throw usageError(
      `Invalid input '${key}': not valid JSON`,
      `Write text as ${key}=text; JSON text stands in double quotes.`,
    );
  for (const { path, message } of read.notices) {
    const place = path === 'value' ? key : path.startsWith('[') ? `${key}${path}` : `${key}.${path}`;
    warn(`${place}${message.slice(path.length)}`);
  }
  return read.value;
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
