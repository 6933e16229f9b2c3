import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ImportSheet, StagedText } from '../../shared/contract/workflows.ts';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import { toFileError } from '../files/index.ts';
import { sanitizeId } from '../workflow/index.ts';
import { type ArchiveManifest, MANIFEST_NAME, readArchiveManifest } from './archive-manifest.ts';
import { workflowOf } from './around-bundle.ts';
import { bundleInfo } from './bundle-info.ts';
import { ARCHIVE_LIMITS, SMALL_FILE_BYTES } from './bundle-limits.ts';
import type { BundleReading, ReadBundleOptions } from './bundle-reading.ts';
import { verifySigner } from './bundle-signature.ts';
import { findConflict } from './find-conflict.ts';
import { checkInnerPath, createNameLedger } from './inner-path.ts';
import { type OnConflict, type PlaceDirs, type PlaceWish, placeBundle } from './place-bundle.ts';
import { readBundle, readBundleOutline } from './read-bundle.ts';
import { removeOlderThan } from './remove-older.ts';
import {
  addParts,
  archiveOf,
  findContentRoot,
  openUpload,
  readStagedText,
  readTextHead,
  type StagedUpload,
  stagedFolders,
  type UploadPart,
} from './staged-upload.ts';
import { unpackArchive } from './unpack-archive.ts';
import { copyVerified } from './version-store.ts';

const UPLOAD_ID = /^[0-9a-f-]{8,64}$/;
/** At the opening of a project: by then whoever had chosen files has gone, or comes back with them. */
const STALE_MS = 3_600_000;
/** What will be refused again whatever is done with the upload. */
const FINAL = new Set<string>(['bundle.archive_refused', 'bundle.too_large']);

export interface ImportStagingOptions extends PlaceDirs, Pick<ReadBundleOptions, 'catalogOf' | 'agentNames'> {
  /** UTC ms, for the age of forgotten uploads and the names of backups. */
  readonly now: () => number;
}

export interface CommitRequest extends Pick<PlaceWish, 'carryOut'> {
  readonly uploadId: string;
  readonly contentHash: string;
  readonly name: string;
  readonly onConflict: OnConflict;
}

export interface CommittedBundle {
  /** What `runs.start` takes: the workflow's id, or the bundle's name where it stands beside another of that name. */
  readonly ref: string;
  readonly name: string;
  readonly workflowId: string;
  /** Under which name the bundle that was there is kept among the removed ones; null = none was. */
  readonly backupName: string | null;
}

/** An upload as it was read. */
export interface StagedReading {
  readonly reading: BundleReading;
  readonly suggestedName: string;
  /** The public key of whoever signed this very content; null = nobody did. */
  readonly signer: string | null;
}

/**
 * The one way in for bundles from outside (SPEC §6.6): parts are collected in an own folder (0700), looked at without
 * running anything, and imported as exactly the content that was shown. Calls for one upload wait for each other.
 */
export class ImportStaging {
  readonly #dir: string;
  readonly #options: ImportStagingOptions;
  readonly #now: () => number;
  readonly #uploads = new Map<string, StagedUpload>();
  readonly #queues = new Map<string, Promise<unknown>>();

  /** Makes the folder and throws forgotten uploads of more than an hour away. Errors: `file.io`, `file.disk_full`. */
  constructor(dir: string, options: ImportStagingOptions) {
    this.#dir = dir;
    this.#options = options;
    this.#now = options.now;
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
    } catch (thrown) {
      throw toFileError(thrown, dir);
    }
    removeOlderThan(dir, this.#now() - STALE_MS, (name) => UPLOAD_ID.test(name));
  }

