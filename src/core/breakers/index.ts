export { AGENT_BREAKER, type BreakerRecord, WORKFLOW_BREAKER } from './breaker.ts';
export { type BreakerPass, type BreakerStore, Breakers } from './breakers.ts';
