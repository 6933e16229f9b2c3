/** The scheme of links to the app, as it is registered with the system. */
export const LINK_SCHEME = 'aiworkflow';

/** Screens that a link can lead to, and whether the part behind them names one thing of theirs. */
const SCREENS: Readonly<Record<string, boolean>> = {
  today: false,
  workflows: true,
  runs: true,
  approvals: false,
  triggers: true,
  agents: false,
  costs: false,
  admin: false,
  welcome: false,
};
/** What of a screen a link can open: places, never acts. */
const PLACES: ReadonlySet<string> = new Set(['tab', 'step', 'line', 'id', 'run', 'agent', 'tool']);
const MOST_CHARACTERS = 2000;
const NAME = /^[^\p{Cc}]{1,400}$/u;

/**
 * The screen that a link leads to (`aiworkflow://runs/ID?step=3`), as an address of the page; null for anything else. It only ever
 * navigates: every part is taken apart, checked and written anew, so nothing of it reaches the page as it came.
 */
export function screenOfLink(link: string): string | null {
  const url = link.length > MOST_CHARACTERS ? null : URL.parse(link);
  if (
    url === null ||
    url.protocol !== `${LINK_SCHEME}:` ||
    url.username !== '' ||
    url.password !== '' ||
    url.port !== ''
  )
    return null;
  const screen = url.host;
  if (!Object.hasOwn(SCREENS, screen)) return null;
  const [, name = '', ...more] = url.pathname.split('/');
  if (more.some((part) => part !== '')) return null;
  const named = decoded(name);
  if (named === null || (named !== '' && (SCREENS[screen] !== true || !NAME.test(named)))) return null;
  const query = new URLSearchParams();
  for (const [key, value] of url.searchParams) {
    if (!PLACES.has(key) || query.has(key) || !NAME.test(value)) return null;
    query.set(key, value);
  }
  const path = named === '' ? `/${screen}` : `/${screen}/${encodeURIComponent(named)}`;
  return query.size === 0 ? path : `${path}?${query}`;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
