import { dirname, isAbsolute, posix, relative, sep } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import type { Json } from '../../../shared/json.ts';
import { isInside, openInside } from '../../files/index.ts';
import { definitionInvalid } from './definition-error.ts';
import { type ParsedSpec, parseSpec } from './parse-spec.ts';
import type { SpecDocuments } from './spec-documents.ts';
import { SPEC_LIMITS } from './spec-limits.ts';

/** What was read so far, against `SPEC_LIMITS`. */
interface Spent {
  bytes: number;
  values: number;
}

/**
 * Reads a spec and the files beside it that its references name: only inside `folder`, or inside the spec's own folder when it lies
 * elsewhere. Nothing is sent. Errors: `file.not_found`, `file.io`, `file.outside`, `tool.definition_invalid`.
 */
export async function loadSpecFile(specFile: string, folder: string): Promise<SpecDocuments> {
  const base = isInside(folder, specFile) ? folder : dirname(specFile);
  const root = relative(base, specFile).split(sep).join('/');
  const documents = new Map<string, Json>();
  const refused = new Map<string, string>();
  const spent: Spent = { bytes: 0, values: 0 };
  const wanted = [root];
  for (let key = wanted.pop(); key !== undefined; key = wanted.pop()) {
    if (documents.has(key) || refused.has(key)) continue;
    if (documents.size + refused.size >= SPEC_LIMITS.files)
      throw tooLarge(root, `more than ${SPEC_LIMITS.files} files`);
    const parsed = await readOne(base, key, spent).catch((thrown: unknown) => refuseOrThrow(thrown, key === root));
    if (typeof parsed === 'string') {
      refused.set(key, parsed);
      continue;
    }
    spent.values += parsed.values;
    if (spent.values > SPEC_LIMITS.values) throw tooLarge(root, 'too many values');
    documents.set(key, parsed.value);
    wanted.push(...filesOf(parsed, key));
  }
  return { root, documents, refused, keyOf: keyBeside, name: root };
}

/** A spec that is one text without files beside it: one that was fetched. */
export async function specOfText(text: string, address: string): Promise<SpecDocuments> {
  const { value } = await parseSpec(text, 'The fetched spec');
  const documents = new Map([[address, value]]);
  return { root: address, documents, refused: new Map(), keyOf: () => null, name: address };
}

async function readOne(base: string, key: string, spent: Spent): Promise<ParsedSpec> {
  const handle = await openInside(base, key);
  try {
    const { size } = await handle.stat();
    spent.bytes += size;
    if (spent.bytes > SPEC_LIMITS.bytes) throw tooLarge(key, `more than ${SPEC_LIMITS.bytes / 1024 / 1024} MiB`);
    return await parseSpec(await handle.readFile('utf8'), key);
  } finally {
    await handle.close();
  }
}

/** A file beside the spec that cannot be read only matters to those who need it. */
function refuseOrThrow(thrown: unknown, isRoot: boolean): string {
  if (isRoot || !(thrown instanceof AppError)) throw thrown;
  return `cannot be followed: ${thrown.message.replace(/\.$/, '')}`;
}

function filesOf(parsed: ParsedSpec, document: string): readonly string[] {
  const files = new Set(parsed.references.map((reference) => reference.split('#', 1)[0] ?? ''));
  return [...files].flatMap((file) => (file === '' ? [] : (keyBeside(document, file) ?? [])));
}

/** Relative files inside the folder; no address, no absolute path, nothing above it. */
function keyBeside(document: string, file: string): string | null {
  const path = decodePath(file);
  if (path === null || /^[a-z][a-z0-9+.-]*:|^[\\/]|\\|\0/i.test(path) || isAbsolute(path)) return null;
  const key = posix.normalize(posix.join(posix.dirname(document), path));
  return key.split('/')[0] === '..' ? null : key;
}

function decodePath(file: string): string | null {
  try {
    return decodeURIComponent(file);
  } catch {
    return null;
  }
}

function tooLarge(name: string, what: string): AppError {
  return definitionInvalid(`${name} and its files hold ${what}.`, 'Use a spec with only the operations that you need.');
}
