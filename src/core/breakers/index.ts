export { AGENT_BREAKER, type BreakerRecord } from './breaker.ts';
export { type BreakerPass, type BreakerStore, Breakers } from './breakers.ts';
