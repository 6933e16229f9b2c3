import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a zip file, every field of which can lie. */
export interface ZipEntry {
  readonly name: string | Buffer;
  readonly data?: string | Buffer;
  /** Name in the local header; default the same. */
  readonly localName?: string | Buffer;
  readonly mode?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly declaredSize?: number;
  readonly declaredPackedSize?: number;
  readonly isStored?: boolean;
  /** Points at an earlier entry's data: overlapping files. */
  readonly offsetOf?: number;
}

export interface ZipOptions {
  readonly entryCount?: number;
  readonly directoryOffset?: number;
  readonly disk?: number;
  readonly comment?: Buffer;
}

const u16 = (...values: readonly number[]): Buffer => {
  const buffer = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => {
    buffer.writeUInt16LE(value & 0xffff, index * 2);
  });
  return buffer;
};
const u32 = (...values: readonly number[]): Buffer => {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    buffer.writeUInt32LE(value >>> 0, index * 4);
  });
  return buffer;
};

interface Built {
  readonly local: Buffer;
  readonly central: (offset: number) => Buffer;
}

function buildEntry(entry: ZipEntry): Built {
  const data = Buffer.from(entry.data ?? '');
  const packed = entry.isStored ? data : deflateRawSync(data);
  const method = entry.method ?? (entry.isStored ? 0 : 8);
  const name = Buffer.from(entry.name);
  const localName = Buffer.from(entry.localName ?? entry.name);
  const flags = entry.flags ?? 0x800;
  const crc = entry.crc ?? crc32(data);
  const sizes = u32(crc, entry.declaredPackedSize ?? packed.length, entry.declaredSize ?? data.length);
  const local = Buffer.concat([
    u32(0x04034b50),
    u16(20, flags, method, 0, 0x21),
    sizes,
    u16(localName.length, 0),
    localName,
    packed,
  ]);
  const attributes = ((entry.mode ?? 0o100644) << 16) >>> 0;
  const central = (offset: number): Buffer =>
    Buffer.concat([
      u32(0x02014b50),
      u16(0x031e, 20, flags, method, 0, 0x21),
      sizes,
      u16(name.length, 0, 0, 0, 0),
      u32(attributes, offset),
      name,
    ]);
  return { local, central };
}

/** Writes a zip file byte by byte, as it is told. */
export function buildZip(entries: readonly ZipEntry[], options: ZipOptions = {}): Buffer {
  const built = entries.map(buildEntry);
  const offsets: number[] = [];
  let position = 0;
  for (const { local } of built) {
    offsets.push(position);
    position += local.length;
  }
  const central = built.map((one, index) => one.central(offsets[entries[index]?.offsetOf ?? index] ?? 0));
  const directory = Buffer.concat(central);
  const count = options.entryCount ?? entries.length;
  const disk = options.disk ?? 0;
  const comment = options.comment ?? Buffer.alloc(0);
  const end = Buffer.concat([
    u32(0x06054b50),
    u16(disk, disk, count, count),
    u32(directory.length, options.directoryOffset ?? position),
    u16(comment.length),
    comment,
  ]);
  return Buffer.concat([...built.map((one) => one.local), directory, end]);
}
