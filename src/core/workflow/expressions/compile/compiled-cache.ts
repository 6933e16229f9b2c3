/** A bounded store of compiled forms: the least recently used go first, by count and by what they weigh. */
export interface CompiledCache<T> {
  get(source: string, make: (source: string) => T): T;
}

const MAX_ENTRIES = 2000;
const MAX_BYTES = 16 * 1024 * 1024;
/** What one compiled expression weighs, with the tree that it keeps. */
const EXPRESSION_BYTES = 400;

/** Creates a cache of forms that know how many expressions they hold. What `make` throws is not kept. */
export function createCompiledCache<T extends { readonly size: number }>(): CompiledCache<T> {
  const entries = new Map<string, T>();
  let bytes = 0;
  const weigh = (source: string, made: T): number => source.length * 2 + made.size * EXPRESSION_BYTES;
  const evict = (): void => {
    for (const [oldest, made] of entries) {
      if (entries.size <= MAX_ENTRIES && bytes <= MAX_BYTES) return;
      entries.delete(oldest);
      bytes -= weigh(oldest, made);
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
      bytes += weigh(source, made);
      evict();
      return made;
    },
  };
}
