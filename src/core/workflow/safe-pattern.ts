import { RE2JS } from 're2js';

/** A regular expression that no text can make slow. */
export interface SafePattern {
  /** True when the pattern is found anywhere in the text. */
  test(text: string): boolean;
}

const KEPT = 200;
const MAX_LENGTH = 1_000;
const compiled = new Map<string, SafePattern>();

/** A pattern of RE2 (SPEC §1.8): no look-around, no back references, at most 1,000 characters. Null = it is none. */
export function compilePattern(source: string): SafePattern | null {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  if (source.length > MAX_LENGTH) return null;
  try {
    const ready = RE2JS.compile(source);
    const pattern = { test: (text: string) => ready.matcher(text).find() };
    if (compiled.size >= KEPT) compiled.clear();
    compiled.set(source, pattern);
    return pattern;
  } catch {
    return null;
  }
}
