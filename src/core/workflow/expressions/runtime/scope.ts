/** Names visible to a template. `get` returns undefined when the name is not defined (null is a value). SPEC 2.2. */
export interface Scope {
  has(name: string): boolean;
  get(name: string): unknown;
  names(): Iterable<string>;
}

/**
 * Whether a key is never readable (SPEC 2.3 Safety): names with a leading `__`, `__proto__` among them, `constructor` and
 * `prototype`. Fields of data such as `_id` are readable.
 */
export function isHiddenKey(key: string): boolean {
  return key.startsWith('__') || key === 'constructor' || key === 'prototype';
}

/** A scope over the own keys of a map. The map is read live, not copied. */
export function scopeOf(map: Readonly<Record<string, unknown>>): Scope {
  const has = (name: string): boolean => Object.hasOwn(map, name) && !isHiddenKey(name) && map[name] !== undefined;
  return {
    has,
    get: (name) => (Object.hasOwn(map, name) && !isHiddenKey(name) ? map[name] : undefined),
    names: () => Object.keys(map).filter(has),
  };
}

/** A scope whose own names shadow those of `parent`. */
export function childScope(parent: Scope, map: Readonly<Record<string, unknown>>): Scope {
  const own = scopeOf(map);
  return {
    has: (name) => own.has(name) || parent.has(name),
    get: (name) => own.get(name) ?? (own.has(name) ? null : parent.get(name)),
    names: () => new Set([...own.names(), ...parent.names()]),
  };
}
