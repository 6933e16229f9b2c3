import { mask, SECRET_PATTERNS } from './secret-patterns.mjs';
import { addedLines } from './unified-diff.mjs';

const CODE = /\.(?:[cm]?[jt]sx?|py|rb|go|java|kt|cs|php|rs)$/i;
const TEST = /(?:^|\/)(?:tests?|spec|__tests__)\/|[._-](?:test|spec)\.[^/]+$|(?:^|\/)test_[^/]+$/i;

export const isTest = (path) => TEST.test(path);
export const isCode = (path) => CODE.test(path);

const SQL = /\b(?:SELECT\b.+\bFROM|INSERT\s+INTO|UPDATE\b.+\bSET|DELETE\s+FROM)\b/i;
/** A value goes into the text of a statement: `${x}` in a template, or `+ x` behind a string. */
const JOINED = /\$\{|["'`]\s*\+|\+\s*["'`]|["'`]\s*%\s*[\w(]|\.format\(|\bf["']/;

/** Rules that look at one added line. `test` gets the text; where it says more than yes, that stands in the message. */
const LINE_RULES = [
  {
    id: 'sql-concatenation',
    area: 'security',
    severity: 'high',
    applies: isCode,
    test: (text) => SQL.test(text) && JOINED.test(text),
    message: 'A value is put into an SQL text. Pass it as a parameter.',
  },
  {
    id: 'eval',
    area: 'security',
    severity: 'high',
    applies: isCode,
    test: (text) => /(?<![\w.])(?:eval|exec)\s*\(\s*[^)'"`\s]|new Function\s*\(/.test(text),
    message: 'Text is run as code.',
  },
  {
    id: 'shell-command',
    area: 'security',
    severity: 'high',
    applies: isCode,
    test: (text) => /\b(?:exec|execSync|system|popen)\s*\(\s*(?:`[^`]*\$\{|["'][^"']*["']\s*\+)/.test(text),
    message: 'A value is put into a shell command. Pass arguments as a list.',
  },
  {
    id: 'tls-off',
    area: 'security',
    severity: 'high',
    applies: () => true,
    test: (text) => /rejectUnauthorized\s*:\s*false|verify\s*=\s*False|InsecureSkipVerify\s*:\s*true/.test(text),
    message: 'Certificates are not checked: anybody in between can read and change what is sent.',
  },
  {
    id: 'focused-test',
    area: 'tests',
    severity: 'high',
    applies: isTest,
    test: (text) => /\b(?:it|test|describe|context)\.only\s*\(|\bf(?:it|describe)\s*\(/.test(text),
    message: 'Only this test runs: all others are skipped without a word.',
  },
  {
    id: 'skipped-test',
    area: 'tests',
    severity: 'low',
    applies: isTest,
    test: (text) => /\b(?:it|test|describe|context)\.(?:skip|todo)\s*\(|@(?:unittest|pytest\.mark)\.skip/.test(text),
    message: 'A test is switched off.',
  },
  {
    id: 'console-log',
    area: 'maintainability',
    severity: 'low',
    applies: (path) => isCode(path) && !isTest(path),
    test: (text) => /\bconsole\.(?:log|debug|dir)\s*\(|^\s*print\s*\(|\bdebugger\b/.test(text),
    message: 'Left over from debugging.',
  },
  {
    id: 'todo',
    area: 'maintainability',
    severity: 'low',
    applies: isCode,
    test: (text) => /(?:\/\/|#|\/\*|\*).*\b(?:TODO|FIXME|XXX|HACK)\b/.test(text),
    message: 'Something is left to do. Is there an issue for it?',
  },
];

/** Findings of one area in the changed files; `options.max_function_lines` is the length from which a function is long. */
export function scanArea(area, files, options) {
  const present = files.filter((file) => file.status !== 'deleted' && !file.binary);
  const found = present.flatMap((file) => scanLines(area, file));
  if (area === 'security') found.push(...present.flatMap(secretsIn));
  if (area === 'tests') found.push(...missingTests(present));
  if (area === 'maintainability') {
    found.push(...present.filter((file) => isCode(file.path)).flatMap(emptyCatches));
    found.push(...present.filter((file) => isCode(file.path)).flatMap((file) => longFunctions(file, options)));
  }
  return found.sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : one.line - other.line));
}

function scanLines(area, file) {
  const rules = LINE_RULES.filter((rule) => rule.area === area && rule.applies(file.path));
  return addedLines(file).flatMap(({ line, text }) =>
    rules.filter((rule) => rule.test(text)).map((rule) => finding(rule, file.path, { line, text })),
  );
}

function finding({ id, area, severity, message }, path, { line, text }) {
  return { rule: id, area, severity, path, line, message, excerpt: maskSecrets(text.trim()).slice(0, 160) };
}

function secretsIn(file) {
  const rule = { id: 'secret', area: 'security', severity: 'critical' };
  return addedLines(file).flatMap((line) =>
    SECRET_PATTERNS.filter(({ pattern }) => line.text.search(pattern) !== -1).map(({ title }) =>
      finding(
        { ...rule, message: `${title}: everybody who reads the change knows it now. Take it out and replace it.` },
        file.path,
        line,
      ),
    ),
  );
}

/** A text without what looks like a secret in it: what is read by others, agents too, must not hold one. */
export function maskSecrets(text) {
  return SECRET_PATTERNS.reduce(
    (masked, { pattern, group = 0 }) =>
      masked.replace(pattern, (...match) => match[0].replace(match[group], mask(match[group]))),
    text,
  );
}

/** Source files that gained exported code while no test of that name was touched. */
function missingTests(files) {
  const tests = files.filter((file) => isTest(file.path)).map((file) => stemOf(file.path));
  return files.flatMap((file) => {
    if (!isCode(file.path) || isTest(file.path) || tests.includes(stemOf(file.path))) return [];
    const first = addedLines(file).find(({ text }) =>
      /^\s*(?:export\s|def\s|func\s|public\s|module\.exports)/.test(text),
    );
    if (first === undefined || !/\(|=>/.test(first.text)) return [];
    const rule = { id: 'missing-test', area: 'tests', severity: 'medium' };
    return [
      finding({ ...rule, message: 'New code, and no test of this file is part of the change.' }, file.path, first),
    ];
  });
}

const stemOf = (path) =>
  path
    .split('/')
    .at(-1)
    .replace(/\.[^.]+$/, '')
    .replace(/[._-](?:test|spec)$|^test_/i, '');

function emptyCatches(file) {
  const lines = file.hunks.flatMap((hunk) => hunk.lines).filter((line) => line.kind !== 'removed');
  return lines.flatMap((line, index) => {
    const opens = /\bcatch\b[^{]*\{\s*(\})?\s*$|^\s*except\b[^:]*:\s*(pass)?\s*$/.exec(line.text);
    if (opens === null || line.kind !== 'added') return [];
    const isEmpty =
      opens[1] !== undefined || opens[2] !== undefined || /^\s*(?:\}|pass\b)/.test(lines[index + 1]?.text ?? '');
    if (!isEmpty) return [];
    const rule = { id: 'swallowed-error', area: 'maintainability', severity: 'medium' };
    return [finding({ ...rule, message: 'An error is caught and nothing is done about it.' }, file.path, line)];
  });
}

const OPENS_FUNCTION = /\bfunction\b|=>\s*\{\s*$|^\s*(?:async\s+)?[\w$]+\s*\([^)]*\)\s*\{\s*$/;
const IS_CONTROL = /^\s*(?:\}?\s*(?:if|for|while|switch|catch|else|do|try|with)\b)/;

/** Functions that the change makes longer than that many lines, by their braces; only what the diff shows is counted. */
function longFunctions(file, { max_function_lines: most }) {
  const found = [];
  for (const hunk of file.hunks) {
    const open = [];
    let depth = 0;
    for (const line of hunk.lines.filter((one) => one.kind !== 'removed')) {
      const bare = line.text.replace(/\/\/.*$|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`/g, '');
      const opens = (bare.match(/\{/g) ?? []).length;
      const closes = (bare.match(/\}/g) ?? []).length;
      if (opens > closes && OPENS_FUNCTION.test(bare) && !IS_CONTROL.test(bare)) open.push({ line, depth, added: 0 });
      for (const one of open) one.added += line.kind === 'added' ? 1 : 0;
      depth += opens - closes;
      while (open.length > 0 && depth <= open.at(-1).depth) found.push({ ...open.pop(), end: line.line });
    }
  }
  const rule = { id: 'long-function', area: 'maintainability', severity: 'medium' };
  return found
    .map((one) => ({ ...one, length: one.end - one.line.line + 1 }))
    .filter((one) => one.added > 0 && one.length > most)
    .map(({ line, length }) =>
      finding(
        { ...rule, message: `A function of ${length} lines (more than ${most}). What could stand on its own?` },
        file.path,
        line,
      ),
    );
}
