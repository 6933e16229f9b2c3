import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { REPOSITORY_DIR } from '../support/paths.ts';

/** One `import`, `export … from` or `import()` of a file. */
export interface Import {
  /** As written: `./x.ts`, `node:fs`, `zod`. */
  readonly specifier: string;
  /** Repository path of the imported file, `/` separated; null for a package or a builtin. */
  readonly file: string | null;
  readonly isTypeOnly: boolean;
  readonly line: number;
}

export interface SourceFile {
  /** Repository path, `/` separated. */
  readonly path: string;
  readonly text: string;
  /** The text with comments and the content of template literals blanked; lines stay where they are. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** Every TypeScript and JavaScript file below a folder of the repository. */
export function readSources(folder: string): readonly SourceFile[] {
  return listFiles(join(REPOSITORY_DIR, folder))
    .filter((path) => /\.(ts|tsx|mts|cts|js|mjs|jsx)$/.test(path))
    .map((path) => {
      const text = readFileSync(path, 'utf8');
      const code = blankComments(text);
      const shown = relative(REPOSITORY_DIR, path).split(sep).join('/');
      return { path: shown, text, code, imports: findImports(shown, code) };
    });
}

function listFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return (
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      // What a tool made (`tests/bench/.build`) is no source.
      .filter(
        (path) =>
          !relative(folder, path)
            .split(sep)
            .some((part) => part[0] === '.' || part === 'node_modules'),
      )
      .sort()
  );
}

const STATEMENT = /(?:^|[;}\n])\s*(?:import|export)\s+(type\s+)?(?:[\w$*{}\s,]+?\s+from\s+)?(['"])([^'"\n]+)\2/g;
const DYNAMIC = /\b(?:import|require)\s*\(\s*(['"])([^'"\n]+)\1/g;

function findImports(path: string, code: string): readonly Import[] {
  const lineAt = (offset: number): number => code.slice(0, offset).split('\n').length;
  const make = (specifier: string, isTypeOnly: boolean, offset: number): Import => ({
    specifier,
    isTypeOnly,
    line: lineAt(offset),
    file: specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), specifier)) : null,
  });
  const found: Import[] = [];
  for (const match of code.matchAll(STATEMENT))
    found.push(make(match[3] ?? '', match[1] !== undefined, match.index + match[0].length - 1));
  for (const match of code.matchAll(DYNAMIC)) found.push(make(match[2] ?? '', false, match.index));
  return found;
}

/**
 * Blanks comments and the text of template literals (what stands in `${}` stays). A scanner, not a parser: it knows strings,
 * comments, templates and, where a value cannot end, regular expressions.
 */
export function blankComments(text: string): string {
  const scan = new Scan(text);
  while (!scan.isDone) scan.step();
  return scan.out;
}

const BEFORE_REGEX = /(?:^|[=(,:[!&|?{};+\-*%<>~^]|=>|\b(?:return|typeof|case|in|of|do|else|yield|await|void))\s*$/;

class Scan {
  out = '';
  private readonly text: string;
  private at = 0;
  /** Depth of braces within each open `${`. */
  private readonly templates: number[] = [];

  constructor(text: string) {
    this.text = text;
  }

  get isDone(): boolean {
    return this.at >= this.text.length;
  }

  step(): void {
    const { text, at } = this;
    const two = text.slice(at, at + 2);
    const one = text[at] ?? '';
    if (two === '//') this.blankUntil('\n');
    else if (two === '/*') this.blankUntil('*/', 2);
    else if (one === "'" || one === '"') this.keepString(one);
    else if (one === '`') this.enterTemplate();
    else if (one === '/' && BEFORE_REGEX.test(this.out.slice(-40))) this.keepRegex();
    else this.keepBrace(one);
  }

  private keepBrace(one: string): void {
    const depth = this.templates.at(-1);
    this.out += one;
    this.at += 1;
    if (depth === undefined) return;
    if (one === '{') this.templates[this.templates.length - 1] = depth + 1;
    if (one === '}') this.closeBrace(depth);
  }

  private closeBrace(depth: number): void {
    if (depth > 0) {
      this.templates[this.templates.length - 1] = depth - 1;
      return;
    }
    this.templates.pop();
    this.blankTemplate();
  }

  private enterTemplate(): void {
    this.out += '`';
    this.at += 1;
    this.blankTemplate();
  }

  private blankTemplate(): void {
    while (!this.isDone) {
      const one = this.text[this.at] ?? '';
      if (one === '`') {
        this.out += one;
        this.at += 1;
        return;
      }
      if (one === '$' && this.text[this.at + 1] === '{') {
        this.out += '${';
        this.at += 2;
        this.templates.push(0);
        return;
      }
      this.blank(one === '\\' ? 2 : 1);
    }
  }

  private keepString(quote: string): void {
    const start = this.at;
    this.at += 1;
    while (!this.isDone && this.text[this.at] !== quote && this.text[this.at] !== '\n')
      this.at += this.text[this.at] === '\\' ? 2 : 1;
    this.at += 1;
    this.out += this.text.slice(start, this.at);
  }

  private keepRegex(): void {
    const start = this.at;
    let isInClass = false;
    this.at += 1;
    for (; !this.isDone && this.text[this.at] !== '\n'; this.at += 1) {
      const one = this.text[this.at];
      if (one === '\\') this.at += 1;
      else if (one === '[') isInClass = true;
      else if (one === ']') isInClass = false;
      else if (one === '/' && !isInClass) break;
    }
    this.at += 1;
    // Blanked: a quote in a pattern is no string.
    this.out += this.text.slice(start, this.at).replace(/[^\n]/g, ' ');
  }

  private blankUntil(end: string, length = 0): void {
    const found = this.text.indexOf(end, this.at + length);
    this.blank((found < 0 ? this.text.length : found + length) - this.at);
  }

  private blank(count: number): void {
    this.out += this.text.slice(this.at, this.at + count).replace(/[^\n]/g, ' ');
    this.at += count;
  }
}

/** The package of a specifier: `@scope/name` or `name`, without the path inside it; null for a builtin of Node. */
export function packageOf(specifier: string): string | null {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return null;
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? null);
}

export const folderOf = (path: string): string => dirname(path);
