import { AppError } from '../../shared/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that hold a key of models by their very name. */
const MODEL_KEYS: ReadonlySet<string> = new Set([
  ...['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN', 'OPENAI_API_KEY', 'AZURE_OPENAI_API_KEY'],
  ...['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY', 'OPENROUTER_API_KEY', 'GROQ_API_KEY'],
  ...['MISTRAL_API_KEY', 'XAI_API_KEY', 'DEEPSEEK_API_KEY', 'TOGETHER_API_KEY', 'FIREWORKS_API_KEY', 'COHERE_API_KEY'],
  ...['CEREBRAS_API_KEY', 'PERPLEXITY_API_KEY', 'NVIDIA_API_KEY', 'OLLAMA_API_KEY', 'OPENCODE_API_KEY'],
]);

/** The variable in which a person declares further ones: it stands outside of everything that a workflow can write. */
const DECLARATION = 'AIWORKFLOW_AGENT_KEYS';

/**
 * Whether a variable may be sent to a model's service as its key. A settings file names it, and a settings file may have been written
 * by anybody: any other variable of this machine, such as a cloud's secret, would go to whatever address stands beside it.
 */
export function isDeclaredKey(name: string, env: Environment): boolean {
  const declared = Object.hasOwn(env, DECLARATION) ? (env[DECLARATION] ?? '') : '';
  return MODEL_KEYS.has(name) || declared.split(/[\s,;:]+/).includes(name);
}

/** `agent.not_configured` where the `api_key` of an agent's settings names anything else. */
export function requireDeclaredKey(agent: string, name: string, env: Environment): void {
  if (isDeclaredKey(name, env)) return;
  // Where somebody wrote the key itself instead of a name, it must not be repeated.
  const shown = /^[A-Z][A-Z0-9_]{0,63}$/.test(name) ? name : 'a variable';
  throw new AppError(
    'agent.not_configured',
    `api_key of '${agent}' names ${shown}, which is not declared as a key of agents.`,
    {
      hint: `Set ${DECLARATION}=${shown === name ? name : 'NAME'} in the environment of the app, or use the provider's own variable. api_key is the name of a variable, never the key.`,
      details: { agent },
    },
  );
}
