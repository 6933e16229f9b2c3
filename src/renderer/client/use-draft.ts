import { useCallback, useState } from 'react';
import type { Json } from '../../shared/json.ts';

const keyOf = (name: string): string => `draft:${name}`;

function readDraft<T extends Json>(name: string): T | null {
  try {
    const text = sessionStorage.getItem(keyOf(name));
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

function writeDraft(name: string, value: Json | null): void {
  try {
    if (value === null) sessionStorage.removeItem(keyOf(name));
    else sessionStorage.setItem(keyOf(name), JSON.stringify(value));
  } catch {
    // Without room for it the form still works; it only does not outlive a reload.
  }
}

/**
 * What somebody typed into a form, kept in this window over a reload; null = nothing. What the form was for is in its name. Give
 * it nothing secret: it lies in the browser's store as it is.
 */
export function useDraft<T extends Json>(name: string): readonly [T | null, (value: T | null) => void] {
  const [draft, setDraft] = useState(() => ({ name, value: readDraft<T>(name) }));
  const keep = useCallback(
    (value: T | null): void => {
      writeDraft(name, value);
      setDraft({ name, value });
    },
    [name],
  );
  return [draft.name === name ? draft.value : readDraft<T>(name), keep];
}

/** Name of what is typed into the form that starts a workflow. */
export const runDraftName = (ref: string): string => `run ${ref}`;

/** Fills the form that starts a workflow before it is opened; no secret may be among the values. */
export const keepRunDraft = (ref: string, values: Readonly<Record<string, string | boolean>>): void =>
  writeDraft(runDraftName(ref), values);
