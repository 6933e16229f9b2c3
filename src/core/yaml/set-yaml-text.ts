import { isDeepStrictEqual } from 'node:util';
import { type Document, isAlias, isCollection, isMap, isNode, isScalar, parseDocument, type YAMLMap } from 'yaml';
import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';

/**
 * The text with one value set; comments, order and everything else stay as they are written. Missing maps on the way are made.
 * `config.invalid` for a text that is no valid YAML map, or where something else than a map is on the way.
 */
export function setYamlText(text: string, path: readonly [string, ...string[]], value: Json): string {
  const doc = parse(text);
  const [problem] = doc.errors;
  if (problem !== undefined) throw refuse(`it is not valid YAML (${problem.message.split('\n')[0]})`);
  try {
    const node = doc.getIn(path, true);
    const isInPlace = isScalar(node) || isAlias(node) || (isCollection(node) && node.flow === true);
    const range = isInPlace ? node.range : null;
    if (range !== undefined && range !== null) {
      const [start, end] = range;
      const gap = start === end && text[start - 1] === ':' ? ' ' : '';
      return `${text.slice(0, start)}${gap}${asFlow(value)}${text.slice(end)}`;
    }
    const added = withEntry(text, doc, path, value);
    doc.setIn(path, doc.createNode(value));
    // However the text is made, it says the same.
    if (added !== null && isDeepStrictEqual(parse(added).toJS(), doc.toJS())) return added;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw refuse(`'${path.slice(0, -1).join('.')}' is not a map`, cause);
  }
  return doc.toString({ lineWidth: 0 });
}

const parse = (text: string): Document => parseDocument(text, { version: '1.2', uniqueKeys: true });

/** The text with one more entry in the innermost map on the way that is there; null = it has no place that is plain to see. */
function withEntry(text: string, doc: Document, path: readonly string[], value: Json): string | null {
  let map = isMap(doc.contents) ? doc.contents : null;
  let depth = 0;
  for (let next = map?.get(path[0], true); isMap(next); next = map.get(path[depth], true)) {
    map = next;
    depth += 1;
  }
  const missing = path.slice(depth);
  const [first] = map?.items ?? [];
  const start = isNode(first?.key) ? first.key.range?.[0] : undefined;
  // An entry that is there, but is no map, is written over and not added to.
  if (map === null || start === undefined || missing[0] === undefined || map.has(missing[0])) return null;
  return map.flow === true ? inFlow(text, map, missing, value) : inBlock(text, map, { missing, value, start });
}

function inFlow(text: string, map: YAMLMap, missing: readonly string[], value: Json): string | null {
  const close = (map.range?.[1] ?? 0) - 1;
  if (text[close] !== '}') return null;
  const before = text.slice(0, close).trimEnd();
  const [key = '', ...inner] = missing;
  const nested = inner.reduceRight<Json>((held, name) => ({ [name]: held }), value);
  return `${before}, ${asFlow(key)}: ${asFlow(nested)}${text.slice(before.length)}`;
}

function inBlock(
  text: string,
  map: YAMLMap,
  { missing, value, start }: { readonly missing: readonly string[]; readonly value: Json; readonly start: number },
): string | null {
  const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const end = text.slice(0, map.range?.[1] ?? 0).trimEnd().length;
  if (indent.trim() !== '' || end === 0) return null;
  const lineEnd = text.indexOf('\n', end);
  const at = lineEnd === -1 ? text.length : lineEnd + 1;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = missing.map((key, level) => {
    const isLast = level === missing.length - 1;
    return `${indent}${'  '.repeat(level)}${asFlow(key)}:${isLast ? ` ${asFlow(value)}` : ''}${newline}`;
  });
  return `${text.slice(0, at)}${lineEnd === -1 ? newline : ''}${lines.join('')}${text.slice(at)}`;
}

const RESERVED = /^(?:null|true|false|yes|no|on|off|~)$/i;

/** In one line; a text is plain where every reader takes it as a text, else in quotes. JSON is YAML. */
const asFlow = (value: Json): string =>
  typeof value === 'string' && /^[A-Za-z][\w.-]*$/.test(value) && !RESERVED.test(value) ? value : JSON.stringify(value);

const refuse = (why: string, cause?: unknown): AppError =>
  new AppError('config.invalid', `The settings file cannot be changed: ${why}.`, {
    hint: 'Mend the file by hand, then try again.',
    cause,
  });
