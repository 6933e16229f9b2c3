/** SPEC §6.6: what an archive or an upload may hold. */
export const ARCHIVE_LIMITS = {
  files: 2_000,
  bytes: 100 * 1024 * 1024,
  /** Unpacked bytes per byte of the archive. */
  ratio: 100,
  pathChars: 1_024,
  depth: 32,
} as const;

/** What a folder may hold to be read as a bundle: a slip such as naming the home folder must not hash a whole disk. */
export const FOLDER_LIMITS = { files: 10_000, entries: 50_000, bytes: 512 * 1024 * 1024, depth: 64 } as const;

/** SPEC §1: a workflow file. */
export const WORKFLOW_FILE_BYTES = 1024 * 1024;
/** `config.yaml`, `.env`, `.bundleignore`. */
export const SMALL_FILE_BYTES = 256 * 1024;
