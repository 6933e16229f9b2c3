import type { Json } from '../../../shared/json.ts';

export type ParsedOutput =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly reason: string };

/** What a person typed as the output of a step: nothing is null, JSON is JSON, one plain line is a text. */
export function parseOutput(text: string): ParsedOutput {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: true, value: null };
  try {
    return { ok: true, value: JSON.parse(trimmed) as Json };
  } catch (thrown) {
    const looksLikeJson = /^[[{"]/.test(trimmed);
    if (!looksLikeJson) return { ok: true, value: trimmed };
    return { ok: false, reason: thrown instanceof Error ? thrown.message : '' };
  }
}

/** An output as somebody may type it: `parseOutput` reads it back. */
export function outputText(output: Json): string {
  if (output === null) return '';
  const parsed = typeof output === 'string' ? parseOutput(output) : null;
  return parsed?.ok === true && parsed.value === output ? String(output) : JSON.stringify(output, null, 2);
}
