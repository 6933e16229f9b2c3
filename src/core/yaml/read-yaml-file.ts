import { parseYaml, type YamlOptions, type YamlProblem, type YamlReading } from './parse-yaml.ts';
import { YAML_LIMITS } from './yaml-limits.ts';
import type { YamlNode } from './yaml-nodes.ts';
import { type YamlSource, yamlSource } from './yaml-source.ts';

/** A file that is YAML as a whole. */
export interface YamlFileReading {
  readonly source: YamlSource;
  /** Null when the text has an error: a file is taken as a whole or not at all. */
  readonly node: YamlNode | null;
  readonly error: YamlProblem | null;
  /** What was read otherwise than it is written; none beside an error. */
  readonly warnings: readonly YamlProblem[];
}

/** A file that is a list of things of which each stands for itself. */
export interface YamlListReading {
  readonly source: YamlSource;
  /** Null when the text has an error that is not about one value. */
  readonly node: YamlNode | null;
  readonly error: YamlProblem | null;
  /** Errors of single values, in the order of the text: what they belong to must not count. */
  readonly wrongValues: readonly YamlProblem[];
}

/** Reads a file that is one YAML text; `error` is the first one. A byte order mark counts for nothing. Never throws. */
export function readYamlFile(text: string, options: YamlOptions = {}): YamlFileReading {
  const { source, node, problems } = read(text, options);
  const error = problems.find((problem) => problem.severity === 'error') ?? null;
  const warnings = error === null ? problems.filter((problem) => problem.severity === 'warning') : [];
  return { source, node: error === null ? node : null, error, warnings };
}

/** The same for a list: one wrong value does not void the rest of the file. */
export function readYamlList(text: string): YamlListReading {
  const { source, node, problems } = read(text, {});
  const errors = problems.filter((problem) => problem.severity === 'error');
  const error = errors.find((problem) => problem.isLocal !== true) ?? null;
  const wrongValues = errors.filter((problem) => problem.isLocal === true);
  return { source, node: error === null ? node : null, error, wrongValues };
}

function read(text: string, options: YamlOptions): YamlReading & { readonly source: YamlSource } {
  const source = yamlSource(text.replace(/^\uFEFF/, ''));
  return { source, ...parseYaml(source.text, { tokens: YAML_LIMITS.tokens }, options) };
}
