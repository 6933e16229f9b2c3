import { fromE10, toE10 } from '../../../../shared/decimal.ts';
import { AppError } from '../../../../shared/errors.ts';
import type { Json, JsonMap } from '../../../../shared/json.ts';
import { addUsage, NO_USAGE, paidCalls, type TokenUsage } from '../../../../shared/model/agent.ts';
import type { AgentReply } from '../../../agent-port/index.ts';
import type { ProcessEnd } from '../../../processes/index.ts';
import { readContent } from '../../output/answer-content.ts';
import { countOf, mapOf } from '../adapter-options.ts';
import { lastWords, notLoggedIn, providerError, unreadableEnd, withSpent } from '../end-errors.ts';
import { noticesBelow } from '../json-lines.ts';
import { decimalUsd } from '../reported-cost.ts';
import type { ClaudeTranscript } from './claude-events.ts';

/** The name of this agent. */
export const CLAUDE = 'claude-code';
/** What to do where nobody is logged in. */
export const CLAUDE_LOGIN = 'Run claude once and log in with /login, or set ANTHROPIC_API_KEY.';

/** The answer of an ended process, or its typed error (SPEC §4.4). */
export function claudeReply(transcript: ClaudeTranscript, end: ProcessEnd): AgentReply {
  const { result } = transcript;
  if (result === null) throw withoutResult(transcript, end);
  const usage = usageOf(result);
  const model = modelOf(transcript, result);
  const total = { reportedCost: costOf(result, usage), ...sharesOf(result) };
  if (result.is_error === true || result.subtype !== 'success')
    throw withSpent(failureOf(transcript, result, { usage, model }), total);
  const structured = result.structured_output ?? undefined;
  const text = readContent(result.result).text || transcript.text;
  if (text === '' && structured === undefined) throw unreadableEnd(CLAUDE, end, CLAUDE_LOGIN);
  return {
    text,
    ...(structured === undefined ? {} : { structured, notices: noticesBelow(transcript.notices, 'structured_output') }),
    model,
    usage,
    ...total,
  };
}

function withoutResult({ apiError, model, used: usage }: ClaudeTranscript, end: ProcessEnd): AppError {
  if (apiError === null) return withSpent(unreadableEnd(CLAUDE, end, CLAUDE_LOGIN), { usage });
  return refusal(apiError, { usage, model });
}

type Spent = { readonly usage: TokenUsage | null; readonly model: string | null };

function failureOf({ apiError }: ClaudeTranscript, result: JsonMap, spent: Spent): AppError {
  if (apiError !== null && result.terminal_reason !== 'completed') return refusal(apiError, spent);
  const said = lastWords(
    typeof result.result === 'string' ? result.result : JSON.stringify(result.errors ?? result.subtype ?? ''),
  );
  const details = { agent: CLAUDE, ...(spent.usage === null ? {} : { usage: spent.usage }), model: spent.model };
  switch (result.subtype) {
    case 'error_max_turns':
      return new AppError('agent.turn_limit', `The agent ${CLAUDE} used up its turns: ${said}`, { details });
    case 'error_max_budget_usd':
      return new AppError('agent.budget_spent', `The agent ${CLAUDE} stopped at its budget: ${said}`, { details });
    case 'error_max_structured_output_retries':
      return new AppError('agent.invalid_output', `The agent ${CLAUDE} gave no answer that meets the schema: ${said}`, {
        details,
      });
    default: {
      // Some versions name a refusal of the provider in the words of their last event alone.
      const { api_error_status: status } = result;
      return providerError({
        ...{ agent: CLAUDE, said, status: typeof status === 'number' ? status : null, loginHint: CLAUDE_LOGIN },
        ...spent,
      });
    }
  }
}

/** What stands in `error` of a refused answer where no status says it. */
const STATUS_OF: Readonly<Record<string, number>> = { rate_limit: 429, overloaded: 529, model_not_found: 404 };

function refusal(error: NonNullable<ClaudeTranscript['apiError']>, { usage, model }: Spent): AppError {
  const status = error.status ?? STATUS_OF[error.kind] ?? null;
  const failure = { agent: CLAUDE, said: error.text, status, loginHint: CLAUDE_LOGIN, usage, model };
  return error.kind === 'authentication_failed' ? notLoggedIn(failure) : providerError(failure);
}

/** Sums over the models that were asked; null = nothing was spent or said. Cached input is not in `inputTokens` there. */
function usageOf(result: JsonMap): TokenUsage | null {
  const usage = Object.values(mapOf(result.modelUsage)).map(usageOfModel).reduce(addUsage, NO_USAGE);
  return usage.inputTokens + usage.outputTokens === 0 ? null : usage;
}

function usageOfModel(said: Json): TokenUsage {
  const one = mapOf(said);
  const [cachedTokens, cacheWriteTokens] = [countOf(one.cacheReadInputTokens), countOf(one.cacheCreationInputTokens)];
  const outputTokens = countOf(one.outputTokens);
  return {
    inputTokens: countOf(one.inputTokens) + cachedTokens + cacheWriteTokens,
    outputTokens,
    cachedTokens,
    cacheWriteTokens,
    reasoningTokens: Math.min(outputTokens, countOf(one.thinkingTokens)),
    isEstimated: false,
    ...paidCalls(countOf(one.webSearchRequests)),
  };
}

/** What each of several models cost, where their parts come to what it says of the whole; else the whole stays one. */
function sharesOf(result: JsonMap): Pick<AgentReply, 'shares'> {
  const models = Object.entries(mapOf(result.modelUsage));
  if (models.length < 2) return {};
  const shares = models.map(([model, said]) => ({
    model,
    usage: usageOfModel(said),
    reportedCost: decimalUsd(mapOf(said).costUSD),
  }));
  const total = decimalUsd(result.total_cost_usd);
  if (total === null) return { shares };
  const [first, ...others] = shares.map(({ reportedCost }) => toE10(reportedCost ?? '0'));
  const firstCost = toE10(total) - others.reduce((sum, cost) => sum + cost, 0);
  // What it prints are floats: their last place may differ.
  if (Math.abs(firstCost - (first ?? 0)) > shares.length || firstCost < 0) return {};
  return { shares: shares.map((share, at) => (at === 0 ? { ...share, reportedCost: fromE10(firstCost) } : share)) };
}

/** Of several models the one that wrote most. */
function modelOf({ model }: ClaudeTranscript, result: JsonMap): string | null {
  const used = Object.entries(mapOf(result.modelUsage)).map(([name, one]) => ({
    name,
    out: countOf(mapOf(one).outputTokens),
  }));
  return used.toSorted((a, b) => b.out - a.out)[0]?.name ?? model;
}

/** Nothing said for something used means that it knows no price. */
function costOf(result: JsonMap, usage: TokenUsage | null): string | null {
  return usage === null ? null : decimalUsd(result.total_cost_usd);
}
