import { parseDuration } from '../../shared/parse-duration.ts';
import type { YamlSection } from './yaml-section.ts';

/** A duration (SPEC §1.1) in ms. Unparsable text gives the default and a warning, a negative or too long one an error. */
export function readDurationMs<T extends number | undefined>(
  section: YamlSection,
  key: string,
  fallback: T,
): number | T {
  const found = section.find(key);
  if (found === undefined || found.value === null) return fallback;
  const { ms, problem } = parseDuration(typeof found.value === 'number' ? found.value : String(found.value));
  if (ms !== null && problem === undefined) return ms;
  const severity = ms === null ? 'error' : 'warning';
  section.report(severity, found, `\`${section.pathOf(key)}\`: ${problem ?? 'not a duration'}; the default applies.`);
  return fallback;
}
