import type { WorkflowDetail } from '../../shared/contract/index.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { InputDefinition, OutputDefinition, Workflow } from '../../shared/model/workflow.ts';

/** A workflow as a tool of MCP. */
export interface WorkflowTool {
  readonly name: string;
  /** What `runs.start` takes. */
  readonly ref: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonMap & { readonly type: 'object' };
  readonly outputSchema: JsonMap & { readonly type: 'object' };
  readonly outputs: readonly OutputDefinition[];
}

const MAX_NAME = 64;

/**
 * Workflows as tools, each under a name that every client takes. Left out is one that wants a secret of whoever starts it: a model is never
 * asked for one.
 */
export function workflowTools(details: readonly WorkflowDetail[]): readonly WorkflowTool[] {
  const taken = new Set<string>();
  return details.flatMap(({ entry: { ref, id }, workflow }) => {
    if (workflow.inputs.some((input) => input.secret && isNeeded(input))) return [];
    const { name: title, outputs } = workflow;
    return [
      {
        ...{ name: freeName(id, taken), ref, title, description: describe(workflow), outputs },
        inputSchema: inputSchema(workflow.inputs.filter(({ secret }) => !secret)),
        outputSchema: resultSchema(outputs),
      },
    ];
  });
}

const isNeeded = ({ required, default: fallback }: InputDefinition): boolean => required && fallback === undefined;

function freeName(id: string, taken: Set<string>): string {
  const wanted = id.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, MAX_NAME);
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted.slice(0, MAX_NAME - 4)}_${count}`;
  taken.add(name);
  return name;
}

function describe({ name, description, riskLevel, estimatedDuration }: Workflow): string {
  const facts = [
    ...(riskLevel === null ? [] : [`Risk: ${riskLevel}.`]),
    ...(estimatedDuration === '' ? [] : [`Takes about ${estimatedDuration}.`]),
  ];
  return [(description === '' ? name : description).replace(/([^.!?])$/, '$1.'), ...facts].join(' ');
}

/** The names of types that JSON Schema has. */
const typeOf = (type: string | undefined): string | undefined => (type === 'float' ? 'number' : type);

function inputSchema(inputs: readonly InputDefinition[]): WorkflowTool['inputSchema'] {
  return {
    type: 'object',
    properties: Object.fromEntries(inputs.map((input) => [input.name, inputProperty(input)])),
    required: inputs.filter(isNeeded).map(({ name }) => name),
    additionalProperties: false,
  };
}

/** A default that is a template says nothing before the start. */
function inputProperty(input: InputDefinition): JsonMap {
  const { type, description, default: fallback, enum: allowed, min, max, minLength, maxLength, pattern } = input;
  const isPlain = fallback !== undefined && !(typeof fallback === 'string' && fallback.includes('{{'));
  return defined({
    type: typeOf(type),
    description: description === '' ? undefined : description,
    default: isPlain ? fallback : undefined,
    enum: allowed,
    ...{ minimum: min, maximum: max, minLength, maxLength, pattern },
  });
}

/** Every tool answers alike: which run it was, how it stands, what it gave. */
function resultSchema(outputs: readonly OutputDefinition[]): WorkflowTool['outputSchema'] {
  const properties = outputs.map(({ name, type, description }): [string, JsonMap] => {
    const word = typeOf(type);
    return [
      name,
      defined({
        type: word === undefined ? undefined : [word, 'null'],
        description: description === '' ? undefined : description,
      }),
    ];
  });
  return {
    type: 'object',
    properties: {
      run_id: { type: 'string' },
      status: { type: 'string' },
      message: { type: 'string' },
      outcome: { type: ['string', 'null'] },
      outputs: { type: 'object', properties: Object.fromEntries(properties) },
    },
    required: ['status', 'message'],
  };
}

const defined = (map: Readonly<Record<string, Json | undefined>>): JsonMap =>
  Object.fromEntries(Object.entries(map).filter((entry): entry is [string, Json] => entry[1] !== undefined));

/** Outputs that are of another type than they were declared to be: a client would refuse the whole answer. */
export function wrongOutputs(outputs: JsonMap, definitions: readonly OutputDefinition[]): readonly string[] {
  return definitions.flatMap(({ name, type }) => {
    const value = outputs[name];
    const word = typeOf(type);
    if (value === undefined || value === null || word === undefined || isOfType(value, word)) return [];
    return [name];
  });
}

function isOfType(value: Json, type: string): boolean {
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && !Array.isArray(value);
  return typeof value === type;
}
