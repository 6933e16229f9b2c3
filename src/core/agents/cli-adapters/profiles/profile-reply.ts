import type { AppError } from '../../../../shared/errors.ts';
import type { Json } from '../../../../shared/json.ts';
import type { TokenUsage } from '../../../../shared/model/agent.ts';
import type { AgentReply } from '../../../agent-port/index.ts';
import type { ProcessEnd } from '../../../processes/index.ts';
import { countOf, mapOf } from '../adapter-options.ts';
import { lastWords, providerError, unreadableEnd } from '../end-errors.ts';
import { eventsOf, parseJson } from '../json-lines.ts';
import { decimalUsd } from '../reported-cost.ts';
import type { CliProfile, ValuePath } from './cli-profile.ts';
import { stripOutput } from './strip-output.ts';

/** The answer of an ended process as its profile describes it, or a typed error. */
export function profileReply(profile: CliProfile, end: ProcessEnd, model: string | null): AgentReply {
  const stdout = stripOutput(end.stdout, profile.strip);
  const values = valuesOf(profile, stdout);
  const usage = usageOf(profile, values);
  const error = lastAt(values, profile.errorPath);
  if (error !== undefined && error !== null && error !== false && error !== '')
    throw failed(profile, textOfJson(error), usage);
  if (end.exitCode === null || !profile.successCodes.includes(end.exitCode)) throw failedEnd(profile, end, usage);
  const spent = { model, usage, reportedCost: costOf(profile, values) };
  if (profile.output === 'text') return { text: stdout.trim(), ...spent };
  const result = profile.resultPath === null ? values.at(-1) : lastAt(values, profile.resultPath);
  if (result === undefined) throw unreadableEnd(profile.name, { ...end, exitCode: 0, stdout });
  const isPlain = typeof result !== 'object' || result === null;
  return isPlain
    ? { text: textOfJson(result), ...spent }
    : { text: JSON.stringify(result), structured: result, ...spent };
}

/** The JSON values of an output: one, one a line, or none where it is text. */
function valuesOf(profile: CliProfile, stdout: string): readonly Json[] {
  if (profile.output === 'jsonl') return eventsOf(stdout);
  const value = profile.output === 'json' ? parseJson(stdout.trim()) : undefined;
  return value === undefined ? [] : [value];
}

const textOfJson = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

function valueAt(value: Json, path: ValuePath): Json | undefined {
  let current: Json | undefined = value;
  for (const step of path) {
    if (typeof step === 'number') current = Array.isArray(current) ? current[step] : undefined;
    else current = Object.hasOwn(mapOf(current), step) ? mapOf(current)[step] : undefined;
  }
  return current;
}

/** What the last value that has the path says there: later lines sum up the earlier ones. */
function lastAt(values: readonly Json[], path: ValuePath | null): Json | undefined {
  if (path === null) return undefined;
  return values.map((value) => valueAt(value, path)).findLast((found) => found !== undefined);
}

function usageOf({ usage }: CliProfile, values: readonly Json[]): TokenUsage | null {
  const inputTokens = countOf(lastAt(values, usage.inputTokens));
  const outputTokens = countOf(lastAt(values, usage.outputTokens));
  if (inputTokens + outputTokens === 0) return null;
  const cachedTokens = Math.min(inputTokens, countOf(lastAt(values, usage.cachedTokens)));
  return { inputTokens, outputTokens, cachedTokens, cacheWriteTokens: 0, reasoningTokens: 0, isEstimated: false };
}

function costOf({ usage }: CliProfile, values: readonly Json[]): string | null {
  const cost = lastAt(values, usage.costUsd);
  return decimalUsd(typeof cost === 'string' && cost.trim() !== '' ? Number(cost) : cost);
}

/** Words by which programs that nobody described any closer say why a provider refused. */
const STATUS_WORDS: readonly (readonly [RegExp, number])[] = [
  [/\b401\b|unauthori[sz]ed|not logged in|not authenticated|invalid api key|incorrect api key|please log ?in/i, 401],
  [/\b429\b|rate.?limit|too many requests|quota exceeded/i, 429],
  [/\b(529|503)\b|overloaded/i, 529],
];

function failed(profile: CliProfile, said: string, usage: TokenUsage | null): AppError {
  const status = STATUS_WORDS.find(([words]) => words.test(said))?.[1] ?? null;
  const loginHint = `Log in to ${profile.command}, or set its key.`;
  return providerError({ agent: profile.name, status, said, loginHint, usage, model: null });
}

function failedEnd(profile: CliProfile, end: ProcessEnd, usage: TokenUsage | null): AppError {
  const said = lastWords(end.stderr.trim() === '' ? end.stdout : end.stderr);
  const isKnown = STATUS_WORDS.some(([words]) => words.test(said));
  // A code of success that the profile does not list is a failure all the same.
  return isKnown
    ? failed(profile, said, usage)
    : unreadableEnd(profile.name, end.exitCode === 0 ? { ...end, stderr: said } : end);
}
