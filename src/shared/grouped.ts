/** A number of a message as people read it, in English: `10,000`, `0.5`; every digit is kept. */
export const grouped = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 20 });
