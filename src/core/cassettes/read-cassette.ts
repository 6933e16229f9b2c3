import { z } from 'zod';
import { AppError, ERROR_CATALOGUE } from '../../shared/errors.ts';
import { isDeeperThan, type Json, MAX_JSON_DEPTH } from '../../shared/json.ts';
import { CASSETTE_FORMAT, CASSETTE_VERSION, type Cassette, MAX_CASSETTE_BYTES } from '../../shared/model/cassette.ts';
import { sha256Hex } from '../crypto/index.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const path = z.string().min(1).max(4_000);
const name = z.string().max(4_000);
const instant = z.number().int().min(0).max(8_640_000_000_000_000);

const answer = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('completed'), output: hash, metadata: hash.nullable() }),
  z.strictObject({ status: z.literal('failed'), error: hash, to: name.nullable() }),
  z.strictObject({ status: z.literal('called_off') }),
  z.strictObject({
    status: z.literal('reopened'),
    from: path,
    reason: z.enum(['revised', 'changed']),
    comment: z.string().max(100_000),
  }),
]);

const exchange = z.strictObject({
  path,
  role: z.enum(['main', 'fallback', 'undo', 'call']),
  now: instant,
  asked: hash,
  answer,
  by: z.enum(['time', 'condition', 'decision', 'child', 'event']).optional(),
  decided: z.enum(['approved', 'rejected', 'expired', 'cancelled']).optional(),
});

const FORM = z.strictObject({
  format: z.literal(CASSETTE_FORMAT),
  format_version: z.literal(CASSETTE_VERSION),
  workflow: z.strictObject({ id: name, name, version: name, hash: name }),
  run: z.strictObject({ id: name, created_at: name }),
  start: z.strictObject({
    inputs: hash,
    agent: name.nullable(),
    agent_from: z.enum(['start', 'workflow', 'bundle', 'project']).nullable(),
    model: name.nullable(),
    names: hash,
    carried: hash.nullable(),
    kept: hash.nullable(),
  }),
  steps: z.array(z.strictObject({ path, now: instant, ms: z.number().min(0).max(1e15).nullable() })).max(100_000),
  exchanges: z.array(exchange).max(100_000),
  expect: z.strictObject({
    status: z.enum(['completed', 'failed']),
    outcome: z.enum(['success', 'partial', 'failed']),
    outputs: hash,
    error: z.string().max(100_000).nullable(),
  }),
  parts: z.record(hash, z.unknown()),
});

/** What a part has to be, so that whoever reads it finds what he expects. */
const map = z.record(z.string(), z.unknown());
const ERROR = z.object({
  code: z.string().refine((code) => Object.hasOwn(ERROR_CATALOGUE, code)),
  kind: z.string().max(40),
  message: z.string(),
  retryable: z.boolean(),
});

const invalid = (why: string): AppError =>
  new AppError('cassette.invalid', `This is no recording that can be replayed: ${why}.`, {
    hint: 'Get the file once more, or record a run anew.',
  });

/**
 * Reads the text of a recording: its form, that every part is what its hash says, and that no part is missing. Error, whatever is wrong:
 * `cassette.invalid`.
 */
export function readCassette(text: string): Cassette {
  if (Buffer.byteLength(text) > MAX_CASSETTE_BYTES) throw invalid('it is larger than 8 MiB');
  const cassette = formOf(text);
  for (const [hashed, value] of Object.entries(cassette.parts))
    if (sha256Hex(JSON.stringify(value)) !== hashed) throw invalid('one of its parts was changed');
  const part = (of: string | null): Json => {
    if (of === null) return null;
    if (!Object.hasOwn(cassette.parts, of)) throw invalid('one of its parts is missing');
    return cassette.parts[of] ?? null;
  };
  const isMap = (value: Json): boolean => map.safeParse(value).success;
  const { start, exchanges, expect } = cassette;
  const names = part(start.names) as { readonly run?: Json; readonly trigger?: Json } | null;
  if (!isMap(part(start.inputs)) || !isMap(part(expect.outputs)) || !isMap(names?.run ?? null))
    throw invalid('its start is not that of a run');
  if (!isMap(names?.trigger ?? null)) throw invalid('its start is not that of a run');
  for (const taken of [start.carried, start.kept])
    if (taken !== null && !Array.isArray(part(taken))) throw invalid('its start is not that of a run');
  for (const { asked, answer: ended } of exchanges) {
    part(asked);
    if (ended.status === 'completed') [part(ended.output), part(ended.metadata)];
    else if (ended.status === 'failed' && !ERROR.safeParse(part(ended.error)).success)
      throw invalid('one of its answers is no error');
  }
  return cassette;
}

function formOf(text: string): Cassette {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('its text is cut off or no JSON');
  }
  if (isDeeperThan(value, MAX_JSON_DEPTH)) throw invalid('its values are nested too deeply');
  const format = value === null || typeof value !== 'object' ? undefined : (value as { format?: unknown }).format;
  if (format !== CASSETTE_FORMAT) throw invalid('it is another kind of file');
  const newer = (value as { format_version?: unknown }).format_version;
  if (typeof newer === 'number' && newer > CASSETTE_VERSION) throw invalid('it was made by a newer version of the app');
  const read = FORM.safeParse(value);
  if (read.success) return read.data as Cassette;
  throw invalid(`its form is not that of a recording, at '${read.error.issues[0]?.path.join('.') ?? ''}'`);
}
