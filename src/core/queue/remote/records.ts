import { z } from 'zod';
import type { JsonMap } from '../../../shared/json.ts';
import { jsonMap } from '../sent-message.ts';

/**
 * What a worker and a control center write to each other over the server of their queue (SPEC §8). Whoever may write there can write anything:
 * all of it is read by these shapes and refused whole where it is not one.
 */

const text = z.string().min(1).max(500);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const place = z.number().int().min(1).max(1_000_000_000);
const actor = z.object({
  kind: z.enum(['user', 'system']),
  id: text,
  door: z.enum(['cli', 'browser', 'desktop', 'socket', 'engine']),
});

/** The key of `metadata` that is ours. */
const OURS = 'aiworkflow';
/** Larger archives are fetched (SPEC §8). */
export const INLINE_BYTES = 256 * 1024;

const shipped = z.object({
  /** Id and name of the control center that sent it. */
  home: text,
  home_name: text,
  version: hash,
  /** Where its events are told of. */
  queue: text,
  /** Why only its own control center may run it, in sentences. */
  home_only: z.array(z.string().max(500)).max(20).default([]),
  /** SHA-256 of the bytes of the archive. */
  archive_hash: hash.optional(),
  /** The version as an archive, base64. */
  archive: z
    .string()
    .max(Math.ceil(INLINE_BYTES / 3) * 4 + 4)
    .optional(),
});
/** What a message brings along for a worker that does not have its workflow. */
export type Shipped = z.infer<typeof shipped>;

/** The metadata of a message with what it brings along. */
export const withShipped = (metadata: JsonMap, brought: Shipped | null): JsonMap => {
  const { [OURS]: _old, ...others } = metadata;
  return brought === null ? others : { ...others, [OURS]: brought as unknown as JsonMap };
};

/** What a message brings along; null = nothing, or nothing that can be read. */
export function shippedOf(metadata: JsonMap): Shipped | null {
  const read = shipped.safeParse(metadata[OURS]);
  return read.success ? read.data : null;
}

/** The metadata as people see it. */
export const shownMetadata = (metadata: JsonMap): JsonMap => withShipped(metadata, null);

const event = z.object({ v: z.literal(1), actor, event: z.looseObject({ type: text }) });
const line = z.object({
  at: z.number(),
  path: z.string().max(2_000),
  stream: z.enum(['stdout', 'stderr', 'log']),
  level: z.enum(['debug', 'info', 'warning', 'error']),
  text: z.string(),
});
const entry = z.object({
  at: z.number(),
  path: z.string().max(2_000),
  attempt: z.number().int(),
  agent: z.string().max(200),
  item: z.looseObject({ kind: text }),
});

const record = z.object({
  message_id: text,
  run_id: z.string().regex(/^[A-Za-z0-9._-]{1,120}$/),
  /** Of an event its number, of lines and entries that of the first. */
  seq: place,
  type: text,
  /** UTC ms, by the clock of the worker. */
  at: z.number().min(0).max(8.64e15),
  data: jsonMap,
});
/** One thing that happened at a worker. */
export type RemoteRecord = z.infer<typeof record>;

const told = z.object({
  home: text,
  worker: z.object({ id: text, name: text }),
  records: z.array(record).min(1).max(5_000),
});
/** What a worker tells at once. */
export type Told = z.infer<typeof told>;

const DATA = { log: z.object({ lines: z.array(line) }), conversation: z.object({ entries: z.array(entry) }) } as const;
const READ = { told, event, log: DATA.log, conversation: DATA.conversation } as const;

/** The shape that is asked for; null = it is another. */
export function readAs<K extends keyof typeof READ>(kind: K, value: unknown): z.infer<(typeof READ)[K]> | null {
  const read = READ[kind].safeParse(value);
  return read.success ? (read.data as z.infer<(typeof READ)[K]>) : null;
}

const order = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['cancel', 'pause', 'resume']), message_id: text, by: actor }),
  z.object({
    ...{ type: z.literal('resolve'), message_id: text, by: actor, path: z.string().max(2_000) },
    ...{ as: z.enum(['completed', 'failed', 'rerun']), output: z.json() },
  }),
  /** What was told from here on did not arrive. */
  z.object({ type: z.literal('tell_again'), message_id: text, from: place, line: place, entry: place }),
  /** The control center takes nothing more of this run. */
  z.object({ type: z.literal('refused'), message_id: text, reason: z.string().max(2_000) }),
]);
/** What a control center asks of a worker. */
export type Order = z.infer<typeof order>;

/** Null = it is none. */
export function readOrder(value: unknown): Order | null {
  const read = order.safeParse(value);
  return read.success ? read.data : null;
}

/** Foreign JSON; undefined where it is none. */
export function parsed(written: string): unknown {
  try {
    return JSON.parse(written) as unknown;
  } catch {
    return undefined;
  }
}
