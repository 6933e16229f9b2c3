/** What the product says about an agent before any file does (SPEC §4.3 "Listed"). */
export interface ShippedAgent {
  readonly name: string;
  readonly provider: string;
  readonly kind: 'cli' | 'http' | 'built_in';
  readonly description: string;
  readonly installHint: string | null;
  /** Where it is reached when no file says otherwise; null = nowhere of ours. */
  readonly baseUrl: string | null;
  /** Environment variables that hold its key. */
  readonly keys: readonly string[];
  readonly strengths: readonly string[];
  readonly limitations: readonly string[];
}

/** Agents that are listed in every project, in this order. Which of them can be chosen depends on the adapters that there are. */
export const SHIPPED_AGENTS: readonly ShippedAgent[] = [
  {
    name: 'claude-code',
    provider: 'anthropic',
    kind: 'cli',
    description: 'Claude Code on the command line: reads and edits files, runs commands within the limits of a step.',
    installHint: 'npm install -g @anthropic-ai/claude-code, then run claude once to log in.',
    baseUrl: null,
    keys: ['ANTHROPIC_API_KEY'],
    strengths: ['code review', 'editing files', 'MCP tools', 'long tasks'],
    limitations: ['needs an account or an API key'],
  },
  {
    name: 'opencode',
    provider: 'multiple',
    kind: 'cli',
    description: 'OpenCode on the command line or as a local server, with the models of many providers.',
    installHint: 'npm install -g opencode-ai, then run opencode auth login.',
    baseUrl: null,
    keys: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GEMINI_API_KEY'],
    strengths: ['many providers', 'editing files', 'MCP tools'],
    limitations: ['what it can do depends on the model'],
  },
  {
    name: 'aider',
    provider: 'multiple',
    kind: 'cli',
    description: 'Aider on the command line.',
    installHint: 'See https://aider.chat/docs/install.html.',
    baseUrl: null,
    keys: ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY'],
    strengths: ['editing a git repository'],
    limitations: [],
  },
  {
    name: 'codex',
    provider: 'openai',
    kind: 'cli',
    description: 'Codex on the command line.',
    installHint: 'npm install -g @openai/codex',
    baseUrl: null,
    keys: ['OPENAI_API_KEY'],
    strengths: ['editing files'],
    limitations: [],
  },
  {
    name: 'gemini-cli',
    provider: 'google',
    kind: 'cli',
    description: 'Gemini on the command line.',
    installHint: 'npm install -g @google/gemini-cli',
    baseUrl: null,
    keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    strengths: ['large context'],
    limitations: [],
  },
  {
    name: 'copilot',
    provider: 'github',
    kind: 'cli',
    description: 'GitHub Copilot on the command line.',
    installHint: 'npm install -g @github/copilot',
    baseUrl: null,
    keys: ['GITHUB_TOKEN'],
    strengths: ['work around GitHub'],
    limitations: [],
  },
  {
    name: 'ollama',
    provider: 'ollama',
    kind: 'http',
    description: 'Models on this machine, served by Ollama.',
    installHint: 'Install it from https://ollama.com and start it, then pull a model: ollama pull llama3.',
    baseUrl: 'http://127.0.0.1:11434',
    keys: [],
    strengths: ['nothing leaves this machine', 'no cost for each call'],
    limitations: ['small models follow a schema less well'],
  },
  {
    name: 'openai',
    provider: 'openai',
    kind: 'http',
    description: 'Any service that speaks the chat completions of OpenAI.',
    installHint: 'Set OPENAI_API_KEY; for another service also agent.configs.openai.api_base_url.',
    baseUrl: 'https://api.openai.com/v1',
    keys: ['OPENAI_API_KEY'],
    strengths: ['structured output', 'function calling'],
    limitations: ['needs an API key'],
  },
  {
    name: 'anthropic',
    provider: 'anthropic',
    kind: 'http',
    description: 'Claude models over their API.',
    installHint: 'Set ANTHROPIC_API_KEY.',
    baseUrl: 'https://api.anthropic.com',
    keys: ['ANTHROPIC_API_KEY'],
    strengths: ['structured output', 'function calling'],
    limitations: ['needs an API key'],
  },
  {
    name: 'demo',
    provider: 'built-in',
    kind: 'built_in',
    description: 'Fills forms from the data of a step, offline and always the same way. Its answers say demo.',
    installHint: null,
    baseUrl: null,
    keys: [],
    strengths: ['offline', 'deterministic', 'no key'],
    limitations: ['does not think'],
  },
];
