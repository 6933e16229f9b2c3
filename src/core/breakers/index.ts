export { AGENT_BREAKER, type BreakerRecord, type BreakerSettings } from './breaker.ts';
export { type BreakerPass, type BreakerStore, Breakers } from './breakers.ts';
