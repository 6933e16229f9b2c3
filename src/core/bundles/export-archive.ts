import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { deflateRawSync } from 'node:zlib';
import { ZipFile } from 'yazl';
import { AppError } from '../../shared/errors.ts';
import { toFileError } from '../files/index.ts';
import { type ArchiveManifest, MANIFEST_NAME } from './archive-manifest.ts';
import type { FoundFile } from './bundle-files.ts';
import { ARCHIVE_LIMITS } from './bundle-limits.ts';
import type { BundleReading } from './bundle-reading.ts';
import { signContent } from './bundle-signature.ts';
import { hashFiles } from './content-hash.ts';
import { checkInnerPath, createNameLedger } from './inner-path.ts';

/** The first instant that zip can tell; times of files are no part of a version. */
const FIXED_INSTANT = '1980-01-01T00:00:00.000Z';
/** Files that shrink more than this are stored as they are, so that no archive of ours looks like a bomb. */
const MAX_RATIO = ARCHIVE_LIMITS.ratio / 2;

export interface ExportOptions {
  /** `created_at` of the manifest, ISO 8601. Default: a fixed instant, so that the same version gives the same bytes. */
  readonly createdAt?: string;
  /** PEM of the Ed25519 key that signs it. Default: it is not signed. */
  readonly privateKey?: string;
}

function checkExportable(reading: BundleReading): void {
  if (reading.files.length > ARCHIVE_LIMITS.files - 1 || reading.sizeBytes > ARCHIVE_LIMITS.bytes) {
    throw new AppError('bundle.too_large', `The bundle is too large for an archive: ${reading.path}`, {
      hint: 'Leave big parts out with a .bundleignore file.',
    });
  }
  const ledger = createNameLedger();
  for (const file of reading.files) ledger.add(checkInnerPath(file.path));
  if (!reading.files.some((file) => file.path === MANIFEST_NAME)) return;
  throw new AppError('bundle.invalid', `The bundle has a file ${MANIFEST_NAME}, which an archive needs for itself.`, {
    hint: 'Rename the file.',
  });
}

async function readAll(file: FoundFile): Promise<Buffer> {
  const handle = await open(file.absolutePath, 'r');
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function addBytes(zip: ZipFile, path: string, bytes: Buffer, mode: number): void {
  const packed = bytes.length === 0 ? 0 : deflateRawSync(bytes).length;
  const compress = packed > 0 && packed < bytes.length && bytes.length / packed <= MAX_RATIO;
  zip.addBuffer(bytes, path, {
    mtime: new Date(1980, 0, 1),
    mode,
    compressionLevel: compress ? 6 : 0,
    forceDosTimestamp: true,
  });
}

/**
 * Writes a bundle as a `.awb` archive (SPEC §6.6) with the same bytes for the same version: sorted paths, fixed times,
 * `manifest.json` first. Errors: `bundle.too_large`, `bundle.invalid`, `bundle.archive_refused` (a name that not every
 * system can store), `bundle.changed`, `file.*`.
 */
export async function exportArchive(reading: BundleReading, file: string, options: ExportOptions = {}): Promise<void> {
  checkExportable(reading);
  const temporary = `${file}.${randomUUID()}.tmp`;
  const manifest: ArchiveManifest = {
    format: 1,
    name: reading.config.name,
    version: reading.config.version,
    content_hash: reading.contentHash,
    created_at: options.createdAt ?? FIXED_INSTANT,
    ...(options.privateKey === undefined ? {} : { signature: signContent(reading.contentHash, options.privateKey) }),
  };
  try {
    const zip = new ZipFile();
    const output = pipeline(zip.outputStream, createWriteStream(temporary, { flags: 'wx', mode: 0o644 }));
    addBytes(zip, MANIFEST_NAME, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), 0o100644);
    for (const [index, source] of reading.sources.entries()) {
      const mode = reading.files[index]?.isExecutable ? 0o100755 : 0o100644;
      addBytes(zip, source.path, await readAll(source), mode);
    }
    zip.end();
    await output;
    if ((await hashFiles(reading.sources)).contentHash !== reading.contentHash) {
      throw new AppError('bundle.changed', 'The bundle changed while it was exported.', { hint: 'Export it again.' });
    }
    await rename(temporary, file);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw toFileError(thrown, file);
  }
}
