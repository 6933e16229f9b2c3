import { parseYaml, type YamlOptions, type YamlProblem } from './parse-yaml.ts';
import { YAML_LIMITS } from './yaml-limits.ts';
import type { YamlNode } from './yaml-nodes.ts';
import { type YamlSource, yamlSource } from './yaml-source.ts';

/** A file that is YAML as a whole. */
export interface YamlFileReading {
  readonly source: YamlSource;
  /** Null when the text has an error: a file is taken as a whole or not at all. */
  readonly node: YamlNode | null;
  readonly error: YamlProblem | null;
}

/** Reads a file that is one YAML text; `error` is the first one. A byte order mark counts for nothing. Never throws. */
export function readYamlFile(text: string, options: YamlOptions = {}): YamlFileReading {
  const source = yamlSource(text.replace(/^\uFEFF/, ''));
  const { node, problems } = parseYaml(source.text, { tokens: YAML_LIMITS.tokens }, options);
  const error = problems.find((problem) => problem.severity === 'error') ?? null;
  return { source, node: error === null ? node : null, error };
}
