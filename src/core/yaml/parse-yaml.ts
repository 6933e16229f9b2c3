import { Composer, type CST, type Document, Lexer, Parser, type YAMLParseError } from 'yaml';
import { FALSE_SPACE_WORDS, type FreeStretch, hasFalseSpace, reportFalseSpaces } from './false-spaces.ts';
import { YAML_LIMITS } from './yaml-limits.ts';
import { convertYaml, type NodeProblem, nothing, type YamlNode } from './yaml-nodes.ts';
import type { YamlSource } from './yaml-source.ts';

/** Tokens left for the YAML texts of one file. */
export interface YamlBudget {
  tokens: number;
  /** Of a text that is read again and again while it is typed; absent = nothing is kept. */
  readonly memory?: YamlMemory | undefined;
}

type Composed = readonly (Document.Parsed | undefined)[];

/** Characters of texts that are kept. */
const MAX_KEPT = 4_000_000;

/** Texts as they were parsed: of a file that is typed all but one stay as they are. */
export class YamlMemory {
  readonly #kept = new Map<string, { readonly composed: Composed; readonly tokens: number }>();
  #size = 0;

  /** What the text was parsed as, its tokens taken from the budget; undefined = it is to be parsed. */
  find(text: string, budget: YamlBudget): Composed | undefined {
    const known = this.#kept.get(text);
    if (known === undefined || known.tokens > budget.tokens) return undefined;
    budget.tokens -= known.tokens;
    return known.composed;
  }

  /** Keeps it; when too much is kept, all the rest is forgotten. */
  keep(text: string, composed: Composed, tokens: number): void {
    if (this.#size + text.length > MAX_KEPT) this.#kept.clear();
    this.#size = (this.#kept.size === 0 ? 0 : this.#size) + text.length;
    this.#kept.set(text, { composed, tokens });
  }
}

/** What is wrong in a YAML text: an error (the value may miss parts) or a warning about a value. */
export interface YamlProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Offset in the text. */
  readonly at: number;
  /** What to write instead. */
  readonly fix?: string;
  /** An error of the one value at `at`: everything else was read as it is written. */
  readonly isLocal?: true;
}

/** What a YAML text holds. */
export interface YamlReading {
  readonly node: YamlNode;
  /** In the order in which they were found; of each kind only the first ones. */
  readonly problems: readonly YamlProblem[];
}

export interface YamlOptions {
  /** `__proto__` is a key like any other (an own property of the value) instead of an error. */
  readonly keepsProtoKey?: boolean;
}

type Fail = (message: string, at: number, fix?: string) => void;

const SCALAR_MARK = '\u001f';
const MAX_SYNTAX_ERRORS = 5;
const MAX_VALUE_PROBLEMS = 50;

/** Stops the parser early: the text costs more than it may. */
class CostBreach {
  readonly message: string;
  readonly at: number;
  constructor(message: string, at: number) {
    this.message = message;
    this.at = at;
  }
}

/** The tokens of the text, refused as soon as they nest too deep or become too many: composing them costs far more. */
function* guardedTokens(text: string, budget: YamlBudget): Generator<CST.Token, void> {
  const parser = new Parser();
  let flowDepth = 0;
  let indicators = 0;
  let afterMark = false;
  for (const lexeme of new Lexer().lex(text)) {
    budget.tokens -= 1;
    if (budget.tokens < 0) throw new CostBreach('It holds too many values for one file', parser.offset);
    if (afterMark || lexeme === '\n') indicators = 0;
    else if (lexeme === '[' || lexeme === '{') flowDepth += 1;
    else if (lexeme === ']' || lexeme === '}') flowDepth -= 1;
    else if (lexeme === '-' || lexeme === '?') indicators += 1;
    else if (lexeme.startsWith('"') && hasManyBadEscapes(lexeme))
      throw new CostBreach('Invalid escape sequences', parser.offset);
    if (flowDepth > YAML_LIMITS.depth || indicators > YAML_LIMITS.depth) {
      throw new CostBreach(`Values are nested more than ${YAML_LIMITS.depth} levels deep`, parser.offset);
    }
    yield* parser.next(lexeme);
    afterMark = lexeme === SCALAR_MARK;
  }
  yield* parser.end();
}

/** Every bad escape costs an error; a text with this many is no text of a person. */
const MAX_BAD_ESCAPES = 100;
const ESCAPE = /\\./gs;

function hasManyBadEscapes(quoted: string): boolean {
  if (!quoted.includes('\\')) return false;
  let bad = 0;
  for (const [sequence] of quoted.matchAll(ESCAPE)) {
    if (!'0abtnvfre "/\\N_LPxuU\t\n'.includes(sequence.charAt(1))) bad += 1;
    if (bad > MAX_BAD_ESCAPES) return true;
  }
  return false;
}

/**
 * Parses one YAML text (YAML 1.2 core): one document, no tags of its own, unique keys, everything capped by `YAML_LIMITS`.
 * Never throws on content: what is wrong with it stands in `problems`, the fatal ones with the severity `error`.
 */
