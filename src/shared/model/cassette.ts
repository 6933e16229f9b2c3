import type { Json, JsonMap } from '../json.ts';
import type { ValueChange } from './comparison.ts';
import type { RunCreated, WaitpointResolved } from './events.ts';
import type { Outcome } from './run.ts';

/** What files of recordings say that they are, and the newest form that is read. */
export const CASSETTE_FORMAT = 'aiworkflow-cassette';
export const CASSETTE_VERSION = 1;
/** How a file of a recording ends. */
export const CASSETTE_ENDING = '.cassette.json';
/** A recording of more is not made, and not read. */
export const MAX_CASSETTE_BYTES = 8 * 1024 * 1024;
/** A name of a recording: it is the name of its file too. */
export const CASSETTE_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** SHA-256 of the JSON text of a value; the value stands once, under `parts`. */
export type PartHash = string;

/** When a step of a recorded run saw which `now`, and how long it took; in the order in which steps began. */
export interface RecordedStep {
  readonly path: string;
  /** UTC ms. */
  readonly now: number;
  readonly ms: number | null;
}

/** How a recorded exchange ended. */
export type RecordedAnswer =
  | { readonly status: 'completed'; readonly output: PartHash; readonly metadata: PartHash | null }
  /** `to` = the agent that took the step over. */
  | { readonly status: 'failed'; readonly error: PartHash; readonly to: string | null }
  /** Nobody waited for it any more: another branch had failed, or the time of a block or of the run was up. */
  | { readonly status: 'called_off' }
  /** An approval whose proposal a person sent back, or that was asked anew. */
  | {
      readonly status: 'reopened';
      readonly from: string;
      readonly reason: 'revised' | 'changed';
      readonly comment: string;
    };

/** One thing that a step asked of a tool, an agent, a person, a clock or another run, and what came of it. */
export interface RecordedExchange {
  readonly path: string;
  /** `call` = a tool call of the agent of the step: for the reader, the agent's answer stands for it. */
  readonly role: 'main' | 'fallback' | 'undo' | 'call';
  readonly now: number;
  /** Action, agent and model, and the rendered arguments. */
  readonly asked: PartHash;
  readonly answer: RecordedAnswer;
  /** Steps that rested: what they waited for came by this. */
  readonly by?: WaitpointResolved['by'];
  readonly decided?: NonNullable<WaitpointResolved['status']>;
}

/**
 * What a run asked and was answered, as one file (SPEC §3.9): made from what its journal says, without secrets. Equal values stand once,
 * under their hash.
 */
export interface Cassette {
  readonly format: typeof CASSETTE_FORMAT;
  readonly format_version: number;
  readonly workflow: { readonly id: string; readonly name: string; readonly version: string; readonly hash: string };
  readonly run: { readonly id: string; readonly created_at: string };
  readonly start: {
    readonly inputs: PartHash;
    readonly agent: string | null;
    readonly agent_from: RunCreated['agentFrom'] | null;
    readonly model: string | null;
    /** What templates saw as `run` and `trigger`. */
    readonly names: PartHash;
    /** What a retry had taken over from an earlier run; null = nothing. */
    readonly carried: PartHash | null;
    readonly kept: PartHash | null;
  };
  readonly steps: readonly RecordedStep[];
  readonly exchanges: readonly RecordedExchange[];
  /** What the run came to: a test holds a replay against it. */
  readonly expect: {
    readonly status: 'completed' | 'failed';
    readonly outcome: Outcome;
    readonly outputs: PartHash;
    readonly error: string | null;
  };
  readonly parts: JsonMap;
}

/** What a run is answered from. */
export interface RunReplay {
  /** Name of the recording. */
  readonly name: string;
  /** The first step that is done for real; null = none is, nothing is called. */
  readonly from: string | null;
  readonly tape: Cassette;
}

/** What a step asks that is answered from a recording. */
export interface Asked {
  readonly action: string;
  readonly agent: { readonly name: string; readonly model: string | null } | null;
  readonly inputs: Json;
}

/** Where a replay is not what was recorded. */
export interface Drift {
  readonly path: string;
  readonly name: string;
  /** `changed` = it asks something else; `unexpected` = the recording has no such step; `not_reached` = it was not come to. */
  readonly kind: 'changed' | 'unexpected' | 'not_reached';
  /** Expected before, actual after, by their places. */
  readonly changes: readonly ValueChange[];
}

/** How a replay came out beside what was recorded. */
export interface ReplayReport {
  readonly name: string;
  /** The run that was recorded; it may be gone, or have been another project's. */
  readonly recordedRun: string;
  readonly from: string | null;
  /** How many of the recorded exchanges were answered again. */
  readonly answered: number;
  readonly exchanges: number;
  readonly verdict: 'running' | 'passed' | 'drift' | 'failed';
  readonly drift: Drift | null;
  readonly expected: { readonly status: string; readonly error: string | null };
  /** Where the outputs are other ones: recorded before, of the replay after. */
  readonly outputs: readonly ValueChange[];
}
