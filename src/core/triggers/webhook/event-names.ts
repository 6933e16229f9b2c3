import { isJsonMap, type Json } from '../../../shared/json.ts';
import { headerOf, type RawHeaders } from './raw-headers.ts';

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);

/**
 * The names under which a delivery may be listed, the most exact first (SPEC §7.3): GitHub's with and without the action, `type` (behind
 * it the inner one of a Slack event) and `event` of the body, `X-Event-Type`. None = the sender names no event.
 */
export function eventNamesOf(headers: RawHeaders, body: Json): readonly string[] {
  const map = isJsonMap(body) ? body : {};
  const github = textOf(headerOf(headers, 'X-GitHub-Event') ?? undefined);
  const action = textOf(map.action);
  const inner = isJsonMap(map.event) ? textOf(map.event.type) : null;
  const names = [
    github === null || action === null ? null : `${github}.${action}`,
    github,
    inner,
    textOf(map.type),
    textOf(map.event),
    textOf(headerOf(headers, 'X-Event-Type') ?? undefined),
  ];
  return [...new Set(names.filter((name) => name !== null))];
}

/** Whether a delivery is one of those that an endpoint wants: no patterns = all; `*` stands for anything, `pull_request.*` for every action. */
export const isWanted = (patterns: readonly string[], names: readonly string[]): boolean =>
  patterns.length === 0 || patterns.some((pattern) => names.some((name) => matches(pattern, name)));

/** Steps back to the last star only: no pattern takes longer than its length times that of the name. */
function matches(pattern: string, name: string): boolean {
  let [at, inName, star, mark] = [0, 0, -1, 0];
  while (inName < name.length) {
    if (pattern[at] === '*') {
      star = at;
      mark = inName;
      at += 1;
    } else if (at < pattern.length && pattern[at] === name[inName]) {
      at += 1;
      inName += 1;
    } else if (star >= 0) {
      at = star + 1;
      mark += 1;
      inName = mark;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
