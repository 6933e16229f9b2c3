import { randomBytes } from 'node:crypto';
import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import { invalidParameter } from './parameter-errors.ts';
import { scalarText } from './serialize-value.ts';
import { own } from './spec-documents.ts';

/** One part of a multipart body. */
export interface MultipartField {
  readonly name: string;
  readonly value: Json;
  readonly isFile: boolean;
  /** Of `encoding`; null = by the kind of the value. */
  readonly contentType: string | null;
}

export interface EncodedBody {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** RFC 7578. A list is several parts of one name. `tool.invalid_params` for what is no file and for broken base64. */
export function encodeMultipart(fields: readonly MultipartField[]): EncodedBody {
  const boundary = `----aiworkflow${randomBytes(16).toString('hex')}`;
  const parts = fields
    .flatMap((field) =>
      Array.isArray(field.value) ? (field.value as readonly Json[]).map((value) => ({ ...field, value })) : [field],
    )
    .filter((field) => field.value !== null)
    .flatMap((field) => {
      const { head, content } = field.isFile ? filePart(field) : plainPart(field);
      return [Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), content, Buffer.from('\r\n')];
    });
  const bytes = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
  return { bytes, contentType: `multipart/form-data; boundary=${boundary}` };
}

interface Part {
  readonly head: string;
  readonly content: Buffer;
}

function plainPart({ name, value, contentType }: MultipartField): Part {
  const type = contentType ?? (isJsonMap(value) ? 'application/json' : null);
  return { head: headOf(name, null, type), content: Buffer.from(scalarText(value)) };
}

function filePart({ name, value, contentType }: MultipartField): Part {
  const given: JsonMap | null = isJsonMap(value) ? value : typeof value === 'string' ? { text: value } : null;
  const content = given === null ? null : contentOf(given, name);
  if (given === null || content === null) {
    throw invalidParameter(name, "must be the text of a file, or a map with 'text' or 'base64'");
  }
  const [filename, type] = [own(given, 'filename'), own(given, 'content_type')];
  const named = typeof filename === 'string' && filename !== '' ? filename : name;
  const typed = typeof type === 'string' && type !== '' ? type : (contentType ?? 'application/octet-stream');
  return { head: headOf(name, named, typed), content };
}

function contentOf(given: JsonMap, name: string): Buffer | null {
  const [text, base64] = [own(given, 'text'), own(given, 'base64')];
  if (typeof text === 'string') return Buffer.from(text);
  if (typeof base64 !== 'string') return null;
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(base64)) throw invalidParameter(name, "holds 'base64' that is none");
  return Buffer.from(base64, 'base64');
}

function headOf(name: string, filename: string | null, type: string | null): string {
  if (type !== null && !/^[\x20-\x7e]+$/.test(type)) throw invalidParameter(name, "has a 'content_type' that is none");
  const file = filename === null ? '' : `; filename="${quoted(filename)}"`;
  const typed = type === null ? '' : `\r\nContent-Type: ${type}`;
  return `Content-Disposition: form-data; name="${quoted(name)}"${file}${typed}`;
}

/** As browsers write names of parts: nothing in them can end the line or the quotes. */
const quoted = (text: string): string =>
  text.replace(/[\r\n"]/g, (one) => (one === '"' ? '%22' : one === '\r' ? '%0D' : '%0A'));
