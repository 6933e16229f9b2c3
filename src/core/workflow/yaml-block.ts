import { parseYaml, type YamlBudget, type YamlNode } from '../yaml/index.ts';
import type { Reporter } from './reporter.ts';

/** What a YAML text of a workflow file holds. `broken`: it has an error and the value may miss parts. */
export interface YamlBlock {
  readonly node: YamlNode;
  readonly broken: boolean;
}

/** Parses one YAML text and reports every error as `workflow.invalid_yaml` behind `prefix`. */
export function readYamlBlock(report: Reporter, budget: YamlBudget, prefix: string): YamlBlock {
  const { node, problems } = parseYaml(report.source, budget);
  for (const { severity, message, at, fix } of problems) {
    if (severity === 'error') report.error('workflow.invalid_yaml', `${prefix}: ${message}`, at, fix);
    else report.warning('workflow.number_precision', message, at, fix);
  }
  return { node, broken: problems.some((problem) => problem.severity === 'error') };
}