export function parseYaml(source: YamlSource, budget: YamlBudget, options: YamlOptions = {}): YamlReading {
  const { text } = source;
  const problems: YamlProblem[] = [];
  const add = (severity: YamlProblem['severity'], message: string, at: number, fix?: string): void => {
    problems.push({ severity, message, at, ...(fix === undefined ? {} : { fix }) });
  };
  const fail: Fail = (message, at, fix) => add('error', message, at, fix);
  const composed = compose(text, budget);
  if (composed instanceof CostBreach) {
    fail(composed.message, composed.at);
    return { node: nothing({ source, at: 0 }), problems };
  }
  const [document, next] = composed;
  if (document === undefined) return { node: nothing({ source, at: 0 }), problems };
  if (next !== undefined) fail('It holds more than one YAML document', next.range?.[0] ?? 0, "Remove the line '---'.");
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.2')
    fail('Only YAML 1.2 is read', 0, 'Remove the %YAML line.');
  reportSyntax(document.errors, text, fail);
  const seen = new Set<string>();
  const found: NodeProblem = (kind, message, at, fix) => {
    if (seen.size >= MAX_VALUE_PROBLEMS || seen.has(`${at}${message}`)) return;
    seen.add(`${at}${message}`);
    if (kind !== 'error') add(kind === 'fatal' ? 'error' : kind, message, at, fix);
    else problems.push({ severity: kind, message, at, ...(fix === undefined ? {} : { fix }), isLocal: true });
  };
  const free: FreeStretch[] = [];
  const isSuspicious = hasFalseSpace(text);
  const yaml = {
    ...{ source, root: document.contents, keepsProtoKey: options.keepsProtoKey ?? false },
    ...(isSuspicious ? { onFree: (stretch: FreeStretch) => free.push(stretch) } : {}),
  };
  const node = convertYaml(yaml, found);
  const atFalse = new Set(problems.map(({ at }) => at));
  if (isSuspicious)
    reportFalseSpaces(text, free, (message, at, fix) => {
      if (!atFalse.has(at) && problems.length < MAX_VALUE_PROBLEMS) fail(message, at, fix);
    });
  // First: what else is wrong on such a line is nearly always its echo.
  return { node, problems: problems.toSorted((a, b) => Number(isAboutSpace(b)) - Number(isAboutSpace(a))) };
}

const isAboutSpace = ({ message }: YamlProblem): boolean => message.endsWith(FALSE_SPACE_WORDS);

function compose(text: string, budget: YamlBudget): Composed | CostBreach {
  const known = budget.memory?.find(text, budget);
  if (known !== undefined) return known;
  const before = budget.tokens;
  const composed = composeAnew(text, budget);
  if (!(composed instanceof CostBreach)) budget.memory?.keep(text, composed, before - budget.tokens);
  return composed;
}

function composeAnew(text: string, budget: YamlBudget): Composed | CostBreach {
  const { stackTraceLimit } = Error;
  try {
    // The library makes an error object for every problem it finds; their stacks cost more than all the rest.
    Error.stackTraceLimit = 0;
    const composer = new Composer({
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'silent',
      version: '1.2',
      schema: 'core',
    });
    const found: Document.Parsed[] = [];
    for (const document of composer.compose(guardedTokens(text, budget), true, text.length)) {
      found.push(document as Document.Parsed);
      if (found.length === 2) break;
    }
    return found;
  } catch (thrown) {
    if (thrown instanceof CostBreach) return thrown;
    if (thrown instanceof RangeError) return new CostBreach('Values are nested too deep', 0);
    // A fault of the YAML library on strange content is a problem of the content for the person who wrote it.
    return new CostBreach('It cannot be read', 0);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The first error of each line: what follows on the same line is nearly always its echo. */
function reportSyntax(errors: readonly YAMLParseError[], text: string, fail: Fail): void {
  let lineStart = 0;
  let lineEnd = -1;
  let shown = 0;
  for (const error of errors) {
    const at = Math.min(error.pos[0], text.length);
    if (at >= lineStart && at <= lineEnd) continue;
    if (shown === MAX_SYNTAX_ERRORS) return;
    lineStart = text.lastIndexOf('\n', at - 1) + 1;
    const end = text.indexOf('\n', at);
    lineEnd = end === -1 ? text.length : end;
    shown += 1;
    fail(error.message, at, fixFor(error, text, at));
  }
}

function fixFor(error: YAMLParseError, text: string, at: number): string | undefined {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = text.indexOf('\n', at);
  const line = text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd);
  if (error.code === 'TAB_AS_INDENT' || /^ *\t/.test(line)) return 'Indent with spaces instead of tabs.';
  if (/:\s+\{[{%]/.test(line)) return 'Put text with {{ }} or {% %} in quotes.';
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY') return 'Put the text after the first colon in quotes.';
  if (error.code === 'BAD_SCALAR_START') return 'Put the text in quotes.';
  if (error.code === 'MISSING_CHAR') return 'Close the quote.';
  return error.code === 'BAD_INDENT' ? 'Check the indentation of this line and the lines above it.' : undefined;
}
