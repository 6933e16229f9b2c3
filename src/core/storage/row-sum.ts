import { crc32 } from 'node:zlib';

/** CRC-32 of the values of a row, in order. */
export const sumOf = (values: readonly (string | number | boolean | null)[]): number => crc32(values.join('\0'));
