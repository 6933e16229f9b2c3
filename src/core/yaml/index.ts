/**
 * YAML texts of people (SPEC §1): one capped parser that gives values with their places, and one reader of keys with one wording
 * of what is wrong. Nothing here reads a disk or throws on content, and nothing of the `yaml` package gets any further.
 */
export { describeNode, type FieldProblem, type FieldReporter, wrongForm } from './field-problem.ts';
export { Fields } from './fields.ts';
export { parseYaml, type YamlBudget, YamlMemory, type YamlOptions } from './parse-yaml.ts';
export { readYamlFile, readYamlList, type YamlFile, type YamlListReading } from './read-yaml-file.ts';
export { removeYamlItem, setYamlItem, type YamlItemPlace } from './set-yaml-item.ts';
export { setYamlText } from './set-yaml-text.ts';
export { type Override, openSettings, type Settings } from './settings.ts';
export { typedValue } from './typed-value.ts';
export { writeYaml } from './write-yaml.ts';
export { YAML_LIMITS } from './yaml-limits.ts';
export {
  emptyMap,
  type ListNode,
  type MapEntry,
  type MapNode,
  mergeMaps,
  type ScalarNode,
  scalarText,
  spelledValue,
  type YamlNode,
} from './yaml-nodes.ts';
export { locate, type Spot, type YamlSource, yamlSource } from './yaml-source.ts';
