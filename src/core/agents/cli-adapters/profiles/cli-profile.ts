/** Where in an agent's output something stands: keys and list places, `['items', 0, 'text']`. */
export type ValuePath = readonly (string | number)[];

/** A command-line agent that a file describes (SPEC §4.4 "CLI profile"): no code of ours knows it. */
export interface CliProfile {
  /** The file's name without its ending. */
  readonly name: string;
  readonly command: string;
  /** `{prompt_file}` and `{model}` stand for a whole argument. */
  readonly args: readonly string[];
  readonly prompt: 'stdin' | 'arg' | 'file';
  readonly output: 'text' | 'json' | 'jsonl';
  readonly resultPath: ValuePath | null;
  readonly errorPath: ValuePath | null;
  readonly usage: {
    readonly inputTokens: ValuePath | null;
    readonly outputTokens: ValuePath | null;
    readonly cachedTokens: ValuePath | null;
    readonly costUsd: ValuePath | null;
  };
  /** Follow `args` when a model is named; empty = no model can be named. */
  readonly modelArgs: readonly string[];
  readonly cwd: 'project' | 'run';
  /** Names of the host's variables that it gets. */
  readonly env: readonly string[];
  readonly timeoutMs: number;
  readonly successCodes: readonly number[];
  readonly versionArgs: readonly string[];
  readonly health: { readonly args: readonly string[]; readonly expect: string } | null;
  /** `ansi`, `progress`, or a text: lines that hold it are dropped. */
  readonly strip: readonly string[];
  /** How a person gets the program. */
  readonly installHint: string;
}

/** Stands in the arguments of a profile for the file that holds the prompt. */
export const PROMPT_FILE = '{prompt_file}';
/** Stands in the arguments of a profile for the model. */
export const MODEL = '{model}';

const STEP = /\.?([A-Za-z_$][\w$-]*)|\[(\d{1,6})\]/y;

/** `a.b[0].c` as a path, or null for what is none. */
export function parsePath(text: string): ValuePath | null {
  const path: (string | number)[] = [];
  let at = 0;
  while (at < text.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (match === null || (at === 0 && match[0].startsWith('.'))) return null;
    path.push(match[1] ?? Number(match[2]));
    at = STEP.lastIndex;
  }
  return path.length === 0 ? null : path;
}
