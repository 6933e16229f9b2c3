/**
 * Tells by the numbers of live batches whether some are missing: each is one more than the last. The first number is never a gap.
 * Runs anywhere: the feed of a door, a screen and the command line read the same numbers.
 */
export function createGapReader(): (number: number) => boolean {
  let last: number | null = null;
  return (number) => {
    const isGap = last !== null && number !== last + 1;
    last = number;
    return isGap;
  };
}
