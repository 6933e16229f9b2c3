/** What a YAML text of a person may cost to read (SPEC §1, QUALITY "YAML bombs"). */
export const YAML_LIMITS = {
  /** A whole file, in UTF-8 bytes. */
  fileBytes: 1024 * 1024,
  /** Nodes that all aliases of one text together may stand for. */
  aliasNodes: 10_000,
  /** Levels of maps and lists in one text. */
  depth: 100,
  /** Tokens of all texts of one file together. */
  tokens: 100_000,
} as const;
