import { UsageError } from './cli.mjs';

/**
 * The files of a unified diff as git writes it, with their changed lines. Hunks are read by their line counts, so that a line of the
 * change that looks like a header stays a line.
 */
export function parseDiff(text) {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const files = [];
  let at = 0;
  while (at < lines.length) {
    const start = /^diff --git (.+)$/.exec(lines[at]);
    if (start === null) {
      at += 1;
      continue;
    }
    const file = newFile(start[1]);
    at = readHeaders(lines, at + 1, file);
    while (at < lines.length && lines[at].startsWith('@@ ')) at = readHunk(lines, at, file);
    files.push(summed(file));
  }
  if (files.length === 0) throw new UsageError('This is no unified diff: no line begins with "diff --git".');
  return files;
}

function newFile(names) {
  const half = /^"?a\/(.+?)"? "?b\/(.+?)"?$/.exec(names);
  return { path: half?.[2] ?? names, old_path: half?.[1] ?? names, status: 'modified', binary: false, hunks: [] };
}

function readHeaders(lines, from, file) {
  let at = from;
  for (; at < lines.length && !lines[at].startsWith('@@ ') && !lines[at].startsWith('diff --git '); at += 1) {
    const line = lines[at];
    if (line.startsWith('new file mode')) file.status = 'added';
    else if (line.startsWith('deleted file mode')) file.status = 'deleted';
    else if (line.startsWith('rename from ')) file.old_path = unquote(line.slice(12));
    else if (line.startsWith('rename to ')) {
      file.status = 'renamed';
      file.path = unquote(line.slice(10));
    } else if (line.startsWith('Binary files ') || line === 'GIT binary patch') file.binary = true;
    else if (line.startsWith('--- ')) file.old_path = side(line.slice(4)) ?? file.old_path;
    else if (line.startsWith('+++ ')) file.path = side(line.slice(4)) ?? file.path;
  }
  return at;
}

/** `a/src/x.js`, or null for `/dev/null`. */
function side(text) {
  const name = unquote(text.replace(/\t.*$/, ''));
  return name === '/dev/null' ? null : name.replace(/^[ab]\//, '');
}

/** Git quotes names with bytes outside ASCII: `"src/stra\303\237e.js"`. */
function unquote(text) {
  if (!text.startsWith('"')) return text;
  const bytes = [];
  const inner = text.slice(1, -1);
  const escapes = { n: 10, t: 9, '"': 34, '\\': 92 };
  for (const [piece, octal, letter] of inner.matchAll(/\\([0-7]{3})|\\([nt"\\])|[^\\]+/g)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (letter !== undefined) bytes.push(escapes[letter]);
    else bytes.push(...Buffer.from(piece));
  }
  return Buffer.from(bytes).toString('utf8');
}

function readHunk(lines, from, file) {
  const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/.exec(lines[from]);
  if (header === null) throw new UsageError(`Line ${from + 1} of the diff is no hunk header: ${lines[from]}`);
  let [oldLeft, newLeft] = [Number(header[2] ?? 1), Number(header[4] ?? 1)];
  let newLine = Number(header[3]);
  const hunk = { section: header[5], lines: [] };
  let at = from + 1;
  while ((oldLeft > 0 || newLeft > 0) && at < lines.length) {
    const mark = lines[at].charAt(0);
    const text = lines[at].slice(1);
    if (mark === '+') {
      hunk.lines.push({ kind: 'added', line: newLine, text });
      newLine += 1;
      newLeft -= 1;
    } else if (mark === '-') {
      hunk.lines.push({ kind: 'removed', line: null, text });
      oldLeft -= 1;
    } else if (mark === ' ' || mark === '') {
      hunk.lines.push({ kind: 'context', line: newLine, text });
      newLine += 1;
      newLeft -= 1;
      oldLeft -= 1;
    } else if (mark !== '\\') throw new UsageError(`Line ${at + 1} of the diff belongs to no hunk: ${lines[at]}`);
    at += 1;
  }
  if (oldLeft > 0 || newLeft > 0) throw new UsageError(`The diff ends in the middle of ${file.path}.`);
  if (lines[at]?.startsWith('\\')) at += 1;
  file.hunks.push(hunk);
  return at;
}

function summed(file) {
  const all = file.hunks.flatMap((hunk) => hunk.lines);
  const count = (kind) => all.filter((line) => line.kind === kind).length;
  return { ...file, additions: count('added'), deletions: count('removed') };
}

/** The lines that a change brings in, with their place in the new file. */
export const addedLines = (file) => file.hunks.flatMap((hunk) => hunk.lines).filter((line) => line.kind === 'added');
