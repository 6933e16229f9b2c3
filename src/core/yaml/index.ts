/**
 * YAML texts of people (SPEC §1): one capped parser that gives values with their places, and the reading of settings files key
 * by key. Nothing here reads a disk or throws on content, and nothing of the `yaml` package gets any further.
 */
export { parseYaml, type YamlBudget, type YamlOptions } from './parse-yaml.ts';
export { readYamlFile, readYamlList, type YamlListReading } from './read-yaml-file.ts';
export { setYamlText } from './set-yaml-text.ts';
export { readDurationMs } from './yaml-duration.ts';
export { YAML_LIMITS } from './yaml-limits.ts';
export {
  type ListNode,
  type MapEntry,
  type MapNode,
  type ScalarNode,
  scalarText,
  type YamlNode,
} from './yaml-nodes.ts';
export { type FoundValue, type Override, openYaml, type YamlFile, type YamlSection } from './yaml-section.ts';
export { type YamlSource, yamlSource } from './yaml-source.ts';
export {
  readFlag,
  readMap,
  readMaps,
  readNumber,
  readText,
  readTextMap,
  readTexts,
  readWord,
} from './yaml-values.ts';
