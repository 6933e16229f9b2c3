import type { AppError } from '../../../../shared/errors.ts';
import { isJsonMap, type Json, type ReadJson, readShallowJson } from '../../../../shared/json.ts';
import type { TokenUsage } from '../../../../shared/model/agent.ts';
import type { AgentReply } from '../../../agent-port/index.ts';
import type { ProcessEnd } from '../../../processes/index.ts';
import { readContent } from '../../output/answer-content.ts';
import { countOf, mapOf } from '../adapter-options.ts';
import { lastWords, providerError, statusIn, unreadableEnd } from '../end-errors.ts';
import { eventsOf, noticesBelow } from '../json-lines.ts';
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
  const found = profile.resultPath === null ? values.at(-1) : values.findLast((one) => isGiven(resultIn(one, profile)));
  const result = found === undefined ? undefined : resultIn(found, profile);
  if (found === undefined || result === undefined || result === null)
    throw unreadableEnd(profile.name, { ...end, exitCode: 0, stdout }, loginHint(profile));
  const text = isSaid(result) ? readContent(result).text : null;
  if (text !== null) return { text, ...spent };
  if (typeof result !== 'object') return { text: textOfJson(result), ...spent };
  const notices = noticesBelow(found.notices, pathText(profile.resultPath));
  return { text: JSON.stringify(result), structured: result, notices, ...spent };
}

const resultIn = ({ value }: ReadJson, { resultPath }: CliProfile): Json | undefined =>
  resultPath === null ? value : valueAt(value, resultPath);

const isGiven = (value: Json | undefined): boolean => value !== undefined && value !== null;

/** A text, or a list of the parts of a message. */
const isSaid = (value: Json): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.length > 0 && (value as readonly Json[]).every(isPart));

const isPart = (one: Json): boolean =>
  isJsonMap(one) && ((one.type === 'text' && typeof one.text === 'string') || one.type === 'thinking');

/** As notices name it. */
const pathText = (path: ValuePath | null): string =>
  (path ?? []).map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('');

/** The JSON values of an output: one, one a line, or none where it is text. */
function valuesOf(profile: CliProfile, stdout: string): readonly ReadJson[] {
  if (profile.output === 'text') return [];
  const lines = (): readonly ReadJson[] => eventsOf(stdout).map(({ event, notices }) => ({ value: event, notices }));
  if (profile.output === 'jsonl') return lines();
  // Some programs say a few words before their answer.
  const start = /^[ \t]*[{[]/m.exec(stdout)?.index ?? 0;
  const value = readShallowJson(stdout.trim()) ?? readShallowJson(stdout.slice(start).trim());
  return value === null ? lines() : [value];
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
function lastAt(values: readonly ReadJson[], path: ValuePath | null): Json | undefined {
  if (path === null) return undefined;
  return values.map(({ value }) => valueAt(value, path)).findLast((found) => found !== undefined);
}

function usageOf({ usage }: CliProfile, values: readonly ReadJson[]): TokenUsage | null {
  const inputTokens = countOf(lastAt(values, usage.inputTokens));
  const outputTokens = countOf(lastAt(values, usage.outputTokens));
  if (inputTokens + outputTokens === 0) return null;
  const cachedTokens = Math.min(inputTokens, countOf(lastAt(values, usage.cachedTokens)));
  return { inputTokens, outputTokens, cachedTokens, cacheWriteTokens: 0, reasoningTokens: 0, isEstimated: false };
}

function costOf({ usage }: CliProfile, values: readonly ReadJson[]): string | null {
  const cost = lastAt(values, usage.costUsd);
  return decimalUsd(typeof cost === 'string' && cost.trim() !== '' ? Number(cost) : cost);
}

function failed(profile: CliProfile, said: string, usage: TokenUsage | null): AppError {
  return providerError({ agent: profile.name, status: null, said, loginHint: loginHint(profile), usage, model: null });
}

/** A code of success that the profile does not list is a failure all the same. */
function failedEnd(profile: CliProfile, end: ProcessEnd, usage: TokenUsage | null): AppError {
  const said = lastWords(end.stderr.trim() === '' ? end.stdout : end.stderr);
  return statusIn(said) === null ? unreadableEnd(profile.name, end, loginHint(profile)) : failed(profile, said, usage);
}

/** How a person logs in to programs that many have. */
const LOGINS: Readonly<Record<string, string>> = {
  codex: 'Run codex login, or set OPENAI_API_KEY.',
  gemini: 'Run gemini once and sign in, or set GEMINI_API_KEY.',
  copilot: 'Run copilot once and log in with /login, or set GITHUB_TOKEN.',
  aider: 'Set the key of the provider, for example OPENAI_API_KEY or ANTHROPIC_API_KEY.',
};

const loginHint = ({ command }: CliProfile): string =>
  LOGINS[command.replace(/^.*[\\/]/, '')] ?? `Log in to ${command}, or set its key.`;
