import type { TokenUsage } from '../../shared/model/agent.ts';

const CHARACTERS_A_TOKEN = 4;

/** Tokens of so many characters, about four each. */
export const estimateTokens = (chars: number): number => Math.ceil(chars / CHARACTERS_A_TOKEN);

/** Tokens of a question and its answer, from their lengths in characters (SPEC §4.4 "estimated by tokens"). */
export const estimateUsage = (sentChars: number, saidChars: number): TokenUsage => ({
  inputTokens: estimateTokens(sentChars),
  outputTokens: estimateTokens(saidChars),
  cachedTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  isEstimated: true,
});
