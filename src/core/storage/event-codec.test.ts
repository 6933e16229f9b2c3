import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from '../../shared/json.ts';
import type { JournalEvent } from '../../shared/model/events.ts';
import { BLOB_THRESHOLD_BYTES, BlobStore } from './blobs.ts';
import { decodeEvent, encodeEvent, type StoredForm } from './event-codec.ts';
import { cleanUp, makeFolder } from './store.test-support.ts';

afterEach(cleanUp);

const completed = (output: Json): JournalEvent => ({
  type: 'step.completed',
  path: 'a',
  attempt: 1,
  output,
  outputs: null,
  variables: null,
  warnings: [],
});

function openBlobs() {
  const folder = join(makeFolder(), 'blobs');
  mkdirSync(folder);
  const files = (): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  return { blobs: new BlobStore(folder), files };
}

const decode = (text: string, blobs: BlobStore): JournalEvent => decodeEvent(JSON.parse(text) as StoredForm, blobs);

describe('the event codec', () => {
  it('keeps small values in the row', () => {
    const { blobs, files } = openBlobs();
    const event = completed({ text: 'x'.repeat(1_000) });
    expect(decode(encodeEvent(event, blobs).data, blobs)).toEqual(event);
    expect(files()).toEqual([]);
  });

  it.each([
    ['a long text', 'x'.repeat(BLOB_THRESHOLD_BYTES)],
    ['a text that is long in bytes only', '€'.repeat(BLOB_THRESHOLD_BYTES / 2)],
    ['a list', Array.from({ length: 60_000 }, (_, at) => at)],
    ['names of blobs and nulls inside', { blobs: { output: 'no' }, big: 'y'.repeat(BLOB_THRESHOLD_BYTES), none: null }],
  ] as readonly (readonly [string, Json])[])('moves %s out and finds it again', (_name, value) => {
    const { blobs, files } = openBlobs();
    const event = completed(value);
    const text = encodeEvent(event, blobs).data;
    expect(Buffer.byteLength(text)).toBeLessThan(BLOB_THRESHOLD_BYTES);
    expect(files()).toHaveLength(1);
    expect(decode(text, blobs)).toEqual(event);
    encodeEvent(event, blobs);
    expect(files()).toHaveLength(1);
  });

  it.each([
    ['missing', (file: string) => rmSync(file)],
    ['another content', (file: string) => writeFileSync(file, JSON.stringify('y'.repeat(BLOB_THRESHOLD_BYTES)))],
    ['cut off', (file: string) => writeFileSync(file, '"xxx')],
    ['empty', (file: string) => writeFileSync(file, '')],
  ])('a blob that is %s is store.corrupt', (_name, harm) => {
    const { blobs, files } = openBlobs();
    const text = encodeEvent(completed('x'.repeat(BLOB_THRESHOLD_BYTES)), blobs).data;
    harm(files()[0] ?? '');
    expect(() => decode(text, blobs)).toThrow(expect.objectContaining({ code: 'store.corrupt' }));
  });
});
