import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { parseYaml, type YamlOptions, type YamlProblem, type YamlReading } from './parse-yaml.ts';
import { YAML_LIMITS } from './yaml-limits.ts';
import type { YamlNode } from './yaml-nodes.ts';
import { type Spot, type YamlSource, yamlSource } from './yaml-source.ts';

/** A YAML text and the name under which problems in it are reported. */
export interface YamlFile {
  readonly file: string;
  readonly text: string;
}

/** Tells of a problem in a text. */
export type ReportYaml = (severity: Diagnostic['severity'], message: string, at: Spot, fix?: string) => void;

/**
 * The value of a file that is one YAML text, taken as a whole or not at all: null where it has an error, of which the first is
 * reported. A byte order mark counts for nothing. Never throws.
 */
export function readYamlFile(file: YamlFile, report: ReportYaml, options: YamlOptions = {}): YamlNode | null {
  const { source, node, problems } = read(file, options);
  const error = problems.find((problem) => problem.severity === 'error');
  if (error !== undefined) {
    report('error', `Invalid YAML: ${error.message}`, { source, at: error.at }, error.fix);
    return null;
  }
  for (const { severity, message, at, fix } of problems) report(severity, message, { source, at }, fix);
  return node;
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

/** The same for a list: one wrong value does not void the rest of the file. */
export function readYamlList(file: YamlFile): YamlListReading {
  const { source, node, problems } = read(file, {});
  const errors = problems.filter((problem) => problem.severity === 'error');
  const error = errors.find((problem) => problem.isLocal !== true) ?? null;
  const wrongValues = errors.filter((problem) => problem.isLocal === true);
  return { source, node: error === null ? node : null, error, wrongValues };
}

function read({ file, text }: YamlFile, options: YamlOptions): YamlReading & { readonly source: YamlSource } {
  const source = yamlSource(text.replace(/^\uFEFF/, ''), { file });
  return { source, ...parseYaml(source, { tokens: YAML_LIMITS.tokens }, options) };
}
