import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blankComments, readSources, type SourceFile } from './source-files.ts';

const sources = [...readSources('src'), ...readSources('scripts'), ...readSources('tests')];
const product = readSources('src').filter((file) => !/\.test\.tsx?$/.test(file.path));

/** Here a locale may stand; everywhere else the language is that of the screens, of the menus, or nobody's. */
const LOCALES_OF_THEIR_OWN: readonly string[] = [
  // Dates of the screens: who reads English reads the day before the month.
  'src/renderer/ui/format.ts',
  // Numbers in the engine's sentences, which are English (docs/adr/0033).
  'src/shared/grouped.ts',
  // The command line speaks English.
  'src/cli/text/time-text.ts',
  // A clock of a zone that the program itself takes apart.
  'src/core/time/time-zone.ts',
  'src/core/workflow/expressions/values/zones.ts',
];

const MAX_LINES = 400;
/** Names that say nothing; a file is called after what it exports. */
const BANNED_NAMES = /(^|[-.])(utils?|helpers?|manager|common|misc)(?=[-.])/;
/** The renderer's texts in two languages are one file a feature, and some features are called so. */
const ALLOWED_NAMES: readonly string[] = [
  // `process helper` is a word of the design (DESIGN §3): the small process that starts children.
  'process-helper.ts',
  'process-helper.test.ts',
  'helper-protocol.ts',
  'helper-link.ts',
  'helper-records.ts',
  'helper-records.test.ts',
  'kill-helpers.ts',
];

/** `file:line: code` of every match outside comments. */
function find(files: readonly SourceFile[], pattern: RegExp): readonly string[] {
  return files.flatMap((file) =>
    file.code
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file.path}:${index + 1}: ${line.trim()}`] : [])),
  );
}

describe('source files', () => {
  it('are at most 400 lines long', () => {
    expect(
      sources
        .map((file) => [file.path, file.text.split('\n').length - 1] as const)
        .filter(([, lines]) => lines > MAX_LINES),
    ).toEqual([]);
  });

  it('have kebab-case names', () => {
    expect(
      sources
        .filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(basename(file.path)))
        .map((file) => file.path),
    ).toEqual([]);
  });

  it('have names that say something', () => {
    const isBanned = ({ path }: SourceFile): boolean =>
      BANNED_NAMES.test(basename(path)) && !ALLOWED_NAMES.includes(basename(path));
    expect(sources.filter(isBanned).map((file) => file.path)).toEqual([]);
  });

  it('make no code out of text', () => {
    // Its text is its own and constant; only there is a time limit for synchronous work to be had.
    const timed = 'src/core/json-schema/within-time.ts';
    const others = product.filter((file) => file.path !== timed);
    expect(find(others, /\beval\s*\(|\bnew\s+Function\b|['"](?:node:)?vm['"]/)).toEqual([]);
    expect(
      find(
        product.filter((file) => file.path === timed),
        /new Script\((?!'work\(\)'\))/,
      ),
    ).toEqual([]);
  });

  it('compare no paths by their beginning: `isInside` does', () => {
    // A name that speaks of a path, asked for a beginning that is neither a plain text nor a constant.
    const raw =
      /\b\w*(?:path|dir|root|folder|file|Path|Dir|Root|Folder|File)\.startsWith\((?!\s*['"`])(?!\s*[A-Z_]+\s*\))/;
    expect(find(product, raw)).toEqual([]);
  });

  it('name no locale, and write no date or number in the locale of the machine', () => {
    const others = product.filter(({ path }) => !LOCALES_OF_THEIR_OWN.includes(path));
    const named =
      /['"][a-z]{2}-[A-Z]{2}['"]|\btoLocale\w*\(\s*(\)|['"[]|undefined\b)|\bIntl\.(?!supportedValuesOf)\w+\(\s*(['"[]|undefined\b|\)(?!\.resolvedOptions))/;
    expect(find(others, named)).toEqual([]);
  });

  it('start no shell', () => {
    expect(find(product, /\bshell\s*:\s*true\b|\bexecSync\s*\(|\bchild_process['"]\)?.*\bexec\b(?!File)/)).toEqual([]);
  });

  it('read the clock of the machine in one place of core: everybody else is given a `Clock`', () => {
    const core = product.filter(({ path }) => path.startsWith('src/core/') && !path.startsWith('src/core/time/'));
    expect(find(core, /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\)|\b2_147_483_647\b|\b2 \*\* 31\b/)).toEqual([]);
  });

  it('say why, where a test is skipped on some systems', () => {
    const skipping = sources.filter((file) => /\.(skipIf|runIf)\(/.test(file.code) && /\.test\.tsx?$/.test(file.path));
    const silent = skipping.filter((file) => !/console\.(log|warn)\((['"`])skipped: /.test(file.text));
    expect(silent.map((file) => file.path)).toEqual([]);
  });

  it('silence no check of a type', () => {
    const silenced = (file: SourceFile): boolean => /@ts-(ignore|nocheck|expect-error)/.test(file.text);
    expect(product.filter(silenced).map((file) => file.path)).toEqual([]);
  });
});

describe('the scanner', () => {
  it('blanks comments and template texts, and leaves strings and line numbers', () => {
    const text =
      "const a = '// no'; // import 'x'\n/* import\n'y' */ const b = `import 'z' ${'kept'}`;\nconst c = /['\"`]/.test(a);";
    const code = blankComments(text);
    expect(code.split('\n')).toHaveLength(text.split('\n').length);
    expect(code).toContain("'// no'");
    expect(code).toContain("'kept'");
    for (const gone of ["'x'", "'y'", "'z'"]) expect(code).not.toContain(gone);
    expect(code).toContain('.test(a)');
  });
});
