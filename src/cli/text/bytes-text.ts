const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** A size for people, in steps of 1,000. */
export function bytesText(bytes: number): string {
  let [value, at] = [bytes, 0];
  for (; value >= 1000 && at < UNITS.length - 1; at += 1) value /= 1000;
  return `${at === 0 ? value : value.toFixed(1)} ${UNITS[at]}`;
}
