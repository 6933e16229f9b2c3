/** Made once, and only where a number is large or has digits: the first formatter of a process takes 15 ms. */
let format: Intl.NumberFormat | null = null;

/** A number of a message as people read it, in English: `10,000`, `0.5`; every digit is kept. */
export function grouped(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1000) return String(value);
  format ??= new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 });
  return format.format(value);
}
