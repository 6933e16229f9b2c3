import type { Colors } from 'picocolors/types';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { ToolDetail, ToolOperationInfo } from '../../shared/model/tool.ts';
import { oneLine } from './plain-text.ts';
import { isoTime, localTime } from './time-text.ts';
import { changeLines, changeValue } from './tool-change-text.ts';

/** A tool as `tools show --json` prints it. */
export function toolValue(tool: ToolDetail): Readonly<Record<string, unknown>> {
  const { authentication, rateLimit, change, pin, server } = tool;
  return {
    name: tool.name,
    description: tool.description,
    category: tool.category,
    types: tool.types,
    state: tool.state,
    error: tool.error?.message ?? null,
    implementations: tool.implementations.map((one) => ({
      type: one.type,
      priority: one.priority,
      source: one.source,
      agent_compatibility: one.agentCompatibility,
      chosen: one.isChosen,
    })),
    operations: tool.operations.map(({ name, description, parameters, effect }) => ({
      ...{ name, description, parameters, effect },
    })),
    pin: pin === null ? null : { hash: pin.hash, accepted_at: isoTime(pin.at) },
    change: change === null ? null : changeValue(change),
    server:
      server === null
        ? null
        : {
            ...{ name: server.name, version: server.version, state: server.state, pid: server.pid },
            ...{ reached_by: server.reachedBy, restarts: server.restarts, started_at: isoTime(server.startedAt) },
          },
    authentication:
      authentication === null
        ? null
        : { type: authentication.type, from: authentication.from, set: authentication.isSet },
    rate_limit:
      rateLimit === null ? null : { requests_per_minute: rateLimit.requestsPerMinute, burst: rateLimit.burst },
  };
}

/** The same for people. What the tool says about itself is foreign text: it is shown on one line, without control characters. */
export function toolText(tool: ToolDetail, colors: Colors): string {
  const chosen = tool.implementations.find((one) => one.isChosen);
  const rows: readonly (readonly [string, string | null])[] = [
    ['Tool', tool.description === '' ? tool.name : `${tool.name}: ${tool.description}`],
    ['Category', tool.category],
    ['Reached by', chosen === undefined ? 'nothing' : `${chosen.type} ${chosen.source}`],
    ['State', tool.error === null ? tool.state : `${tool.state}: ${tool.error.message}`],
    ['Server', tool.server === null ? null : `${tool.server.state} (${tool.server.reachedBy})`],
    ['Login', loginText(tool)],
    ['Limit', limitText(tool)],
    ['Accepted', tool.pin === null ? null : `${localTime(tool.pin.at)}, ${tool.pin.hash}`],
  ];
  const head = rows
    .filter((row): row is readonly [string, string] => row[1] !== null && row[1] !== '')
    .map(([name, value]) => `${`${name}:`.padEnd(12)}${oneLine(value)}`);
  return [...head, ...acceptLines(tool), '', ...operationLines(tool, colors)].join('\n');
}

const loginText = ({ authentication }: ToolDetail): string | null =>
  authentication === null
    ? null
    : `${authentication.type} by ${authentication.from} (${authentication.isSet ? 'set' : 'not set'})`;

const limitText = ({ rateLimit }: ToolDetail): string | null =>
  rateLimit === null ? null : `${rateLimit.requestsPerMinute} calls a minute, ${rateLimit.burst} at once`;

function acceptLines({ name, change }: ToolDetail): readonly string[] {
  if (change === null) return [];
  return [
    '',
    'The tool describes itself differently from what was accepted. Until you accept it, it cannot be called.',
    ...changeLines(change),
    `Accept it with: aiworkflow tools show ${name} --refresh --accept ${change.currentHash}`,
  ];
}

function operationLines({ name, operations }: ToolDetail, colors: Colors): readonly string[] {
  if (operations.length === 0)
    return [`No operations known yet. Ask the tool with: aiworkflow tools show ${name} --refresh`];
  return operations.flatMap((operation) => [
    colors.bold(`${name}.${oneLine(operation.name)}`) +
      (operation.effect === 'effect' ? '' : colors.dim(' (repeatable)')),
    ...(operation.description === '' ? [] : [`  ${oneLine(operation.description)}`]),
    ...parameterLines(operation),
  ]);
}

function parameterLines({ parameters }: ToolOperationInfo): readonly string[] {
  const properties = mapOf(parameters.properties);
  const required = Array.isArray(parameters.required) ? (parameters.required as readonly Json[]) : [];
  return Object.entries(properties).map(([name, written]) => {
    const property = mapOf(written);
    const type = typeof property.type === 'string' ? property.type : 'any';
    const isNeeded = required.includes(name) ? ', required' : '';
    const about = typeof property.description === 'string' ? `  ${property.description}` : '';
    return oneLine(`- ${name} (${type}${isNeeded})${about}`).replace(/^/, '    ');
  });
}

const mapOf = (value: Json | undefined): JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
