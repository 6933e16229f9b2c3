/** What a text may hold, found without parsing it. */
export interface TextScan {
  /** The deepest nesting of brackets. */
  readonly depth: number;
  /** Commas and opening brackets: the values are at most one more. */
  readonly values: number;
}

const QUOTE = 34;
const COMMA = 44;
const NEW_LINE = 10;
const BACKSLASH = 92;
const isOpening = (unit: number): boolean => unit === 91 || unit === 123;
const isClosing = (unit: number): boolean => unit === 93 || unit === 125;

/** How deep and how wide a JSON text is; strings are skipped. Cheap, and before any parser builds something. */
export function scanJson(text: string): TextScan {
  let depth = 0;
  let deepest = 0;
  let values = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isString) {
      if (unit === BACKSLASH) at += 1;
      else if (unit === QUOTE) isString = false;
    } else if (unit === QUOTE) isString = true;
    else if (unit === COMMA) values += 1;
    else if (isOpening(unit)) {
      values += 1;
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (isClosing(unit)) depth -= 1;
  }
  return { depth: deepest, values };
}

/** Line ends, commas and opening brackets of a YAML text, wherever they stand: no fewer than it has values. */
export function countYamlMarks(text: string): number {
  let marks = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === NEW_LINE || unit === COMMA || isOpening(unit)) marks += 1;
  }
  return marks;
}
