/**
 * Carries structured clones as text between the process and a page. Each side clones first (`structuredClone`), so what Electron
 * refuses (functions, symbols, promises) is refused here with the same DataCloneError. Cyclic values are not carried.
 */
type Tagged = readonly [tag: string, payload?: unknown];

export function encodeWire(value: unknown): string {
  return JSON.stringify(tag(structuredClone(value)));
}

export function decodeWire(text: string): unknown {
  return untag(JSON.parse(text));
}

function tag(value: unknown): unknown {
  if (value === undefined) return ['undefined'];
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : ['number', Object.is(value, -0) ? '-0' : String(value)];
  if (typeof value === 'bigint') return ['bigint', String(value)];
  if (Array.isArray(value)) return ['array', value.map(tag)];
  if (value instanceof Date) return ['date', value.getTime()];
  if (value instanceof RegExp) return ['regexp', [value.source, value.flags]];
  if (value instanceof Map) return ['map', [...value].map(([key, item]) => [tag(key), tag(item)])];
  if (value instanceof Set) return ['set', [...value].map(tag)];
  if (value instanceof Error) return ['error', [value.name, value.message]];
  if (value instanceof ArrayBuffer) return ['buffer', [...new Uint8Array(value)]];
  if (ArrayBuffer.isView(value)) {
    return ['bytes', [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)]];
  }
  return ['object', Object.entries(value as object).map(([key, item]) => [key, tag(item)])];
}

function untag(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const [kind, payload] = value as unknown as Tagged;
  const list = payload as readonly never[];
  switch (kind) {
    case 'undefined':
      return undefined;
    case 'number':
      return Number(payload);
    case 'bigint':
      return BigInt(payload as string);
    case 'array':
      return list.map(untag);
    case 'date':
      return new Date(payload as number);
    case 'regexp':
      return new RegExp(list[0] ?? '', list[1] ?? '');
    case 'map':
      return new Map((payload as [unknown, unknown][]).map(([key, item]) => [untag(key), untag(item)]));
    case 'set':
      return new Set(list.map(untag));
    case 'error':
      return Object.assign(new Error(list[1]), { name: list[0] });
    case 'buffer':
      return new Uint8Array(list).buffer;
    case 'bytes':
      return new Uint8Array(list);
    default:
      return untagObject(list);
  }
}

/** Defines each key, so that an own `__proto__` stays what it is. */
function untagObject(entries: readonly (readonly [string, unknown])[]): object {
  const object = {};
  for (const [key, item] of entries) {
    Object.defineProperty(object, key, { value: untag(item), writable: true, enumerable: true, configurable: true });
  }
  return object;
}
