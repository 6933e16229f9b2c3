import { isJsonMap, type Json } from '../../../shared/json.ts';
import { follow, type Located, own, part, type SpecDocuments } from './spec-documents.ts';

/** What a field of a multipart body is: a file, a list of files, or a plain value (null). */
export type FileField = 'file' | 'files' | null;

/** Finds it out of the field's schema, behind references and `allOf`. `tool.definition_invalid`. */
export function fileFieldOf(documents: SpecDocuments, schema: Located): FileField {
  const target = follow(documents, schema);
  if (isFile(documents, target)) return 'file';
  const items = part(target, 'items');
  return items !== undefined && isFile(documents, follow(documents, items)) ? 'files' : null;
}

/** `format: binary` of 3.0, `contentMediaType` or `contentEncoding` of 3.1. */
function isFile(documents: SpecDocuments, schema: Located): boolean {
  if (saysFile(schema.value)) return true;
  const whole = part(schema, 'allOf');
  if (whole === undefined || !Array.isArray(whole.value)) return false;
  return whole.value.some((value: Json) => saysFile(follow(documents, { document: whole.document, value }).value));
}

function saysFile(schema: Json): boolean {
  if (!isJsonMap(schema)) return false;
  const format = own(schema, 'format');
  if (format === 'binary' || format === 'byte') return true;
  return own(schema, 'contentMediaType') !== undefined || own(schema, 'contentEncoding') !== undefined;
}
