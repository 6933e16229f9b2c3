import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { AppError } from '../shared/errors.ts';
import type { Json, JsonMap } from '../shared/model/workflow.ts';
import { usage } from './output.ts';

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** `-i key=value`, `-i key=@file`, `-i key:=JSON`, over what `--inputs-file` (YAML or JSON) holds. */
export async function readInputs(items: readonly string[], inputsFile: string | undefined): Promise<JsonMap> {
  const inputs: Record<string, Json> = inputsFile === undefined ? {} : { ...(await readInputsFile(inputsFile)) };
  for (const item of items) {
    const [key, value] = await readItem(item);
    if (FORBIDDEN.has(key)) throw usage(`Input '${key}' is not a possible name.`);
    inputs[key] = value;
  }
  return inputs;
}

async function readItem(item: string): Promise<readonly [string, Json]> {
  const at = item.indexOf('=');
  if (at <= 0) throw usage(`Input '${item}' has no '='.`, 'Write it as --input name=value.');
  const value = item.slice(at + 1);
  if (item[at - 1] === ':') return [item.slice(0, at - 1), parseJson(item.slice(0, at - 1), value)];
  const key = item.slice(0, at);
  return [key, value.startsWith('@') ? await readText(value.slice(1)) : value];
}

function parseJson(key: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw usage(`Input '${key}' is not valid JSON: ${error instanceof Error ? error.message : text}`);
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(resolve(process.cwd(), file), 'utf8');
  } catch (error) {
    throw new AppError('file.not_found', `File not found: ${file}`, { cause: error });
  }
}

async function readInputsFile(file: string): Promise<JsonMap> {
  const text = await readText(file);
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    throw new AppError(
      'input.invalid',
      `The inputs file is not valid: ${error instanceof Error ? error.message : ''}`,
      { details: { file } },
    );
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new AppError('input.invalid', 'The inputs file must hold a map of names and values.', { details: { file } });
  }
  return value as JsonMap;
}
