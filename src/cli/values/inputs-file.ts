import { parseYaml, scalarText, YAML_LIMITS, type YamlNode, yamlSource } from '../../core/yaml/index.ts';
import { AppError } from '../../shared/errors.ts';
import { isJsonMap, type Json, type JsonMap, readJsonOrNull } from '../../shared/json.ts';

/** What a file of inputs says, and what in it was read otherwise than it is written. */
export interface InputsFile {
  readonly inputs: JsonMap;
  readonly warnings: readonly string[];
}

/** A file of data is larger than one that a person writes. */
const MAX_TOKENS = 20 * YAML_LIMITS.tokens;

/**
 * One mapping of names to values, in JSON or YAML. The type of an input is not known yet: a plain scalar that would lose its
 * spelling as a value (`3.10`, `007`) is given as the text it is, which every type is read from (SPEC §1.8, §3.3). `input.invalid`.
 */
export function parseInputsFile(file: string, written: string): InputsFile {
  const text = written.replace(/^\uFEFF/, '');
  const json = readJsonOrNull(text);
  if (json !== null) {
    if (!isJsonMap(json.value)) throw refuse(file, 'it is not a mapping');
    return { inputs: json.value, warnings: json.notices.map(({ message }) => message) };
  }
  const source = yamlSource(text);
  const { node, problems } = parseYaml(source, { tokens: MAX_TOKENS }, { keepsProtoKey: true });
  const wrong = problems.find(({ severity }) => severity === 'error');
  if (wrong !== undefined) {
    const { line } = source.place(wrong.at);
    throw refuse(file, `${wrong.message} (line ${line})`, wrong.fix);
  }
  const isEmpty = node.kind === 'scalar' && node.value === null;
  if (node.kind !== 'map' && !isEmpty) throw refuse(file, 'it is not a mapping');
  const entries = node.kind === 'map' ? [...node.entries.values()] : [];
  return {
    inputs: Object.fromEntries(entries.map(({ key, node: value }) => [key, spelled(value)])),
    warnings: problems.map(({ message }) => message),
  };
}

function spelled(node: YamlNode): Json {
  const text = scalarText(node);
  return text === undefined || text === String(node.value) ? node.value : text;
}

const refuse = (file: string, message: string, fix?: string): AppError =>
  new AppError('input.invalid', `The inputs file ${file} cannot be used: ${message}`, {
    hint: fix ?? 'Write one mapping of input names to values, as YAML or JSON.',
  });
