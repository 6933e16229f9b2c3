/**
 * A formatter of instants (UTC milliseconds) as `Date.toISOString` writes them, for many that lie close together, as those of a log: what is
 * before the milliseconds is made once a second.
 */
export function createInstantText(): (at: number) => string {
  let knownSecond = Number.NaN;
  let begin = '';
  return (at) => {
    const second = Math.floor(at / 1000);
    if (second !== knownSecond) {
      begin = new Date(second * 1000).toISOString().slice(0, -'000Z'.length);
      knownSecond = second;
    }
    return `${begin}${String(at - second * 1000).padStart(3, '0')}Z`;
  };
}
