/** One problem in a text that a person wrote (workflow, manifest, bundle). Reading never throws on content: it returns these. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'notice';
  /** Stable machine word, `area.reason` in lower case, such as `workflow.unknown_key`. */
  readonly code: string;
  readonly message: string;
  /** Path as the caller named the file, absent where the text has none. */
  readonly file?: string;
  /** 1-based; absent only where the problem is that something is missing altogether. */
  readonly line?: number;
  readonly column?: number;
  readonly step?: string;
  /** What to write instead, where that is evident. */
  readonly fix?: string;
  /** A tool or an agent without which the workflow cannot run on this machine, though it is valid (SPEC §1.10). */
  readonly missing?: string;
}

/** What is wrong and what to write instead, as whole sentences, for where both stand on one line. */
export function sentencesOf({ message, fix }: Pick<Diagnostic, 'message' | 'fix'>): string {
  const said = message.replace(/([^.])$/, '$1.');
  return fix === undefined ? said : `${said} ${fix}`;
}
