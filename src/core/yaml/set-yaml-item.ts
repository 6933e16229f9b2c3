import { Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';

/** The list of a file and the item of it that is meant, by its `id`. */
export interface YamlItemPlace {
  readonly list: string;
  readonly id: string;
}

/**
 * The text with an item of a list set; an item with the id keeps its place and its comments, a new one stands at the end. Everything else
 * stays as it is written. `config.invalid` for a text that is no valid YAML map, or whose list is none.
 */
export function setYamlItem(text: string, { list, id }: YamlItemPlace, item: JsonMap): string {
  const doc = openList(text, list);
  const items = listOf(doc, list);
  const known = items.items.find((one): one is YAMLMap => isMap(one) && one.get('id') === id);
  if (known === undefined) items.add(doc.createNode(item));
  else {
    for (const { key } of [...known.items]) if (!(String(key) in item)) known.delete(key);
    for (const [key, value] of Object.entries(item)) {
      const node = known.get(key, true);
      // In its place the value keeps the comment behind it.
      if (isScalar(node) && (value === null || typeof value !== 'object')) node.value = value;
      else known.set(key, doc.createNode(value));
    }
  }
  items.flow = false;
  return doc.toString({ lineWidth: 0 });
}

/** The text without the item; null when there is no such item. Errors as of `setYamlItem`. */
export function removeYamlItem(text: string, { list, id }: YamlItemPlace): string | null {
  const doc = openList(text, list);
  const items = listOf(doc, list);
  const index = items.items.findIndex((one) => isMap(one) && one.get('id') === id);
  if (index === -1) return null;
  items.delete(index);
  return doc.toString({ lineWidth: 0 });
}

function openList(text: string, list: string): Document {
  const doc = parseDocument(text, { version: '1.2', uniqueKeys: true });
  const [problem] = doc.errors;
  if (problem !== undefined) throw refuse(`it is not valid YAML (${problem.message.split('\n')[0]})`);
  if (doc.contents === null) doc.contents = new Document({}).contents as never;
  if (!isMap(doc.contents)) throw refuse(`it has no '${list}'`);
  return doc;
}

function listOf(doc: Document, list: string): YAMLSeq {
  const found = doc.get(list, true);
  if (isSeq(found)) return found;
  if (found !== undefined && doc.get(list) !== null) throw refuse(`'${list}' is not a list`);
  const made = doc.createNode([]) as YAMLSeq;
  doc.set(list, made);
  return made;
}

const refuse = (why: string): AppError =>
  new AppError('config.invalid', `The file cannot be changed: ${why}.`, {
    hint: 'Mend the file by hand, then try again.',
  });
