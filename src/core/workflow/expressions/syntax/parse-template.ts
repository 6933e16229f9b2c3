import { AppError } from '../../../../shared/errors.ts';
import { suggestName } from '../../../../shared/suggest-name.ts';
import { limitFailure, syntaxFailure } from '../runtime/failures.ts';
import { DEFAULT_LIMITS } from '../runtime/limits.ts';
import type { Expr, IfBranch, Node } from './ast.ts';
import { RAW_FIX, withRawFix } from './foreign-braces.ts';
import type { Token } from './lexer.ts';
import { parseExpression, parseTuple, startParse } from './parse-expression.ts';
import { parseFilterChain } from './parse-operand.ts';
import { expectEnd, type ParseState, take, takeOperator } from './parse-state.ts';
import { parseForHead, parseSetHead, parseWithHead } from './parse-statement-heads.ts';
import { type Segment, scanTemplate } from './scanner.ts';

/** A parsed template; with problems the tree is only good for a look at its names. */
export interface ParsedTemplate {
  readonly nodes: readonly Node[];
  readonly problems: readonly AppError[];
  readonly hasTags: boolean;
}

interface TemplateParser {
  readonly segments: readonly Segment[];
  readonly problems: AppError[];
  position: number;
  depth: number;
}

interface Tag {
  readonly word: string;
  readonly state: ParseState;
  readonly start: number;
}

const MAX_PROBLEMS = 50;
const STATEMENTS = ['if', 'for', 'set', 'with', 'filter', 'raw'];
const ENDINGS = ['elif', 'else', 'endif', 'endfor', 'endset', 'endwith', 'endfilter', 'endraw'];
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['macro', "Macros do not exist here; write the text out or use a 'for' loop."],
  ['call', 'Macros do not exist here; write the text out.'],
  ['include', 'Templates cannot include files; use an input or a step output.'],
  ['import', 'Templates cannot import files.'],
  ['from', 'Templates cannot import files.'],
  ['extends', 'Templates cannot extend others.'],
  ['block', 'Templates cannot extend others, so blocks do not exist.'],
]);
const PLACEHOLDER: Expr = { kind: 'literal', value: null, start: 0, end: 0 };
const SINGLE = /\{([A-Za-z_]\w*(?:\.\w+)*)\}/g;

/** Parses a template source. Never throws for content: errors are in `problems`, each with its offset. */
export function parseTemplate(source: string): ParsedTemplate {
  if (source.length > DEFAULT_LIMITS.sourceLength) {
    return { nodes: [], problems: [limitFailure('A template may hold 256 KiB at most.')], hasTags: false };
  }
  const { segments, problems, hasTags } = scanTemplate(source);
  const parser: TemplateParser = { segments, problems: problems.slice(0, MAX_PROBLEMS), position: 0, depth: 0 };
  const nodes: Node[] = [];
  while (parser.position < segments.length) {
    nodes.push(...parseBody(parser, []).nodes);
    const stray = parser.segments[parser.position];
    if (stray !== undefined) parser.position += 1;
  }
  return { nodes, problems: parser.problems.map((problem) => withRawFix(problem, source)), hasTags };
}

/** Runs a parser; an error is noted and `fallback` stands in. */
function guarded<T>(parser: TemplateParser, fallback: T, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    if (parser.problems.length < MAX_PROBLEMS) parser.problems.push(cause);
    return fallback;
  }
}

function textNodes(segment: Extract<Segment, { kind: 'text' }>): Node[] {
  if (segment.isRaw || !segment.text.includes('{')) return [{ kind: 'text', text: segment.text }];
  const nodes: Node[] = [];
  let from = 0;
  for (const found of segment.text.matchAll(SINGLE)) {
    if (found.index > from) nodes.push({ kind: 'text', text: segment.text.slice(from, found.index) });
    nodes.push({
      kind: 'single',
      path: (found[1] ?? '').split('.'),
      raw: found[0],
      start: segment.start + found.index,
    });
    from = found.index + found[0].length;
  }
  if (from < segment.text.length) nodes.push({ kind: 'text', text: segment.text.slice(from) });
  return nodes;
}

/** Parses up to a statement whose word is in `endings`, which is taken, or to the end. */
function parseBody(
  parser: TemplateParser,
  endings: readonly string[],
): { readonly nodes: Node[]; readonly ending: Tag | undefined } {
  const nodes: Node[] = [];
  for (
    let segment = parser.segments[parser.position];
    segment !== undefined;
    segment = parser.segments[parser.position]
  ) {
    parser.position += 1;
    if (segment.kind === 'text') nodes.push(...textNodes(segment));
    else if (segment.kind === 'output') {
      const { tokens } = segment;
      const node = guarded(parser, undefined, () => parseOutput(tokens));
      if (node !== undefined) nodes.push(node);
    } else {
      const state = startParse(segment.tokens);
      const tag: Tag = { word: take(state).text, state, start: segment.start };
      if (endings.includes(tag.word)) return { nodes, ending: tag };
      nodes.push(...guarded(parser, [], () => parseStatement(parser, tag)));
    }
  }
  return { nodes, ending: undefined };
}

