/** Where the frontmatter and the body of a file lie, as 0-based line indexes. */
export interface FrontmatterSplit {
  /** Lines `[1, end)` are the YAML; undefined without a frontmatter. */
  readonly end?: number;
  /** The first line of the body. */
  readonly bodyFrom: number;
  /** A frontmatter was opened and never closed. */
  readonly unclosed: boolean;
}

const MARK = /^---[ \t]*$/;

/** Finds the frontmatter (SPEC §1): `---` on the first line up to the next line that is exactly `---`. */
export function splitFrontmatter(lines: readonly string[]): FrontmatterSplit {
  if (!MARK.test(lines[0] ?? '')) return { bodyFrom: 0, unclosed: false };
  const end = lines.findIndex((line, index) => index > 0 && MARK.test(line));
  if (end !== -1) return { end, bodyFrom: end + 1, unclosed: false };
  const first = lines.slice(1).find((line) => line.trim() !== '') ?? '';
  return { bodyFrom: 1, unclosed: /^[A-Za-z_][\w-]*\s*:/.test(first) };
}
