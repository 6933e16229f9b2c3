import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import { invalidParameter } from './parameter-errors.ts';
import { own } from './spec-documents.ts';

/**
 * `paginate` among the inputs of a GET operation: its pages are fetched one after the other and their items become one list.
 * - `next`: where the address of the next page stands: a path in the answer (`links.next`, `$.paging.next`, `pages.0.url`), or
 *   `Link` for the header's `rel="next"`. Nothing there, null or an empty text ends it. Absolute or relative; only on the host that
 *   answered.
 * - `items`: the path of the list in each answer; default: the answer itself is the list.
 * - `max_pages`: default 10, at most 1,000. When there is more, the result carries the warning `tool.pages_left`.
 */
export interface Pagination {
  readonly next: string;
  readonly items: string | null;
  readonly maxPages: number;
}

const DEFAULT_PAGES = 10;
const MAX_PAGES = 1000;

/** Reads the input `paginate`. `tool.invalid_params`. */
export function readPagination(value: Json): Pagination {
  if (!isJsonMap(value)) throw invalid("must be a map with 'next', 'items' and 'max_pages'");
  const unknown = Object.keys(value).find((key) => !['next', 'items', 'max_pages'].includes(key));
  if (unknown !== undefined) throw invalid(`does not know '${unknown}'`);
  const [next, items, written] = [own(value, 'next'), own(value, 'items') ?? null, own(value, 'max_pages')];
  const maxPages = written === undefined || written === null ? DEFAULT_PAGES : Number(written);
  if (typeof next !== 'string' || next.trim() === '') throw invalid("needs 'next': a path in the answer, or 'Link'");
  if (items !== null && typeof items !== 'string') throw invalid("takes a path in the answer as 'items'");
  if (!Number.isInteger(maxPages) || maxPages < 1 || maxPages > MAX_PAGES) {
    throw invalid(`takes a whole number from 1 to ${MAX_PAGES} as 'max_pages'`);
  }
  return { next: next.trim(), items, maxPages };
}

/** What one page gave. */
export interface Page {
  readonly output: Json;
  readonly warnings: readonly StepWarning[];
  readonly headers: Readonly<Record<string, string>>;
  /** Where it came from. */
  readonly url: string;
}

/** The items of a page. `tool.invalid_params` when there is no list at `items`. */
export function itemsOf(page: Page, { items }: Pagination): readonly Json[] {
  const found = items === null ? page.output : valueAt(page.output, items);
  if (Array.isArray(found)) return found as readonly Json[];
  throw invalid(items === null ? "needs 'items': the answer is no list" : `finds no list at '${items}' of the answer`);
}

/** The address of the next page, or null. `tool.invalid_params` when it is no address, or one of another host. */
export function nextPage(page: Page, { next }: Pagination): string | null {
  const found = next.toLowerCase() === 'link' ? linkOf(page.headers.link ?? '') : valueAt(page.output, next);
  if (found === undefined || found === null || found === '' || found === false) return null;
  const url = typeof found === 'string' ? URL.parse(found, page.url) : null;
  if (url === null) throw invalid(`finds no address of a next page at '${next}'`);
  if (url.origin !== new URL(page.url).origin) throw invalid('would go on at another host, which is refused');
  return url.href;
}

/** `<https://…>; rel="next"` among the links of RFC 8288. */
function linkOf(header: string): string | null {
  for (const [, address = '', parameters = ''] of header.matchAll(/<([^<>]*)>([^<]*)/g)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters);
    if ((relations?.[1] ?? relations?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return address;
  }
  return null;
}

/** `$.a.b[0].c` or `a.b.0.c`. */
function valueAt(value: Json, path: string): Json | undefined {
  const keys = path
    .trim()
    .replace(/^\$\.?/, '')
    .replace(/\[["']?([^\]"']*)["']?\]/g, '.$1')
    .split('.')
    .filter((key) => key !== '');
  return keys.reduce<Json | undefined>((current, key) => {
    if (Array.isArray(current)) return /^\d+$/.test(key) ? (current as readonly Json[])[Number(key)] : undefined;
    return current !== undefined && isJsonMap(current) ? own(current as JsonMap, key) : undefined;
  }, value);
}

const invalid = (what: string): Error => invalidParameter('paginate', what);
