/** Made once: a formatter costs far more than what it formats. */
const FORMAT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 });

/** A number of a message as people read it, in English: `10,000`, `0.5`; every digit is kept. */
export const grouped = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1000 ? String(value) : FORMAT.format(value);
