import type { OperationName } from '../../shared/contract/index.ts';
import type { ToolRegistry } from '../tools/index.ts';
import type { HandlersOf } from './handlers.ts';

type ToolOperation = Extract<OperationName, `tools.${string}`>;

/** What the use cases of tools need of a project. */
export type ToolAccess = Pick<ToolRegistry, 'list' | 'show' | 'refresh' | 'call' | 'test' | 'stopServer'>;

/** The use cases of tools over one open project. A call from a door belongs to no run: it ends by itself, or when the project is closed. */
export function toolHandlers({ registry }: { readonly registry: ToolAccess }): HandlersOf<ToolOperation> {
  return {
    'tools.list': () => registry.list(),
    'tools.show': ({ tool }) => registry.show(tool),
    'tools.refresh': ({ tool, accept }) => registry.refresh(tool, accept),
    'tools.call': ({ tool, operation, params }) =>
      registry.call(tool, operation, params, { signal: new AbortController().signal, log: () => undefined }),
    'tools.test': ({ tool }) => registry.test(tool),
    'tools.stopServer': async ({ tool }) => {
      await registry.stopServer(tool);
      return null;
    },
  };
}
