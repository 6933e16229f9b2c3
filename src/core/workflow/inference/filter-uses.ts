import type { Expr, FilterExpr } from '../expressions/syntax/ast.ts';
import {
  either,
  entryOf,
  FLAG,
  itemOf,
  type Known,
  listOf,
  mark,
  member,
  NUMBER,
  OTHER,
  placesOf,
  TEXT,
  typeOf,
} from './known-value.ts';

/** How the arguments of a filter are looked at. */
interface Looking {
  follow(expr: Expr): Known;
  test(value: Known, name: string, args: readonly Expr[]): void;
}

const NUMBERS = /^(?:round|abs)$/;
const TEXTS =
  /^(?:upper|lower|title|capitalize|trim|replace|truncate|split|center|indent|wordcount|wordwrap|format|striptags|urlencode|urlize|slugify|startswith|endswith|contains|b64decode|basename|dirname|fromjson)$/;
/** They give the list on, shorter or in another order. */
const SAME_LIST = /^(?:sort|unique|list|reverse|select|reject|selectattr|rejectattr|flatten)$/;
const ONE_ITEM = /^(?:first|last|min|max)$/;

/** What a filter gives, and what it says about its input (SPEC §2.3, §4.2). */
export function filterUse(input: Known, { name, args }: FilterExpr, look: Looking): Known {
  const attribute = argument('attribute');
  if (NUMBERS.test(name)) {
    mark(input, 'number');
    return NUMBER;
  }
  if (name === 'int' || name === 'float') return NUMBER;
  if (TEXTS.test(name)) return textFilter(input, name);
  if (name === 'default' || name === 'd') return defaultOf(input, args.positional[0], look);
  if (name === 'length' || name === 'count') {
    mark(input, 'array', 'likely');
    return NUMBER;
  }
  if (name === 'join') {
    at(itemOf(input), attribute);
    return TEXT;
  }
  if (name === 'sum') {
    mark(at(itemOf(input), attribute), 'number');
    return NUMBER;
  }
  if (ONE_ITEM.test(name)) {
    const item = itemOf(input);
    at(item, attribute);
    return item;
  }
  if (SAME_LIST.test(name)) return listFilter();
  if (name === 'map') return mapFilter();
  if (name === 'groupby') return grouped();
  if (name === 'batch' || name === 'slice') return listOf(listOf(itemOf(input)));
  if (/^(?:dictsort|items)$/.test(name)) return listOf(listOf(either(TEXT, entryOf(input))));
  if (name === 'values') return listOf(entryOf(input));
  if (name === 'keys') {
    entryOf(input);
    return listOf(TEXT);
  }
  for (const one of args.positional) look.follow(one);
  return /^(?:tojson|string|pprint|e|escape|forceescape|safe|sha256|b64encode|datetimeformat|timeago|filesizeformat|xmlattr)$/.test(
    name,
  )
    ? TEXT
    : OTHER;

  function argument(named: string): string | undefined {
    const found = args.named.find((one) => one.name === named)?.value;
    return found === undefined ? undefined : typeOf(look.follow(found))?.text;
  }
  function listFilter(): Known {
    const item = itemOf(input, name === 'reverse' ? 'likely' : 'sure');
    const [first, second, ...more] = args.positional;
    if (/attr$/.test(name) && first !== undefined) {
      const value = at(item, typeOf(look.follow(first))?.text);
      const test = second === undefined ? undefined : typeOf(look.follow(second))?.text;
      if (test !== undefined) look.test(value, test, more);
    } else if (/^(?:select|reject)$/.test(name) && first !== undefined) {
      const test = typeOf(look.follow(first))?.text;
      if (test !== undefined) look.test(item, test, second === undefined ? [] : [second, ...more]);
    } else at(item, attribute);
    return listOf(item);
  }
  function mapFilter(): Known {
    const item = itemOf(input);
    const [first, ...more] = args.positional;
    if (first === undefined) {
      const given = args.named.find((one) => one.name === 'default')?.value;
      const found = at(item, attribute);
      return listOf(given === undefined ? found : either(found, look.follow(given)));
    }
    const inner = typeOf(look.follow(first))?.text;
    if (inner === undefined) return listOf(OTHER);
    const filter = { kind: 'filter', input: undefined, name: inner, nameStart: 0, start: 0, end: 0 } as const;
    return listOf(filterUse(item, { ...filter, args: { positional: more, named: [] } }, look));
  }
  function grouped(): Known {
    const item = itemOf(input);
    const [first] = args.positional;
    const grouper = at(item, attribute ?? (first === undefined ? undefined : typeOf(look.follow(first))?.text));
    return listOf({
      kind: 'map',
      entries: new Map([
        ['grouper', grouper],
        ['list', listOf(item)],
        ['0', grouper],
        ['1', listOf(item)],
      ]),
    });
  }
}

/** `a.b.0` of a value: all of it has to be there. */
function at(value: Known, path: string | undefined): Known {
  if (path === undefined) return value;
  return path.split('.').reduce((found, name) => {
    const inner = member(found, name);
    for (const shape of placesOf(inner)) shape.isNeeded = true;
    return inner;
  }, value);
}

function textFilter(input: Known, name: string): Known {
  // A list may be asked whether it contains something.
  mark(input, 'string', name === 'contains' ? 'likely' : 'sure');
  if (name === 'split') return listOf(TEXT);
  if (name === 'wordcount') return NUMBER;
  if (name === 'fromjson') return OTHER;
  return /with$|contains/.test(name) ? FLAG : TEXT;
}

/** What is written for a missing value says what the value is, but for a flag: that may stand for anything. */
function defaultOf(input: Known, written: Expr | undefined, look: Looking): Known {
  if (written === undefined) return either(input, TEXT);
  const given = look.follow(written);
  const type = typeOf(given)?.type;
  if (type !== undefined && type !== 'boolean') mark(input, type, 'likely');
  return either(input, given);
}
