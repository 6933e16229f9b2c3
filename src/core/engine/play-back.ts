import type { Tool, ToolCall, ToolResult } from '../tool-port/index.ts';
import { splitAction } from '../workflow/index.ts';
import { Playback } from './playback.ts';
import type { AgentHost, EngineHost } from './ports.ts';
import type { DriverOptions } from './run-driver.ts';

/** Built-ins that only work something out: a replay does it again, so that what it gives follows from the workflow as it is now. */
const WORKED_OUT: ReadonlySet<string> = new Set(
  ['set', 'set_outputs', 'noop', 'log', 'fail', 'timestamp'].map((operation) => `workflow.${operation}`),
);

/** An action with the operation that it means where it names a tool alone. */
export function wholeAction(action: string): string {
  const { tool, operation } = splitAction(action);
  return `${tool}.${operation}`;
}

/** True for an action whose end is not recorded but worked out anew. */
export const isWorkedOut = (action: string): boolean => WORKED_OUT.has(action);

/** The surroundings of a run: its own, or where it is answered from a recording those that it is answered by. */
export function playedIfRecorded(options: DriverOptions): DriverOptions {
  const { recorder, host } = options;
  const { replay } = recorder.state.created;
  if (replay === undefined) return options;
  return playBack(options, new Playback(replay, (value) => host.withoutSecrets(value)));
}

/**
 * Where a run is answered from a recording (SPEC §3.9) its tools and agents are asked nothing; where that is so from its begin to its end it
 * writes no file, prepares no folder, sends no notice and counts for no agent.
 */
function playBack(options: DriverOptions, playback: Playback): DriverOptions {
  const { version, builtIns, host, outputs } = options;
  const wrap = (tool: Tool, name: string): Tool => played(tool, name, options, playback);
  const tools = {
    get: (name: string): Tool | undefined => {
      const tool = version.tools.get(name);
      return tool === undefined ? undefined : wrap(tool, name);
    },
    names: () => version.tools.names(),
  };
  const agents = laidOver<AgentHost>(host.agents, { tool: wrap(host.agents.tool, 'agent') });
  return {
    ...options,
    playback,
    version: { ...version, tools },
    builtIns: wrap(builtIns, 'workflow'),
    host: laidOver<EngineHost>(host, { agents, ...(playback.isWhole ? STILL : {}) }),
    outputs: playback.isWhole ? laidOver(outputs, { find: () => null, keep: () => undefined }) : outputs,
  };
}

function played(tool: Tool, name: string, { recorder }: DriverOptions, playback: Playback): Tool {
  const asked = (call: Pick<ToolCall, 'operation' | 'inputs' | 'agent'>) => ({
    action: `${name}.${call.operation}`,
    agent: call.agent === undefined ? null : { name: call.agent.name, model: call.agent.model },
    inputs: call.inputs,
  });
  return laidOver<Tool>(tool, {
    execute: (call: ToolCall): Promise<ToolResult> | ToolResult => {
      if (isWorkedOut(`${name}.${call.operation}`) || !playback.covers(call.path)) return tool.execute(call);
      return playback.answer(call.path, recorder.state.steps.get(call.path), asked(call), call.signal);
    },
    // What a recording answers never began, whatever became of the engine that asked it.
    recover: async (call) =>
      playback.covers(call.path) ? { kind: 'never_began' } : ((await tool.recover?.(call)) ?? { kind: 'unknown' }),
  });
}

/** What a run does to its surroundings that calls nothing. */
const STILL: Partial<EngineHost> = {
  prepareFolders: async () => ({ workDir: '', runDir: '' }),
  writeOutputFile: async (_runId, path) => path,
  beforeEffect: () => undefined,
  notify: () => undefined,
  requireDeciders: () => undefined,
  fillSecrets: async () => null,
  holdsSecret: () => false,
};

/** The same object with some of its members exchanged. */
function laidOver<T extends object>(below: T, above: Partial<T>): T {
  return new Proxy(below, {
    get: (of, key) => {
      if (Object.hasOwn(above, key)) return Reflect.get(above, key);
      const value: unknown = Reflect.get(of, key, of);
      return typeof value === 'function' ? value.bind(of) : value;
    },
    has: (of, key) => Object.hasOwn(above, key) || Reflect.has(of, key),
  });
}
