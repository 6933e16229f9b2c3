/** What a workflow file may cost to read (SPEC §1, QUALITY "YAML bombs"), besides its YAML (`YAML_LIMITS`). */
export const READER_LIMITS = {
  /** The whole file, in UTF-8 bytes. */
  fileBytes: 1024 * 1024,
  /** Lines of the whole file. */
  lines: 100_000,
  /** Steps of one file, not counting nested ones. */
  steps: 2_000,
  /** Levels of steps inside steps (SPEC §1.4). */
  stepDepth: 16,
  /** Names that are compared for a did-you-mean. */
  suggestions: 300,
  /** Problems reported for one file. */
  diagnostics: 500,
} as const;
