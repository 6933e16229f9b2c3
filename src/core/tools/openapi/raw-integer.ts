import type { Json } from '../../../shared/json.ts';

/** Of ES2026: a value that `JSON.stringify` writes as the text that it was made of. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => Json };

/** An integer beyond 2^53 as a value that becomes its digits where JSON is written; for nothing else. */
export const rawInteger = (digits: string): Json => rawJSON(digits);