  /**
   * Adds parts of files; the first call has no `uploadId` and gets one. Errors: `bundle.upload_not_found`,
   * `bundle.archive_refused`, `bundle.too_large`, `contract.invalid_input`, `file.*`.
   */
  async upload(request: {
    readonly uploadId?: string | undefined;
    readonly name: string;
    readonly files: readonly UploadPart[];
  }): Promise<{ readonly uploadId: string }> {
    const uploadId = request.uploadId ?? (await this.#begin(request.name));
    return this.#inOrder(uploadId, () =>
      this.#orRemove(uploadId, async () => {
        await addParts(await this.#open(uploadId), request.files);
        return { uploadId };
      }),
    );
  }

  /** Stages a `.awb` or `.zip` file, or a folder, of this machine. Errors: as `upload`, and `bundle.not_found`. */
  async stageLocal(path: string): Promise<{ readonly uploadId: string }> {
    const found = await stat(path).catch(() => null);
    if (found === null) throw new AppError('bundle.not_found', `Bundle directory not found: ${path}`);
    const uploadId = await this.#begin(basename(path));
    return this.#inOrder(uploadId, async () => {
      await (found.isDirectory() ? this.#stageFolder(path, uploadId) : this.#stageArchive(path, uploadId));
      return { uploadId };
    }).catch(async (error: unknown) => {
      // Nobody has been told its id.
      await this.discard(uploadId);
      throw error;
    });
  }

  /** The upload as it is now, and the name that it would have. Errors: as `inspect`. */
  read(uploadId: string): Promise<StagedReading> {
    return this.#inOrder(uploadId, () => this.#read(uploadId));
  }

  /** What the upload will bring. Errors: `bundle.upload_not_found`, `bundle.archive_refused`, `bundle.too_large`, `file.*`. */
  async inspect(uploadId: string): Promise<Omit<ImportSheet, 'trust'>> {
    return this.#inOrder(uploadId, async () => {
      const { reading, suggestedName } = await this.#orRemove(uploadId, () => this.#read(uploadId));
      const { bundlesDir } = this.#options;
      const path = join(bundlesDir, suggestedName);
      return {
        uploadId,
        suggestedName,
        contentHash: reading.contentHash,
        info: { ...bundleInfo(reading), path },
        files: reading.files,
        tools: reading.tools,
        permissions: reading.reading?.workflow.requirements.permissions ?? [],
        riskLevel: reading.reading?.workflow.riskLevel ?? null,
        diagnostics: reading.diagnostics,
        conflict: await findConflict(bundlesDir, suggestedName, reading.contentHash),
      };
    });
  }

  /**
   * A file that the sheet names, as text, at most 256 KiB of it. Errors: `file.not_found` (the upload has no such file),
   * `bundle.upload_not_found`, `file.*`.
   */
  async readText(uploadId: string, path: string): Promise<StagedText> {
    return this.#inOrder(uploadId, async () => {
      const { reading } = await this.#read(uploadId);
      const source = reading.sources.find((one) => one.path === path);
      if (source === undefined) throw new AppError('file.not_found', `The upload has no file ${JSON.stringify(path)}.`);
      return readTextHead(source.absolutePath, SMALL_FILE_BYTES);
    });
  }

  /**
   * Imports exactly what the sheet showed. Errors: `bundle.changed`, `bundle.no_workflow`, `bundle.conflict`,
   * `bundle.invalid` (the name), `bundle.upload_not_found`, `file.*`.
   */
  async commit(request: CommitRequest): Promise<CommittedBundle> {
    const { uploadId, contentHash } = request;
    const { bundlesDir } = this.#options;
    return this.#inOrder(uploadId, async () => {
      const { reading } = await this.#read(uploadId);
      workflowOf(reading);
      if (reading.contentHash !== contentHash) {
        throw new AppError('bundle.changed', 'The upload is no longer what was shown.', { hint: 'Look at it again.' });
      }
      removeOlderThan(bundlesDir, this.#now() - STALE_MS, (name) => name.startsWith('.new-'));
      const folder = await copyVerified(reading.sources, contentHash, bundlesDir);
      const placed = await placeBundle(folder, this.#options, { ...request, at: this.#now() });
      await this.#remove(uploadId);
      const { name, backup } = placed;
      const workflowId = (await readBundleOutline(placed.path)).reading?.workflow.id ?? name;
      return {
        ref: name === request.name ? workflowId : name,
        name,
        workflowId,
        backupName: backup === null ? null : basename(backup),
      };
    });
  }

  /**
   * What an upload holds, unpacked where it is one archive, for who takes in something else than a bundle; it is thrown away afterwards.
   * Errors: `bundle.upload_not_found`, `bundle.archive_refused`, `bundle.too_large`, `file.*`, those of `use`.
   */
  withContent<T>(uploadId: string, use: (folder: string) => Promise<T>): Promise<T> {
    return this.#inOrder(uploadId, async () => {
      const upload = await this.#open(uploadId);
      try {
        const { files, content } = stagedFolders(upload.folder);
        const archive = archiveOf(upload);
        if (archive === null) return await use(files);
        await rm(content, { recursive: true, force: true });
        await unpackArchive(join(files, archive), content);
        return await use(content);
      } finally {
        await this.#remove(uploadId);
      }
    });
  }

  /**
   * All files of an upload that is no archive, where there are at most `most` of at most `bytes` each; null for any other. Errors:
   * `bundle.upload_not_found`, `file.*`.
   */
  smallFiles(
    uploadId: string,
    { most, bytes }: { readonly most: number; readonly bytes: number },
  ): Promise<readonly { readonly path: string; readonly bytes: Uint8Array }[] | null> {
    return this.#inOrder(uploadId, async () => {
      const upload = await this.#open(uploadId);
      const { sizes } = upload;
      if (archiveOf(upload) !== null || sizes.size > most || [...sizes.values()].some((size) => size > bytes))
        return null;
      const { files } = stagedFolders(upload.folder);
      return Promise.all(
        [...sizes.keys()].map(async (path) => ({ path, bytes: await readFile(join(files, path)) })),
      ).catch((thrown: unknown) => Promise.reject(toFileError(thrown, files)));
    });
  }

  /** Throws an upload away; one that is not there is not an error. */
  async discard(uploadId: string): Promise<void> {
    if (!UPLOAD_ID.test(uploadId)) return;
    await this.#inOrder(uploadId, () => this.#remove(uploadId));
  }

  /** The names are held to the same rules as those of an archive. */
  async #stageFolder(path: string, uploadId: string): Promise<void> {
    const folder = join(this.#dir, uploadId);
    const reading = await readBundle(path);
    const ledger = createNameLedger();
    for (const source of reading.sources) ledger.add(checkInnerPath(source.path));
    await rename(await copyVerified(reading.sources, reading.contentHash, folder), stagedFolders(folder).files);
  }

  async #stageArchive(path: string, uploadId: string): Promise<void> {
    const found = await stat(path);
    if (!found.isFile()) throw new AppError('bundle.not_found', `Not an archive and not a folder: ${path}`);
    if (found.size > ARCHIVE_LIMITS.bytes)
      throw new AppError('bundle.too_large', `The archive is too large: ${grouped(found.size)} bytes`);
    const { files } = stagedFolders(join(this.#dir, uploadId));
    await mkdir(files, { mode: 0o700 });
    await copyFile(path, join(files, 'bundle.zip'));
  }

  /** An upload that is refused for good leaves nothing behind. */
  async #orRemove<T>(uploadId: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError && FINAL.has(error.code)) await this.#remove(uploadId);
      throw error;
    }
  }

  async #begin(name: string): Promise<string> {
    const uploadId = randomUUID();
    const folder = join(this.#dir, uploadId);
    try {
      await mkdir(folder, { mode: 0o700 });
      await writeFile(join(folder, 'name.txt'), name, { mode: 0o600 });
    } catch (thrown) {
      throw toFileError(thrown, folder);
    }
    return uploadId;
  }

  async #open(uploadId: string): Promise<StagedUpload> {
    const folder = join(this.#dir, uploadId);
    const found = UPLOAD_ID.test(uploadId) ? await stat(folder).catch(() => null) : null;
    if (!found?.isDirectory()) {
      throw new AppError('bundle.upload_not_found', 'The upload is not there any more.', {
        hint: 'Choose the files again.',
      });
    }
    const touched = this.#now() / 1000;
    await utimes(folder, touched, touched).catch(() => undefined);
    const upload = this.#uploads.get(uploadId) ?? (await openUpload(folder));
    this.#uploads.set(uploadId, upload);
    return upload;
  }

  async #read(uploadId: string): Promise<StagedReading> {
    const upload = await this.#open(uploadId);
    const { files, content } = stagedFolders(upload.folder);
    const archive = archiveOf(upload);
    if (archive !== null && !(await stat(content).catch(() => null)))
      await unpackArchive(join(files, archive), content);
    const manifest = archive === null ? null : await this.#takeManifest(upload.folder, content);
    const top = archive === null ? files : content;
    const root = await findContentRoot(top);
    const uploadName = (await readStagedText(join(upload.folder, 'name.txt'), SMALL_FILE_BYTES)) ?? '';
    const folderName = root === top ? (manifest?.name ?? uploadName.replace(/\.(?:awb|zip|md)$/i, '')) : basename(root);
    const { catalogOf, agentNames } = this.#options;
    const reading = await readBundle(root, {
      folderName: sanitizeId(folderName),
      ...(catalogOf && { catalogOf }),
      ...(agentNames && { agentNames }),
    });
    if (manifest !== null && manifest.content_hash !== reading.contentHash) {
      throw new AppError(
        'bundle.archive_refused',
        'The archive was refused: its content is not what its manifest says.',
        {
          hint: 'Export the bundle again.',
        },
      );
    }
    const signature = manifest?.signature;
    return {
      reading,
      suggestedName: sanitizeId(manifest?.name ?? reading.config.name).slice(0, 100),
      signer: signature === undefined ? null : verifySigner(reading.contentHash, signature),
    };
  }

  /** An archive's own manifest is kept beside the content: it is no part of the bundle. */
  async #takeManifest(folder: string, content: string): Promise<ArchiveManifest | null> {
    const { manifest: kept } = stagedFolders(folder);
    const found = join(content, MANIFEST_NAME);
    const text = await readStagedText(found, SMALL_FILE_BYTES);
    if (text !== null && readArchiveManifest(text) !== null) await rename(found, kept);
    return readArchiveManifest((await readStagedText(kept, SMALL_FILE_BYTES)) ?? '');
  }

  async #remove(uploadId: string): Promise<void> {
    this.#uploads.delete(uploadId);
    const folder = join(this.#dir, uploadId);
    await rm(folder, { recursive: true, force: true }).catch((thrown: unknown) =>
      Promise.reject(toFileError(thrown, folder)),
    );
  }

  /** One call at a time for each upload; a failed one does not hold up the next. */
  async #inOrder<T>(uploadId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(uploadId) ?? Promise.resolve();
    const own = before.then(work, work);
    const settled = own.catch(() => undefined);
    this.#queues.set(uploadId, settled);
    try {
      return await own;
    } finally {
      if (this.#queues.get(uploadId) === settled) this.#queues.delete(uploadId);
    }
  }
}
