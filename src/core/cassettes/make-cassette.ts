import { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import {
  type Asked,
  CASSETTE_FORMAT,
  CASSETTE_VERSION,
  type Cassette,
  MAX_CASSETTE_BYTES,
  type RecordedExchange,
  type RecordedStep,
} from '../../shared/model/cassette.ts';
import type { RunCreated, RunEnded, RunEvent, StoredEvent } from '../../shared/model/events.ts';
import { sha256Hex } from '../crypto/index.ts';
import { createFieldCleaner } from './clean.ts';
import { readExchanges } from './read-exchanges.ts';

/** How an exchange stands while the values are not cleaned yet. */
export interface OpenExchange extends Omit<RecordedExchange, 'asked' | 'answer'> {
  readonly asked: Asked;
  readonly answer:
    | { readonly status: 'completed'; readonly output: Json; readonly metadata: Json }
    | { readonly status: 'failed'; readonly error: Json; readonly to: string | null }
    | Extract<RecordedExchange['answer'], { status: 'reopened' | 'called_off' }>;
}

/** What is read of a run before its values are cleaned. */
export interface RunRecording {
  readonly created: RunCreated;
  readonly createdAt: number;
  readonly ended: RunEnded;
  readonly steps: readonly RecordedStep[];
  readonly exchanges: readonly OpenExchange[];
}

/** What the caller knows of the run that its events do not say. */
export interface CassetteSource {
  readonly runId: string;
  /** What templates saw as `run` and `trigger`. */
  readonly names: JsonMap;
  /** Takes out the secrets that are known. */
  readonly clean: <T>(value: T) => T;
}

/**
 * Makes a recording of the events of a run that has ended. Errors: `cassette.not_recordable` (it has not ended, was cancelled, or is itself a
 * replay), `cassette.too_large`.
 */
export function makeCassette(events: Iterable<StoredEvent<RunEvent>>, source: CassetteSource): Cassette {
  const recording = readExchanges(events);
  const { created, createdAt, ended, steps, exchanges } = recording;
  const known = source.clean({ created, ended, exchanges, names: source.names });
  const fields = createFieldCleaner();
  fields.note(known);
  const clean = fields.clean(known);
  const parts: Record<string, Json> = {};
  const part = (value: unknown): string => {
    // As it stands: in templates the order of the keys of a map can be seen.
    const text = JSON.stringify(value);
    const hash = sha256Hex(text);
    parts[hash] ??= JSON.parse(text) as Json;
    return hash;
  };
  const start = clean.created;
  const cassette: Cassette = {
    format: CASSETTE_FORMAT,
    format_version: CASSETTE_VERSION,
    workflow: {
      ...{ id: start.workflowId, name: start.workflowName, version: start.versionLabel, hash: start.versionHash },
    },
    run: { id: source.runId, created_at: new Date(createdAt).toISOString() },
    start: {
      inputs: part(start.inputs),
      agent: start.agent,
      agent_from: start.agentFrom ?? null,
      model: start.model,
      names: part(clean.names),
      carried: start.carried.length === 0 ? null : part(start.carried),
      kept: start.kept === undefined ? null : part(start.kept),
    },
    steps,
    exchanges: clean.exchanges.map((one) => sealExchange(one, part)),
    expect: {
      status: clean.ended.type === 'run.completed' ? 'completed' : 'failed',
      outcome: clean.ended.outcome,
      outputs: part(clean.ended.outputs),
      error: clean.ended.error?.message ?? null,
    },
    parts,
  };
  if (Buffer.byteLength(cassetteText(cassette)) > MAX_CASSETTE_BYTES)
    throw new AppError('cassette.too_large', 'The recording of this run is larger than 8 MiB.', {
      hint: 'Record a run with less data.',
    });
  return cassette;
}

function sealExchange({ asked, answer, ...place }: OpenExchange, part: (value: unknown) => string): RecordedExchange {
  const sealed = { ...place, asked: part(asked) };
  if (answer.status === 'reopened' || answer.status === 'called_off') return { ...sealed, answer };
  if (answer.status === 'failed') return { ...sealed, answer: { ...answer, error: part(answer.error) } };
  const metadata = answer.metadata === null ? null : part(answer.metadata);
  return { ...sealed, answer: { status: 'completed', output: part(answer.output), metadata } };
}

/** A recording as the text of its file: one line a member, so that a difference can be read. */
export const cassetteText = (cassette: Cassette): string => `${JSON.stringify(cassette, null, 1)}\n`;
