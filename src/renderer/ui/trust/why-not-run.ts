import i18next from 'i18next';
import type { LibraryEntry } from '../../../shared/contract/index.ts';

/** Why a workflow of the library cannot run, as a sentence; null when it can. */
export function whyNotRun({ error, unsupported, trust }: LibraryEntry): string | null {
  if (error !== null || unsupported !== null) return error ?? unsupported;
  return trust === 'untrusted' || trust === 'changed' ? i18next.t(`trust:short.${trust}`) : null;
}
