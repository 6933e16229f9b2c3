import { AppError } from '../../../shared/errors.ts';
import type { AgentAdapter, AgentRequest, McpServerSpec } from '../../agent-port/index.ts';
import { createRedactor, type Redactor } from '../../redaction/index.ts';
import type { CliAdapterOptions } from './adapter-options.ts';
import { checkEnvironment, type EnvironmentParts, namedKey } from './agent-environment.ts';

const KEY_NAME = /KEY|TOKEN|SECRET|PASSWORD/i;

/** Providers and agents repeat keys in what they say: none of those that we hand over gets any further (SPEC §12.4). */
export function hideKeys(
  adapter: AgentAdapter,
  options: Pick<CliAdapterOptions, 'hostEnv' | 'config' | 'onKey'>,
  parts: EnvironmentParts,
): AgentAdapter {
  const named = namedKey(options);
  const own = keysOf(checkEnvironment(options, parts));
  const redactorFor = (servers: readonly McpServerSpec[]): Redactor => {
    const redactor = createRedactor();
    // Whatever its name and length.
    if (named !== null) redactor.addKeys([named.value]);
    redactor.add([...own, ...servers.flatMap((one) => ('url' in one ? Object.values(one.headers) : keysOf(one.env)))]);
    return redactor;
  };
  const quiet = <R extends Pick<AgentRequest, 'note'>>(request: R, redactor: Redactor): R => ({
    ...request,
    note: (item) => request.note(redactor.redact(item)),
  });
  const { recover } = adapter;
  return {
    ...adapter,
    probe: (signal) => hidden(redactorFor([]), () => adapter.probe(signal)),
    ask: (request) => {
      const redactor = redactorFor(request.mcpServers);
      return hidden(redactor, () => adapter.ask(quiet(request, redactor)));
    },
    ...(recover === undefined
      ? {}
      : {
          recover: (request) => {
            const redactor = redactorFor(request.mcpServers);
            return hidden(redactor, () => recover(quiet(request, redactor)));
          },
        }),
  };
}

const keysOf = (env: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(env).flatMap(([name, value]) => (KEY_NAME.test(name) ? [value] : []));

async function hidden<T>(redactor: Redactor, work: () => Promise<T>): Promise<T> {
  try {
    return redactor.redact(await work());
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const { code, message, hint, details, retryable } = redactor.redact(thrown.toRecord());
    throw new AppError(code, message, { hint, details, retryable, cause: thrown.cause });
  }
}
