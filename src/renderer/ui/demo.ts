/** The built-in agent that answers without a model (SPEC §4.4). Wherever it answered, the word Demo stands. */
export const DEMO_AGENT = 'demo';
export const isDemoAgent = (name: string | null | undefined): boolean => name === DEMO_AGENT;
