import { describe, expect, it } from 'vitest';
import { planUpload } from '../../shared/upload-plan.ts';
import { toBase64 } from './to-base64.ts';

describe('planUpload', () => {
  it('puts small files together and cuts large ones, nothing lost', () => {
    const plan = planUpload([3, 4, 25, 0], 10);
    expect(plan).toEqual([
      [
        { fileIndex: 0, offset: 0, length: 3 },
        { fileIndex: 1, offset: 0, length: 4 },
      ],
      [{ fileIndex: 2, offset: 0, length: 10 }],
      [{ fileIndex: 2, offset: 10, length: 10 }],
      [
        { fileIndex: 2, offset: 20, length: 5 },
        { fileIndex: 3, offset: 0, length: 0 },
      ],
    ]);
  });

  it('keeps to 400 files a call', () => {
    expect(planUpload(Array.from({ length: 1000 }, () => 1)).map((call) => call.length)).toEqual([400, 400, 200]);
  });
});

it('makes base64 of large bytes', () => {
  const bytes = new Uint8Array(100_000).map((_, index) => index % 256);
  expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
});
