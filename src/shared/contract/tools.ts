import { z } from 'zod';
import type { ToolCallOutcome, ToolDetail, ToolSummary } from '../model/tool.ts';
import { inputsField } from './fields.ts';
import { operation } from './operation.ts';

export interface ToolList {
  readonly tools: readonly ToolSummary[];
  /** False where the project has no registry.yaml. */
  readonly hasRegistry: boolean;
  readonly problems: readonly string[];
}

export interface ToolTest {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly message: string }[];
}

/** The name of a tool. */
export const toolNameField = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z_][\w-]*$/);

/** What can be done about tools. */
export const toolOperations = {
  /** Starts no process and sends nothing (DESIGN decision 13). */
  'tools.list': operation<ToolList>()(z.strictObject({}), 'tool:read'),
  'tools.show': operation<ToolDetail>()(z.strictObject({ tool: toolNameField }), 'tool:read'),
  /**
   * Reaches the tool and lists its operations. The first time their definitions are pinned; when they are different from the pin
   * later, `change` says how and calls are refused (`tool.changed`) until somebody comes back with `accept` and the hash they saw.
   */
  'tools.refresh': operation<ToolDetail>()(
    z.strictObject({ tool: toolNameField, accept: z.string().max(64).optional() }),
    'tool:configure',
    'tool.configured',
  ),
  'tools.call': operation<ToolCallOutcome>()(
    z.strictObject({ tool: toolNameField, operation: z.string().min(1).max(200), params: inputsField.default({}) }),
    'tool:use',
    'tool.executed',
  ),
  /** Reaches the tool without calling an operation: starts, lists, logs in where that is free. */
  'tools.test': operation<ToolTest>()(z.strictObject({ tool: toolNameField }), 'tool:use'),
  /** Ends the process of an MCP server; the next call starts it anew. */
  'tools.stopServer': operation<null>()(z.strictObject({ tool: toolNameField }), 'tool:configure', 'tool.configured'),
} as const;
