/** A bounded store of compiled forms: the least recently used go first, by count and by characters of source. */
export interface CompiledCache<T> {
  get(source: string, make: (source: string) => T): T;
}

const MAX_ENTRIES = 2000;
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** Creates a cache. What `make` throws is not kept. */
export function createCompiledCache<T>(): CompiledCache<T> {
  const entries = new Map<string, T>();
  let characters = 0;
  const evict = (): void => {
    for (const oldest of entries.keys()) {
      if (entries.size <= MAX_ENTRIES && characters <= MAX_CHARACTERS) return;
      entries.delete(oldest);
      characters -= oldest.length;
    }
  };
  return {
    get(source, make) {
      const known = entries.get(source);
      if (known !== undefined) {
        entries.delete(source);
        entries.set(source, known);
        return known;
      }
      const made = make(source);
      entries.set(source, made);
      characters += source.length;
      evict();
      return made;
    },
  };
}
