import type { Place } from '../../../shared/model/workflow.ts';
import type { ScalarNode } from '../../yaml/index.ts';

/**
 * The place in the file of a character of a text value. Exact for texts on one line and for `|` blocks; for folded and
 * escaped texts it is the right line or the one the text begins on.
 */
export function placeInScalar(node: ScalarNode, offset: number): Place {
  const { source } = node;
  const value = String(node.value);
  const at = Math.min(Math.max(offset, 0), value.length);
  if (node.style === 'block') return placeInBlock(node, value, at);
  const written = source.text.slice(node.at, node.end);
  const exact = written.indexOf(value);
  if (exact !== -1) return source.place(node.at + exact + at);
  return source.place(wordPlace(value, at, source.text, node.at, node.end) ?? node.at);
}

function placeInBlock(node: ScalarNode, value: string, at: number): Place {
  const { source } = node;
  const lineStart = value.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = value.indexOf('\n', at);
  const line = value.slice(lineStart, lineEnd === -1 ? undefined : lineEnd);
  const before = value.slice(0, lineStart);
  const header = source.text.indexOf('\n', node.at) + 1;
  if (header === 0) return source.place(node.at);
  let from = header;
  for (let newline = before.indexOf('\n'); newline !== -1; newline = before.indexOf('\n', newline + 1)) {
    const next = source.text.indexOf('\n', from);
    if (next === -1) break;
    from = next + 1;
  }
  const exact = line.trim() === '' ? -1 : source.text.indexOf(line, from);
  if (exact !== -1 && exact < node.end) return source.place(exact + (at - lineStart));
  return source.place(wordPlace(value, at, source.text, header, node.end) ?? from);
}

/** Where the text from `at` on begins again in the YAML, for texts whose lines were folded. */
function wordPlace(value: string, at: number, text: string, from: number, end: number): number | undefined {
  const word = /^[^\s'"\\]{1,40}/.exec(value.slice(at))?.[0] ?? '';
  const found = word === '' ? -1 : text.indexOf(word, from);
  return found === -1 || found >= end ? undefined : found;
}
