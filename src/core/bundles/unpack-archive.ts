import { createWriteStream } from 'node:fs';
import { chmod, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform, type TransformCallback, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import { errnoOf, toFileError } from '../files/index.ts';
import { isAlwaysIgnored } from './bundle-ignore.ts';
import { ARCHIVE_LIMITS } from './bundle-limits.ts';
import { checkInnerPath, createNameLedger, type NameLedger } from './inner-path.ts';

const METHODS = new Set([0, 8]);
const FILE_TYPE_MASK = 0o170_000;
const [TYPE_NONE, TYPE_FILE, TYPE_FOLDER] = [0, 0o100_000, 0o040_000];

interface Unpacking {
  readonly zip: ZipFile;
  readonly archiveBytes: number;
  readonly targetDir: string;
  /** What the archive says of its directory. */
  readonly directoryBytes: number;
  readonly ledger: NameLedger;
  /** Unpacked so far, over all entries; what the archive declares is never trusted. */
  written: number;
}

function refuse(reason: string, cause?: unknown): AppError {
  return new AppError('bundle.archive_refused', `The archive was refused: ${reason}`, {
    hint: 'Nothing of it was kept. Get the archive once more, or ask whoever made it for another one.',
    cause,
  });
}

function tooLarge(reason: string): AppError {
  return new AppError('bundle.too_large', `The archive is too large: ${reason}`, {
    hint: `At most ${grouped(ARCHIVE_LIMITS.files)} files and ${ARCHIVE_LIMITS.bytes / 1024 / 1024} MiB.`,
  });
}

/** Counts what really comes out, stops at the limits and checks the CRC at the end. */
class EntryMeter extends Transform {
  readonly #unpacking: Unpacking;
  readonly #entry: Entry;
  #crc = 0;
  #bytes = 0;
  head = Buffer.alloc(0);

  constructor(unpacking: Unpacking, entry: Entry) {
    super();
    this.#unpacking = unpacking;
    this.#entry = entry;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#unpacking.written += chunk.length;
    this.#bytes += chunk.length;
    this.#crc = crc32(chunk, this.#crc);
    if (this.head.length < 2) this.head = Buffer.concat([this.head, chunk.subarray(0, 2)]);
    const { written, archiveBytes } = this.#unpacking;
    if (written > ARCHIVE_LIMITS.bytes) done(tooLarge(`more than ${ARCHIVE_LIMITS.bytes / 1024 / 1024} MiB unpacked`));
    else if (written > archiveBytes * ARCHIVE_LIMITS.ratio)
      done(tooLarge(`more than ${ARCHIVE_LIMITS.ratio} times its packed size`));
    else done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    const isSame = this.#crc === this.#entry.crc32 && this.#bytes === this.#entry.uncompressedSize;
    done(isSame ? null : refuse(`${JSON.stringify(this.#entry.fileName)} is damaged (wrong checksum or size)`));
  }
}

/** Links, devices and whatever else is neither a file nor a folder, by the mode that Unix archivers store. */
function checkType(entry: Entry): void {
  const mode = entry.externalFileAttributes >>> 16;
  const type = mode & FILE_TYPE_MASK;
  const isFolder = entry.fileName.endsWith('/');
  const fits = type === TYPE_NONE || (isFolder ? type === TYPE_FOLDER : type === TYPE_FILE);
  if (!fits) throw refuse(`${JSON.stringify(entry.fileName)} is a link, a device or something else that is not a file`);
  if (entry.isEncrypted()) throw refuse('it is encrypted');
  if (!METHODS.has(entry.compressionMethod)) throw refuse(`unknown compression method ${entry.compressionMethod}`);
}

/** The local header must tell the same name: readers that disagree are how files are smuggled past a check. */
async function checkLocalHeader(zip: ZipFile, entry: Entry): Promise<void> {
  const local = await zip.readLocalFileHeaderPromise(entry);
  if (Buffer.compare(local.fileName, entry.fileNameRaw) === 0 && local.compressionMethod === entry.compressionMethod)
    return;
  throw refuse(`${JSON.stringify(entry.fileName)} is named differently in two places`);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The name as its bytes say it. Without the flag for UTF-8 an old code page is meant, in which control characters are pictures: systems
 * disagree about those names, so they are read as UTF-8 or not at all.
 */
function nameOf(entry: Entry): string {
  let name: string;
  try {
    name = UTF8.decode(entry.fileNameRaw);
  } catch {
    throw refuse(`${JSON.stringify(entry.fileName)} has a name that is not valid UTF-8`);
  }
  const isPlain = entry.fileNameRaw.every((byte) => byte < 0x80);
  // A field beside the name may give another one to those who read it.
  if (isPlain && name !== entry.fileName && !holdsControl(name))
    throw refuse(`${JSON.stringify(name)} is named differently in two places`);
  return name;
}

const holdsControl = (name: string): boolean => [...name].some((char) => char < ' ' || char === '\u007f');

async function unpackEntry(unpacking: Unpacking, entry: Entry): Promise<void> {
  const { zip, targetDir, ledger } = unpacking;
  checkType(entry);
  const name = nameOf(entry);
  if (name.endsWith('/')) {
    checkInnerPath(name.slice(0, -1));
    if (entry.uncompressedSize !== 0) throw refuse(`${JSON.stringify(entry.fileName)} is a folder with contents`);
    return;
  }
  const path = checkInnerPath(name);
  ledger.add(path);
  await checkLocalHeader(zip, entry);
  // What never is part of a version (SPEC §6.5) is not brought in; it still counts against the limits.
  const target = isAlwaysIgnored(path) ? null : join(targetDir, path);
  if (target !== null) await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const meter = new EntryMeter(unpacking, entry);
  const sink =
    target === null
      ? new Writable({ write: (_chunk, _encoding, done) => done() })
      : createWriteStream(target, { flags: 'wx', mode: 0o600 });
  // Raw bytes, decompressed here: an error of a stream that nobody listens to yet would end the whole program.
  const source: Readable = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  if (entry.compressionMethod === 0) await pipeline(source, meter, sink);
  else await pipeline(source, createInflateRaw(), meter, sink);
  const isExecutable = ((entry.externalFileAttributes >>> 16) & 0o111) !== 0 || meter.head.toString('latin1') === '#!';
  if (target !== null && isExecutable) await chmod(target, 0o700);
}

async function openZip(file: string): Promise<ZipFile> {
  try {
    return await openPromise(file, {
      lazyEntries: true,
      autoClose: false,
      strictFileNames: true,
      validateEntrySizes: true,
    });
  } catch (thrown) {
    if (errnoOf(thrown) !== '') throw toFileError(thrown, file);
    throw refuse('it is not a zip file, or it is damaged', thrown);
  }
}

async function unpackAll(unpacking: Unpacking): Promise<void> {
  const { zip } = unpacking;
  if (zip.entryCount > ARCHIVE_LIMITS.files * 2) throw tooLarge(`${zip.entryCount} entries`);
  let [entries, directoryBytes] = [0, 0];
  for await (const entry of zip.eachEntry()) {
    entries++;
    directoryBytes += ENTRY_BYTES + entry.fileNameRaw.length + entry.extraFieldRaw.length + entry.fileCommentRaw.length;
    if (entries > ARCHIVE_LIMITS.files * 2 || unpacking.ledger.size() >= ARCHIVE_LIMITS.files + 1) {
      throw tooLarge(`more than ${grouped(ARCHIVE_LIMITS.files)} files`);
    }
    await unpackEntry(unpacking, entry);
  }
  if (unpacking.ledger.size() > ARCHIVE_LIMITS.files)
    throw tooLarge(`more than ${grouped(ARCHIVE_LIMITS.files)} files`);
  // Readers that go by the count see other files than those that go by the size.
  if (directoryBytes !== unpacking.directoryBytes)
    throw refuse('its directory does not hold as many entries as it says');
}

/** Fixed part of an entry in the directory, and of the record at the end. */
const ENTRY_BYTES = 46;
const END_BYTES = 22;
const END_SIGNATURE = 0x06054b50;
const MAX_COMMENT_BYTES = 0xffff;

/** How many bytes the directory has by the record at the end of the archive. */
async function readDirectoryBytes(file: string, archiveBytes: number): Promise<number> {
  const handle = await open(file, 'r');
  try {
    const tail = Buffer.alloc(Math.min(archiveBytes, END_BYTES + MAX_COMMENT_BYTES));
    await handle.read(tail, 0, tail.length, archiveBytes - tail.length);
    for (let at = tail.length - END_BYTES; at >= 0; at--) {
      const isEnd =
        tail.readUInt32LE(at) === END_SIGNATURE && tail.readUInt16LE(at + 20) === tail.length - at - END_BYTES;
      if (isEnd) return tail.readUInt32LE(at + 12);
    }
    throw refuse('it is not a zip file, or it is damaged');
  } finally {
    await handle.close();
  }
}

/**
 * Unpacks a `.awb` or `.zip` into a new folder `targetDir`, within the limits of SPEC §6.6, which are held while the
 * bytes come out. A refused archive leaves no folder behind. Errors: `bundle.archive_refused`, `bundle.too_large`, `file.*`.
 */
export async function unpackArchive(file: string, targetDir: string): Promise<void> {
  const archiveBytes = await stat(file).then(
    (found) => found.size,
    (thrown: unknown) => Promise.reject(toFileError(thrown, file)),
  );
  if (archiveBytes > ARCHIVE_LIMITS.bytes) throw tooLarge(`${archiveBytes} bytes`);
  const zip = await openZip(file);
  try {
    await mkdir(targetDir, { mode: 0o700 });
    const directoryBytes = await readDirectoryBytes(file, archiveBytes);
    await unpackAll({ zip, archiveBytes, targetDir, directoryBytes, ledger: createNameLedger(), written: 0 });
  } catch (thrown) {
    await rm(targetDir, { recursive: true, force: true });
    if (thrown instanceof AppError) throw thrown;
    const errno = errnoOf(thrown);
    if (errno !== '' && !errno.startsWith('Z_') && !errno.startsWith('ERR_')) throw toFileError(thrown, targetDir);
    throw refuse(thrown instanceof Error ? thrown.message.slice(0, 200) : 'it is damaged', thrown);
  } finally {
    zip.close();
  }
}
