/** A turn of a loop. */
export interface Turn {
  /** Path of the loop. */
  readonly block: string;
  readonly number: number;
}

/** The path of a turn of a loop. */
export const pathOfTurn = ({ block, number }: Turn): string => `${block}[${number}]`;

/** The turn whose frame has this path: `each[3]` is turn 3 of `each`; null = it is none. */
export function turnAt(frame: string): Turn | null {
  if (!frame.endsWith(']')) return null;
  const open = frame.lastIndexOf('[');
  const digits = frame.slice(open + 1, -1);
  const number = Number(digits);
  return open < 1 || String(number) !== digits || !Number.isSafeInteger(number)
    ? null
    : { block: frame.slice(0, open), number };
}

/** Whether a step lies in the turn of a loop. */
export const liesIn = (place: string, turn: string): boolean => place.startsWith(`${turn}.`);
