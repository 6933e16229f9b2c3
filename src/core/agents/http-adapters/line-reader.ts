/** Cuts the bytes of a stream into lines, whatever the borders of its pieces are. */
export interface LineReader {
  /** The lines that this piece completes, without their ends. */
  push(piece: Uint8Array): readonly string[];
  /** What stands behind the last line end; `''` = nothing. */
  end(): string;
}

/**
 * Lines end with `\n`, `\r\n` or a lone `\r`; a byte order mark at the beginning is dropped and bytes that are no UTF-8 become U+FFFD,
 * as the format of server-sent events wants it. A line longer than `maxChars` makes `push` throw what `tooLong` gives.
 */
export function createLineReader(maxChars: number, tooLong: () => Error): LineReader {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  let restChars = 0;
  let endedWithReturn = false;
  const take = (decoded: string): readonly string[] => {
    // The second half of a line end that two pieces share.
    const text = endedWithReturn && decoded.startsWith('\n') ? decoded.slice(1) : decoded;
    if (decoded !== '') endedWithReturn = decoded.endsWith('\r');
    const [first = '', ...others] = text.split(/\r\n|\n|\r/);
    rest.push(first);
    restChars += first.length;
    if (others.length === 0) {
      if (restChars > maxChars) throw tooLong();
      return [];
    }
    const lines = [rest.join(''), ...others.slice(0, -1)];
    rest = [others.at(-1) ?? ''];
    restChars = rest[0]?.length ?? 0;
    if (restChars > maxChars || lines.some((line) => line.length > maxChars)) throw tooLong();
    return lines;
  };
  return {
    push: (piece) => take(decoder.decode(piece, { stream: true })),
    end: () => {
      take(decoder.decode());
      return rest.join('');
    },
  };
}
