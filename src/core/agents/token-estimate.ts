import type { TokenUsage } from '../../shared/model/agent.ts';

const CHARACTERS_A_TOKEN = 4;

const tokensOf = (text: string): number => Math.ceil(text.length / CHARACTERS_A_TOKEN);

/** Tokens of a question and its answer, about four characters each (SPEC §4.4 "estimated by tokens"). */
export const estimateUsage = (prompt: string, answer: string): TokenUsage => ({
  inputTokens: tokensOf(prompt),
  outputTokens: tokensOf(answer),
  cachedTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  isEstimated: true,
});
