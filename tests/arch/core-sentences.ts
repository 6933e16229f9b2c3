import { parseAst } from 'vite';
import type { SourceFile } from './source-files.ts';

/** A node of the tree of a program, as far as it is looked at here. */
interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly operator?: string;
  readonly left?: Node;
  readonly right?: Node;
  readonly consequent?: Node;
  readonly alternate?: Node;
  readonly expression?: Node;
  readonly expressions?: readonly Node[];
  readonly quasis?: readonly { readonly value: { readonly cooked: string } }[];
  readonly callee?: { readonly name?: string };
}

/** A template with a choice in it is one sentence for each of its words; more than these nobody writes. */
const MOST_FORMS = 40;
/** A place for a value whose words are not in the text. */
const VALUE = '\0';

/** Every sentence in a source file, once, with `{1}` to `{9}` for the values in it. */
export function sentencesOf({ text, path }: SourceFile): readonly string[] {
  const found = new Set<string>();
  const open: unknown[] = [parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' }).body];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== 'object' || node === null || isLeftAlone(node as Node)) continue;
    const sentences = isText(node as Node) ? formsOf(node as Node).filter(isSentence) : [];
    for (const sentence of sentences) found.add(numbered(sentence));
    if (sentences.length === 0) open.push(...Object.values(node));
  }
  return [...found];
}

const isLeftAlone = ({ type, callee }: Node): boolean =>
  type === 'ImportDeclaration' || (type === 'NewExpression' && callee?.name === 'RegExp');

const isText = ({ type, value, operator }: Node): boolean =>
  (type === 'Literal' && typeof value === 'string') ||
  type === 'TemplateLiteral' ||
  type === 'ConditionalExpression' ||
  (type === 'BinaryExpression' && operator === '+');

/** What an expression can be, as far as its words stand there. */
function formsOf(node: Node | undefined): readonly string[] {
  switch (node?.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : [VALUE];
    case 'ParenthesizedExpression':
      return formsOf(node.expression);
    case 'ConditionalExpression':
      return [...formsOf(node.consequent), ...formsOf(node.alternate)];
    case 'LogicalExpression':
      return node.operator === '&&' ? [VALUE] : [...new Set([...formsOf(node.left), ...formsOf(node.right)])];
    case 'BinaryExpression':
      return node.operator === '+' ? joined(formsOf(node.left), formsOf(node.right)) : [VALUE];
    case 'TemplateLiteral':
      return (node.quasis ?? []).reduce<readonly string[]>(
        (forms, quasi, at) => {
          const value = node.expressions?.[at];
          const written = joined(forms, [quasi.value.cooked]);
          return value === undefined ? written : joined(written, formsOf(value));
        },
        [''],
      );
    default:
      return [VALUE];
  }
}

const joined = (left: readonly string[], right: readonly string[]): readonly string[] =>
  left.flatMap((first) => right.map((second) => first + second)).slice(0, MOST_FORMS);

/** Begins like one, has a few words, and is neither of a database nor a block of text. */
const isSentence = (text: string): boolean =>
  /^[A-Z'{\0‘“]/.test(text) &&
  !/[\n<]/.test(text) &&
  // Names of things have every word in capitals.
  /(^|[\s(\0])[a-z]{2,}/.test(text) &&
  !/\b(SELECT|INSERT|CREATE|UPDATE|DELETE|ALTER|PRAGMA|TABLE|LIMIT|CASE WHEN)\b/.test(text) &&
  (/[.?!…]$/.test(text)
    ? /[a-z]{2,} [a-z'(\0]|[a-z]+ '/.test(text)
    : (text.match(/[a-z]{2,}/g) ?? []).length >= 2 && text.includes(' '));

function numbered(sentence: string): string {
  let count = 0;
  return sentence.replaceAll(VALUE, () => {
    count += 1;
    return `{${count}}`;
  });
}
