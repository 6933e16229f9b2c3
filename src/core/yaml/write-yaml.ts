import { stringify } from 'yaml';
import type { Json } from '../../shared/json.ts';

/** A value as YAML 1.2 for people: block style, texts of several lines as blocks, nothing folded. */
export function writeYaml(value: Json): string {
  return stringify(value, { version: '1.2', lineWidth: 0, aliasDuplicateObjects: false });
}
