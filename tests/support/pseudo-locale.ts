import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { GERMAN } from '../../src/shared/sentences/german/index.ts';
import { REPOSITORY_DIR } from './paths.ts';

/** Words of a namespace: texts, and words in words. */
interface Words {
  readonly [key: string]: string | Words;
}

/** Stands on a letter. */
const MARK = '\u0301';

/** Every letter of a text but those of its places (`{{count}}`, `{1}`) with a mark that English does not have. */
export const pseudo = (text: string): string =>
  text.replaceAll(/\{\{[^}]*\}\}|\{\d\}|[A-Za-z]/g, (found) => (found.length === 1 ? `${found}${MARK}` : found));

const pseudoWords = (words: Words): Words =>
  Object.fromEntries(
    Object.entries(words).map(([key, said]) => [key, typeof said === 'string' ? pseudo(said) : pseudoWords(said)]),
  );

/** Words of the screens as English has them, and the engine's sentences, all of them marked. */
async function pseudoLanguage(): Promise<Words> {
  const folder = join(REPOSITORY_DIR, 'src', 'renderer', 'i18n', 'en');
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -3));
  const screens = await Promise.all(
    names.map(async (name) => [name, ((await import(join(folder, `${name}.ts`))) as { default: Words }).default]),
  );
  const ofEngine = (table: Readonly<Record<string, string>>): Words =>
    Object.fromEntries(Object.keys(table).map((english) => [english, pseudo(english)]));
  return {
    ...pseudoWords(Object.fromEntries(screens) as Words),
    sentences: ofEngine(GERMAN.sentences),
    phrases: ofEngine(GERMAN.phrases),
  };
}

/** The page speaks a language whose every word is marked: where the app fetches German it gets that one. Reloads the page. */
export async function speakPseudo(page: Page): Promise<void> {
  const words = JSON.stringify(await pseudoLanguage());
  let isFetched = false;
  await page.route(/\/assets\/german-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const [, exported] = /export\s*\{[^}]*?(\w+)\s*\};?\s*$/.exec(await response.text()) ?? [];
    if (exported === undefined) throw new Error('the words of German are not where they were');
    isFetched = true;
    await route.fulfill({ response, body: `const words = ${words}; export { words as ${exported} };` });
  });
  await page.evaluate(() => localStorage.setItem('aiworkflow.preferences', JSON.stringify({ language: 'de' })));
  await page.reload();
  await page.locator('h1').first().waitFor();
  if (!isFetched) throw new Error('the words of German were not fetched');
}

/** A text of a page, and where it stands. */
export interface FoundText {
  readonly text: string;
  readonly at: string;
}

/** What a machine reads, or wrote: texts of files, initials of names, quotes of what was found, operations and objects as the audit records them. */
const NO_WORDS =
  'script, style, pre, code, .cm-content, .prose, .log-box, .result-values dt, .avatar, .found .mono, .c-on, .c-what .mono';

/** Every text that is seen or read out: text nodes, names, titles, placeholders. */
export const textsOf = (page: Page): Promise<readonly FoundText[]> =>
  page.evaluate((noWords) => {
    const place = (element: Element | null): string => {
      const own = element?.tagName.toLowerCase() ?? '';
      const named = element?.closest('[class]')?.getAttribute('class') ?? '';
      return `${own} .${named}`.slice(0, 60);
    };
    const found: { text: string; at: string }[] = [{ text: document.title, at: 'title of the page' }];
    for (const element of document.body.querySelectorAll('*')) {
      if (element.closest(noWords) !== null || !element.checkVisibility({ visibilityProperty: true })) continue;
      for (const name of ['aria-label', 'aria-description', 'aria-valuetext', 'title', 'placeholder', 'alt']) {
        const text = element.getAttribute(name);
        if (text !== null) found.push({ text, at: `${name} of ${place(element)}` });
      }
      for (const node of element.childNodes)
        if (node.nodeType === Node.TEXT_NODE) found.push({ text: node.nodeValue ?? '', at: place(element) });
    }
    return found;
  }, NO_WORDS);

/** A word of plain letters, as English has them; a name with digits, dots or lines in it is none. */
const WORD = /^[A-Za-z]{2,}(?:['’-][A-Za-z]+)*$/;
/** Paths, patterns, variables, JSON; and one word in quotes, which is a name. */
const NAME = /^[*/.@#${[<=-]|^(['"“„‘]).*['"”“’][,.;:)]?$/;
/** A cut hash can be of letters alone. */
const isHash = (token: string, text: string): boolean =>
  /^[a-f]{4,}$/.test(token) && (token.length >= 7 || token === text.trim());
const ENDS = /[,;:·.!?)”“]$/;
const bare = (token: string): string => token.replaceAll(/^[^\p{L}\p{N}_]+|[^\p{L}\p{N}_]+$/gu, '');
const tokensOf = (text: string): readonly string[] => text.split(/\s+/).filter((token) => token !== '');

/** Words of plain letters that stand in a row, with no comma or the like between them. */
export function plainRuns(text: string): readonly string[] {
  const runs: string[][] = [[]];
  for (const token of tokensOf(text)) {
    const isWord = WORD.test(bare(token)) && !NAME.test(token) && !isHash(token, text);
    if (isWord) runs.at(-1)?.push(bare(token));
    if (!isWord || ENDS.test(token)) runs.push([]);
  }
  return runs.filter((run) => run.length > 0).map((run) => run.join(' '));
}

/** What the test has planted: files of its project, names it gave. Keys of YAML are no words that anybody wrote. */
export class Planted {
  #text = ' ';

  add(...texts: readonly string[]): void {
    for (const text of texts) {
      const words = tokensOf(text.replaceAll(/(^[ \t-]*|[{,]\s*)["']?[\w-]+["']?:(?=\s|$)/gm, '$1 ')).map(bare);
      this.#text += `${words.filter((word) => word !== '').join(' ')} | `;
    }
  }

  /** Every text file below a folder, but what the app keeps there itself. */
  addFolder(folder: string): void {
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || path.includes('/state/')) continue;
      this.add(entry.name.split('.')[0] ?? '', readFileSync(path, 'utf8'));
    }
  }

  /** Every text in answers that stand in place of the engine's. */
  addTexts(value: unknown): void {
    if (typeof value === 'string') this.add(value);
    else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) this.addTexts(one);
  }

  has(run: string): boolean {
    return this.#text.includes(` ${run} `);
  }
}

/** What the formats of dates, numbers and amounts write in the language that German is in the page. */
export function wordsOfFormats(): readonly string[] {
  const days = Array.from({ length: 12 }, (_, month) => new Date(2026, month, 5));
  const week = Array.from({ length: 7 }, (_, day) => new Date(2026, 5, 1 + day));
  const words = (of: readonly Date[], part: 'month' | 'weekday'): readonly string[] =>
    (['short', 'long'] as const).flatMap((style) =>
      of.map((day) => new Intl.DateTimeFormat('de', { [part]: style }).format(day)),
    );
  return [
    ...words(days, 'month'),
    ...words(week, 'weekday'),
    'UTC',
    'Uhr',
    'ms',
    'min',
    'kB',
    'KB',
    'MB',
    'GB',
    'Mio.',
    'Mrd.',
  ];
}
