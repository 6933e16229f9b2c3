import type { Json, JsonMap } from '../../../shared/json.ts';
import type { HttpClient } from '../../http/index.ts';
import type { ProcessRunner } from '../../processes/index.ts';
import { type SetTimer, startTimer } from '../../time/index.ts';

/** What every command-line agent is given. Nothing is started by making an adapter. */
export interface CliAdapterOptions {
  /** `agent.configs.<name>` as written. */
  readonly config: JsonMap;
  readonly runner: ProcessRunner;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  readonly projectPath: string;
  /** For OpenCode's server mode. */
  readonly http: HttpClient;
  /** Calls back after so many ms unless stopped; the silence of an agent is measured with it. Default: the system's. */
  readonly startTimer?: StartTimer;
  /** Hears each key that is handed to the program: whatever it says must not repeat it. */
  readonly onKey?: (key: string) => void;
}

export type StartTimer = SetTimer;

/** SPEC §1.5: an agent on the command line has 30 minutes, and 5 minutes without a line of output. */
export const CLI_TIMEOUT_MS = 30 * 60_000;
export const SILENCE_MS = 5 * 60_000;

/** A timer of the system that keeps no process alive. */
export const startSystemTimer: StartTimer = (ms, onTime) => startTimer(ms, onTime, false);

/** A text of the settings, also below `extra`; null = not written. */
export function settingText(config: JsonMap, key: string): string | null {
  const value = settingOf(config, key);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** A number of an agent's settings; null = it is not written, or is none. */
export function settingNumber(config: JsonMap, key: string): number | null {
  const value = settingOf(config, key);
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

/** The texts of a list of an agent's settings; whatever else stands there is left out. */
export function settingTexts(config: JsonMap, key: string): readonly string[] {
  const value = settingOf(config, key);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function settingOf(config: JsonMap, key: string): Json | undefined {
  return config[key] ?? mapOf(config.extra)[key];
}

/** A map, or an empty one for anything else: events of foreign programs are read with it. */
export function mapOf(value: Json | undefined): JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
}

/** The value if it is a list, else an empty one. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The value if it is a text, else null. */
export function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** A count that a foreign program said; anything else counts as none. */
export function countOf(value: Json | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
}
