/** A pattern of a stranger may not become a million of them. */
const MOST_PATTERNS = 100;

/** `{a,b}` written out, nested ones too; braces without a comma stay as they are. Null = more than 100 patterns come of it. */
export function expandBraces(pattern: string): readonly string[] | null {
  let open = [pattern];
  const done: string[] = [];
  while (open.length > 0) {
    const next: string[] = [];
    for (const text of open) {
      const group = firstGroup(text);
      if (group === null) done.push(text);
      else for (const part of group.parts) next.push(`${group.before}${part}${group.after}`);
    }
    if (done.length + next.length > MOST_PATTERNS) return null;
    open = next;
  }
  return done;
}

interface Group {
  readonly before: string;
  readonly parts: readonly string[];
  readonly after: string;
}

function firstGroup(text: string): Group | null {
  for (let start = text.indexOf('{'); start >= 0; start = text.indexOf('{', start + 1)) {
    if (text[start - 1] === '\\') continue;
    const group = groupAt(text, start);
    if (group !== null) return group;
  }
  return null;
}

function groupAt(text: string, start: number): Group | null {
  const commas: number[] = [];
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '{') depth++;
    else if (char === ',' && depth === 1) commas.push(at);
    else if (char === '}' && --depth === 0) {
      if (commas.length === 0) return null;
      const cuts = [start, ...commas, at];
      const parts = cuts.slice(1).map((cut, index) => text.slice((cuts[index] ?? 0) + 1, cut));
      return { before: text.slice(0, start), parts, after: text.slice(at + 1) };
    }
  }
  return null;
}
