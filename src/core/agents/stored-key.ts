import type { JsonMap } from '../../shared/json.ts';
import type { AgentAdapter } from '../agent-port/index.ts';

/** Reads a secret of the store for an agent; null = there is none of that name. Errors: `secret.*`. */
export type ReadStoredKey = (agent: string, name: string) => Promise<string> | null;

type Environment = Record<string, string | undefined>;

/**
 * An agent whose `api_key` may name a secret of the store: the key is read when the agent is reached, into an environment of its own that no
 * other agent sees. That a person allowed the secret to this agent is the declaration that `api_key` needs.
 */
export function withStoredKey(
  name: string,
  {
    config,
    hostEnv,
    readKey,
  }: { readonly config: JsonMap; readonly hostEnv: Readonly<Environment>; readonly readKey: ReadStoredKey },
  create: (env: Readonly<Environment>) => AgentAdapter,
): AgentAdapter {
  const key = config.api_key;
  if (typeof key !== 'string' || key === '') return create(hostEnv);
  const env: Environment = { ...hostEnv };
  const adapter = create(env);
  const prepare = async (): Promise<void> => {
    const reading = hostEnv[key] === undefined ? readKey(name, key) : null;
    if (reading === null) return;
    delete env[key];
    env[key] = await reading;
    env.AIWORKFLOW_AGENT_KEYS = `${hostEnv.AIWORKFLOW_AGENT_KEYS ?? ''} ${key}`;
  };
  const { recover } = adapter;
  return {
    ...adapter,
    probe: async (signal) => {
      await prepare();
      return adapter.probe(signal);
    },
    ask: async (request) => {
      await prepare();
      return adapter.ask(request);
    },
    ...(recover === undefined
      ? {}
      : {
          recover: async (request) => {
            await prepare();
            return recover(request);
          },
        }),
  };
}
