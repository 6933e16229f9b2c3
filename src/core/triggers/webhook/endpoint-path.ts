/** What an endpoint's path may be written with: what a request line carries without being changed on the way. */
const PATH = /^\/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*$/;
const MOST_CHARS = 500;

/** The path that requests are compared with, or why a written one cannot be one. A missing first slash is added. */
export function readEndpointPath(written: string): { readonly path: string } | { readonly problem: string } {
  const path = written.startsWith('/') ? written : `/${written}`;
  if (path.length <= MOST_CHARS && PATH.test(path)) return { path };
  return {
    problem: `'${written.slice(0, 60)}' cannot be the path of a webhook: use letters, digits and - _ . / without spaces, '?' or '#'.`,
  };
}

/** The path of a request's target: what stands before its query, byte for byte. An absolute target (`http://host/path`) has one too. */
export function pathOfTarget(target: string): string {
  const path = /^https?:\/\/[^/?#]*/i.exec(target);
  const rest = path === null ? target : target.slice(path[0].length);
  const end = rest.search(/[?#]/);
  const found = end < 0 ? rest : rest.slice(0, end);
  return found === '' ? '/' : found;
}
