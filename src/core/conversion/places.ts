/** How places of an expression begin and end in a text. */
export interface PlaceMarks {
  readonly open: string;
  readonly close: string;
}

/** A text with its places replaced by `onPlace` (given the whole place and what stands between the marks) and all between them by `onRest`. */
export function mapPlaces(
  text: string,
  { open, close }: PlaceMarks,
  {
    onPlace,
    onRest = (rest) => rest,
  }: { readonly onPlace: (whole: string, inner: string) => string; readonly onRest?: (rest: string) => string },
): string {
  let made = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf(open, at);
    const end = start === -1 ? -1 : text.indexOf(close, start + open.length);
    if (end === -1) return made + onRest(text.slice(at));
    made += onRest(text.slice(at, start));
    made += onPlace(text.slice(start, end + close.length), text.slice(start + open.length, end).trim());
    at = end + close.length;
  }
}
