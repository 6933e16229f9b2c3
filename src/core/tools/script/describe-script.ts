import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import type { FunctionTool } from '../../../shared/model/agent.ts';
import type { ScriptTool, ToolOperation, ToolParameter } from '../../../shared/model/bundle.ts';
import type { ToolOperationInfo } from '../../../shared/model/tool.ts';
import type { Tool } from '../../tool-port/index.ts';
import { definitionsHash } from '../definitions-hash.ts';
import type { ToolDefinitions } from '../registry-port.ts';

/** What a script's manifest says, as definitions of a tool. */
export function describeScript(script: ScriptTool, tool: Tool): ToolDefinitions {
  const operations = (tool.operations ?? []).map((name): ToolOperationInfo => {
    const declared = script.operations.find((operation) => operation.name === name);
    const output = declared?.outputSchema;
    return {
      name,
      description: declared?.description || script.description,
      parameters: schemaOf(declared?.parameters ?? null),
      outputSchema: output !== undefined && isJsonMap(output) ? output : null,
      effect: tool.traits(name).effect,
      ...(declared?.readOnly === true ? { isReadOnly: true } : {}),
    };
  });
  return { operations, hash: definitionsHash(operations) };
}

/** The operations of a tool as functions for an agent. */
export function functionsOf(tool: string, { operations }: ToolDefinitions): readonly FunctionTool[] {
  return operations.map(({ name, description, parameters }) => ({
    name: `${tool}.${name}`,
    description: description === '' ? `Runs the script ${tool}.` : description,
    parameters,
  }));
}

/** JSON Schema of declared parameters; null = everything is taken. */
export function schemaOf(parameters: ToolOperation['parameters']): JsonMap {
  if (parameters === null) return { type: 'object', properties: {}, additionalProperties: true };
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, propertyOf(parameter)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function propertyOf({ type, description, default: fallback, enum: allowed, secret }: ToolParameter): Json {
  return {
    type: type === 'float' ? 'number' : type,
    ...(description === '' ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(allowed === undefined ? {} : { enum: allowed }),
    ...(secret ? { writeOnly: true } : {}),
  };
}
