import { isBigIntegerText, isJsonMap, type Json } from '../../../shared/json.ts';

/** A number of a YAML text whose spelling says more than its value: `3.10`, `007`, `1e3`, an integer beyond 2^53. */
export class SpelledNumber {
  readonly value: number;
  readonly text: string;
  constructor(value: number, text: string) {
    this.value = value;
    this.text = text;
  }

  /** What stands there: the spelling where a text is wanted, the digits of a large integer, else the number. NaN and the like stay. */
  settle(isText: boolean): string | number {
    if (isText) return this.text;
    const digits = this.text.replace(/^\+/, '');
    return isBigIntegerText(digits) ? digits : this.value;
  }
}

type Yaml = typeof import('js-yaml');

/** The core schema of YAML 1.2 with merge keys, as nearly every tool for OpenAPI has it, and numbers that know their spelling. */
export function specSchema({ CORE_SCHEMA, floatCoreTag, intCoreTag, mapTag, mergeTag }: Yaml) {
  const spelled = <Tag extends typeof intCoreTag | typeof floatCoreTag>(tag: Tag): Tag => ({
    ...tag,
    resolve: (source, isExplicit, tagName) => {
      const read = tag.resolve(source, isExplicit, tagName);
      return typeof read === 'number' && String(read) !== source ? new SpelledNumber(read, source) : read;
    },
  });
  const keyOf = (key: unknown): unknown => (key instanceof SpelledNumber ? key.text : key);
  const map: typeof mapTag = {
    ...mapTag,
    has: (container, key) => mapTag.has(container, keyOf(key)),
    addPair: (container, key, value) => mapTag.addPair(container, keyOf(key), value),
  };
  return CORE_SCHEMA.withTags(map, mergeTag, spelled(intCoreTag), spelled(floatCoreTag));
}

/** Words of a schema that hold values of its type. */
const VALUES: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'example', 'examples']);

/**
 * Whether what stands under `key` is wanted as text: a value of a schema of texts, or of a variable of an address. `parent` is the key
 * under which the map around the map stands.
 */
export function wantsText(map: unknown, key: string, parent: string): boolean {
  if (!isJsonMap(map as Json) || !VALUES.has(key)) return false;
  const { type } = map as { readonly type?: Json };
  if (type === undefined) return parent === 'variables';
  const types: readonly Json[] = Array.isArray(type) ? type : [type];
  return types.includes('string') && !types.includes('number') && !types.includes('integer');
}
