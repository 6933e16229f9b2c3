import { AppError } from '../../shared/errors.ts';

/** An element of an XML text. `text` is what stands directly in it, trimmed. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  /** 1-based line of its opening tag. */
  readonly line: number;
}

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  readonly line: number;
  text: string;
}

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<!DOCTYPE[^[>]*>|<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/gy;
const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const MAX_DEPTH = 100;

/**
 * Reads the XML of property lists and tasks: elements, attributes, texts and CDATA. Entities of its own and what is not well-formed are
 * refused. Error: `conversion.unreadable`.
 */
export function readXml(text: string): XmlElement {
  const root: Open = { name: '', attributes: {}, children: [], line: 1, text: '' };
  const open: Open[] = [root];
  let line = 1;
  TOKEN.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    const match = TOKEN.exec(text);
    const top = open.at(-1);
    if (match === null || top === undefined) throw unreadable(line);
    take(match, top, open, line);
    if (open.length > MAX_DEPTH) throw unreadable(line);
    line += match[0].split('\n').length - 1;
    at = TOKEN.lastIndex;
  }
  const [element, ...others] = root.children;
  if (open.length !== 1 || element === undefined || others.length > 0 || root.text.trim() !== '')
    throw unreadable(line);
  return element;
}

function take(match: RegExpExecArray, top: Open, open: Open[], line: number): void {
  const [whole, cdata, slash, tag, attributes = '', closed] = match;
  if (cdata !== undefined) top.text += cdata;
  else if (tag === undefined) {
    if (!whole.startsWith('<')) top.text += decode(whole, line);
  } else if (slash === '/') {
    const parent = open.at(-2);
    if (parent === undefined || top.name !== localName(tag)) throw unreadable(line);
    open.pop();
    parent.children.push({ ...top, text: top.text.trim() });
  } else {
    const made = { name: localName(tag), attributes: readAttributes(attributes, line), children: [], line, text: '' };
    if (closed === '/') top.children.push(made);
    else open.push(made);
  }
}

const localName = (tag: string): string => tag.split(':').at(-1) ?? tag;

const readAttributes = (text: string, line: number): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name = '', one, other]) => [name, decode(one ?? other ?? '', line)]),
  );

function decode(text: string, line: number): string {
  return text.replace(/&(#x[\da-fA-F]{1,6}|#\d{1,7}|\w+);/g, (_, name: string) => {
    const known = ENTITIES[name];
    if (known !== undefined) return known;
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    if (!name.startsWith('#') || code > 0x10ffff) throw unreadable(line);
    return String.fromCodePoint(code);
  });
}

const unreadable = (line: number): AppError =>
  new AppError('conversion.unreadable', `This is no XML that can be read, from line ${line} on.`, {
    hint: 'Export it again from the program that it comes from.',
  });

/** The first child of that name. */
export const child = (of: XmlElement | undefined, name: string): XmlElement | undefined =>
  of?.children.find((one) => one.name === name);

/** What stands in the first child of that name; '' where there is none. */
export const childText = (of: XmlElement | undefined, name: string): string => child(of, name)?.text ?? '';