function parseOutput(tokens: readonly Token[]): Node {
  const state = startParse(tokens);
  const value = parseTuple(state);
  expectEnd(state);
  return { kind: 'output', value };
}

function parseStatement(parser: TemplateParser, tag: Tag): Node[] {
  parser.depth += 1;
  if (parser.depth > DEFAULT_LIMITS.depth) {
    parser.position = parser.segments.length;
    throw limitFailure(`Statements may be nested ${DEFAULT_LIMITS.depth} levels deep at most.`, tag.start);
  }
  const nodes = parseKnown(parser, tag);
  parser.depth -= 1;
  return nodes;
}

function parseKnown(parser: TemplateParser, tag: Tag): Node[] {
  switch (tag.word) {
    case 'if':
      return [parseIf(parser, tag)];
    case 'for':
      return [parseFor(parser, tag)];
    case 'set':
      return [parseSet(parser, tag)];
    case 'with':
      return [parseWith(parser, tag)];
    case 'filter':
      return [parseFilterBlock(parser, tag)];
    default:
      if (parser.problems.length < MAX_PROBLEMS) parser.problems.push(strayStatement(tag));
      return [];
  }
}

function strayStatement({ word, start }: Tag): AppError {
  const place = start;
  if (ENDINGS.includes(word))
    return syntaxFailure(`'${word}' has no opening statement.`, place, {
      hint: `Remove it, or open it before. ${RAW_FIX}`,
    });
  const opened = word.replace(/^end/, '');
  const refusal = REFUSED.get(opened);
  if (refusal !== undefined) return syntaxFailure(`The statement '${word}' is refused.`, place, { hint: refusal });
  const fix = suggestName(word, [...STATEMENTS, ...ENDINGS]);
  if (word === '') return syntaxFailure('The statement is empty.', place, { hint: RAW_FIX });
  return syntaxFailure(`Unknown statement '${word}'.`, place, fix === undefined ? { hint: RAW_FIX } : { fix });
}

/** Reads the head of a statement to its end; an error is noted, the body is still read. */
function head<T>(parser: TemplateParser, tag: Tag, fallback: T, parse: (state: ParseState) => T): T {
  return guarded(parser, fallback, () => {
    const value = parse(tag.state);
    expectEnd(tag.state);
    return value;
  });
}

/** Reads a body and its closing statement. */
function block(
  parser: TemplateParser,
  opening: Tag,
  endings: readonly string[],
): { readonly nodes: Node[]; readonly ending: Tag | undefined } {
  const body = parseBody(parser, endings);
  const { ending } = body;
  if (ending === undefined) {
    parser.problems.push(
      syntaxFailure(`'${opening.word}' is not closed with '${endings.at(-1)}'.`, opening.start, {
        hint: `Write {% ${endings.at(-1)} %} where it ends.`,
      }),
    );
  } else if (ending.word !== 'elif') head(parser, ending, undefined, () => undefined);
  return body;
}

function parseIf(parser: TemplateParser, opening: Tag): Node {
  const branches: IfBranch[] = [];
  let otherwise: Node[] = [];
  let tag: Tag | undefined = opening;
  while (tag !== undefined && tag.word !== 'endif') {
    if (tag.word === 'else') {
      otherwise = block(parser, opening, ['endif']).nodes;
      break;
    }
    const test: Expr = head(parser, tag, PLACEHOLDER, parseExpression);
    const body = block(parser, opening, ['elif', 'else', 'endif']);
    branches.push({ test, body: body.nodes });
    tag = body.ending;
  }
  return { kind: 'if', branches, otherwise };
}

function parseFor(parser: TemplateParser, tag: Tag): Node {
  const fallback = { names: [], source: PLACEHOLDER, condition: undefined };
  const parts = head(parser, tag, fallback, parseForHead);
  const body = block(parser, tag, ['else', 'endfor']);
  const otherwise = body.ending?.word === 'else' ? block(parser, tag, ['endfor']).nodes : [];
  return { kind: 'for', ...parts, body: body.nodes, otherwise };
}

function parseSet(parser: TemplateParser, tag: Tag): Node {
  const target = guarded(parser, { kind: 'names', names: [] } as const, () => parseSetHead(tag.state));
  if (takeOperator(tag.state, '=')) return { kind: 'set', target, value: head(parser, tag, PLACEHOLDER, parseTuple) };
  const chain = head(parser, tag, undefined, (state) =>
    takeOperator(state, '|') ? parseFilterChain(state) : undefined,
  );
  return { kind: 'set-block', target, filter: chain, body: block(parser, tag, ['endset']).nodes };
}

function parseWith(parser: TemplateParser, tag: Tag): Node {
  const bindings = head(parser, tag, [], parseWithHead);
  return { kind: 'with', bindings, body: block(parser, tag, ['endwith']).nodes };
}

function parseFilterBlock(parser: TemplateParser, tag: Tag): Node {
  const chain = head(parser, tag, undefined, parseFilterChain);
  const body = block(parser, tag, ['endfilter']).nodes;
  if (chain !== undefined) return { kind: 'filter-block', filter: chain, body };
  return { kind: 'with', bindings: [], body };
}
