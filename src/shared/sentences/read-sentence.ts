/** Sentences of one language by those of English; places for values are `{1}` to `{9}`, in both. */
export type Sentences = Readonly<Record<string, string>>;

/** A sentence of English as what stands between its values, and the words for it. */
interface Pattern {
  readonly texts: readonly string[];
  /** The number of each place, in the order of English. */
  readonly places: readonly string[];
  /** Which of them stand in quotes in English: what stands there is a name, and no word of a language. */
  readonly isName: readonly boolean[];
  readonly words: string;
  /** How much of it is its own text: the more, the surer it is meant. */
  readonly size: number;
}

/** A value is worded too, but not without end. */
const DEEPEST = 4;
const PLACE = /\{(\d)\}/;
/** A beginning this long sorts sentences into heaps. */
const HEAD = 3;
const MOST_KEPT = 2000;
/** What the engine says in a row is short; a long text is somebody else's. */
const MOST_PIECES = 12;
const MOST_ITEMS = 100;

/**
 * Makes words of another language out of what the engine said in English. The engine's sentences are a closed list: `sentences` holds each
 * with the words for it, and `phrases` what stands in their places (`a whole number`, `a number from {1} on`) and nowhere else. A text is found by its own parts, and the values in
 * it are put into the words, worded themselves where they are sentences. What is not on the list comes from elsewhere — a service, a
 * script, an author — and stays as it is. A number with its thousands apart is written as `language` does, a choice of words (`red, green or
 * blue`) gets its own `or`.
 */
export function createWording(sentences: Sentences, phrases: Sentences, language: string): (text: string) => string {
  const ofSentences = heapsOf(Object.entries(sentences));
  const ofPhrases = heapsOf(Object.entries(phrases).filter(([english]) => PLACE.test(english)));
  const whole = (text: string, depth: number, heaps = ofSentences): string | null => {
    // What begins with a value is sorted under nothing.
    const found = bestOf(heaps.get(text.slice(0, HEAD)) ?? [], text) ?? bestOf(heaps.get('') ?? [], text);
    if (found === null) return null;
    const { pattern, values } = found;
    return pattern.words.replace(/\{(\d)\}/g, (place, number: string) => {
      const at = pattern.places.indexOf(number);
      const value = values[at];
      if (value === undefined) return place;
      return pattern.isName[at] === true ? value : wordsOfValue(value, depth + 1);
    });
  };
  const phrase = (value: string): string | undefined => (Object.hasOwn(phrases, value) ? phrases[value] : undefined);
  const wordsOfValue = (value: string, depth: number): string =>
    phrase(value) ??
    numberIn(value, language) ??
    choiceIn(value, phrase) ??
    (depth > DEEPEST ? value : (whole(value, depth, ofPhrases) ?? word(value, depth)));
  const word = (text: string, depth: number): string =>
    listed(text, (item) => whole(item, depth)) ??
    whole(text, depth) ??
    pieces(
      text,
      (piece) => whole(piece, depth),
      (rest) => word(rest, depth),
    ) ??
    text;
  const kept = new Map<string, string>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const words = word(text, 0);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(text, words);
    return words;
  };
}

type Heaps = ReadonlyMap<string, readonly Pattern[]>;

/** Patterns by how they begin; in a heap the surest first. */
function heapsOf(entries: readonly (readonly [string, string])[]): Heaps {
  const heaps = new Map<string, Pattern[]>();
  const all = entries.map(([english, words]) => patternOf(english, words));
  for (const pattern of all.toSorted((a, b) => b.size - a.size)) {
    const head = headOf(pattern);
    heaps.set(head, [...(heaps.get(head) ?? []), pattern]);
  }
  return heaps;
}

const numberIn = (value: string, language: string): string | null =>
  /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(value)
    ? new Intl.NumberFormat(language, { maximumFractionDigits: 20 }).format(Number(value.replaceAll(',', '')))
    : null;

/** `a, b or c`, of single words: they are what a file may say, and stay; the last of them stands behind a word of the language. */
function choiceIn(value: string, phrase: (value: string) => string | undefined): string | null {
  const [, before, between, last] = /^([^\s,]+(?:, [^\s,]+)*) (or|and) ([^\s,]+)$/.exec(value) ?? [];
  const word = between === undefined ? undefined : phrase(between);
  return word === undefined ? null : `${before} ${word} ${last}`;
}

function patternOf(english: string, words: string): Pattern {
  const parts = english.split(PLACE);
  const texts = parts.filter((_part, at) => at % 2 === 0);
  return {
    texts,
    places: parts.filter((_part, at) => at % 2 === 1),
    isName: texts.slice(0, -1).map((text) => /['"]$/.test(text)),
    words,
    size: texts.join('').length,
  };
}

const headOf = ({ texts: [first = '', ...more] }: Pattern): string =>
  first.length >= HEAD || (more.length === 0 && first !== '') ? first.slice(0, HEAD) : '';

function bestOf(
  patterns: readonly Pattern[],
  text: string,
): { readonly pattern: Pattern; readonly values: readonly string[] } | null {
  for (const pattern of patterns) {
    const values = valuesIn(pattern, text);
    if (values !== null) return { pattern, values };
  }
  return null;
}

/** What stands in the places of a sentence; null = it is another sentence. Linear: every part is looked for once, from the left. */
function valuesIn({ texts }: Pattern, text: string): readonly string[] | null {
  const first = texts[0] ?? '';
  const last = texts.at(-1) ?? '';
  if (texts.length === 1) return text === first ? [] : null;
  if (!text.startsWith(first) || !text.endsWith(last)) return null;
  const until = text.length - last.length;
  const values: string[] = [];
  let from = first.length;
  for (const part of texts.slice(1, -1)) {
    const at = part === '' ? from : text.indexOf(part, from);
    if (at === -1 || at + part.length > until) return null;
    values.push(text.slice(from, at));
    from = at + part.length;
  }
  return from > until ? null : [...values, text.slice(from, until)];
}

/** Several problems in one text, each with its line; else a list only where all of it is known. */
function listed(text: string, find: (item: string) => string | null): string | null {
  const items = text.split('; ', MOST_ITEMS + 1);
  if (items.length === 1 || items.length > MOST_ITEMS) return null;
  const words = items.map(find);
  const isOfLines = items.every((item) => /[( ]line \d+\)$/.test(item));
  if (!isOfLines && words.includes(null)) return null;
  return words.map((item, at) => item ?? items[at]).join('; ');
}

/** Several sentences one after the other, or one behind the place that it is about: what of them is known, and the rest as it is. */
function pieces(text: string, find: (piece: string) => string | null, rest: (text: string) => string): string | null {
  let tried = 0;
  for (let at = text.indexOf(' '); at !== -1 && tried < MOST_PIECES; at = text.indexOf(' ', at + 1)) {
    if (!/[.?!:]/.test(text.charAt(at - 1))) continue;
    tried += 1;
    const [piece, more] = [text.slice(0, at), text.slice(at + 1)];
    const words = find(piece) ?? withoutDot(piece, find);
    if (words !== null) return `${words} ${rest(more)}`;
    const behind = find(more) ?? withoutDot(more, find);
    if (behind !== null) return `${piece} ${behind}`;
  }
  return withoutDot(text, find);
}

/** A sentence that was written without its dot, and got one where it was put before another. */
function withoutDot(piece: string, find: (text: string) => string | null): string | null {
  if (!piece.endsWith('.')) return null;
  const words = find(piece.slice(0, -1));
  return words === null ? null : `${words}.`;
}
