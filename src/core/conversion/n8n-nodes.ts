import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import { type DraftScript, type DraftStep, identifier, missingStep } from './draft-plan.ts';
import { n8nCondition } from './n8n-conditions.ts';
import { type NodeScope, n8nValue } from './n8n-expressions.ts';
import type { N8nNode } from './n8n-graph.ts';

/** What one node became. */
export interface ConvertedNode {
  readonly step: DraftStep;
  readonly scripts?: readonly DraftScript[];
}

/** Makes the request of a step and gives what came back, as JSON where it is. */
const HTTP_SCRIPT = `// One request; its answer is the result of the step.
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  strict: false,
  options: { method: { type: 'string' }, url: { type: 'string' }, headers: { type: 'string' }, body: { type: 'string' } },
});
const response = await fetch(values.url, {
  method: values.method ?? 'GET',
  headers: JSON.parse(values.headers ?? '{}'),
  ...(values.body === undefined ? {} : { body: values.body }),
});
const text = await response.text();
if (!response.ok) {
  console.error([response.status, response.statusText, text.slice(0, 300)].join(' '));
  process.exitCode = 1;
}
process.stdout.write(text);
`;

/** A node as a step; the kinds that have no counterpart become a step that says so. */
export function convertNode(node: N8nNode, scope: NodeScope): ConvertedNode {
  const make = KINDS[node.type];
  if (make !== undefined) return make(node, scope);
  scope.notes.lost(node.name, `nothing here does what '${node.type}' does`);
  return { step: missingStep(node.name, `${node.name} (${node.type})`) };
}

type Make = (node: N8nNode, scope: NodeScope) => ConvertedNode;

const pass = (title: string): ConvertedNode => ({ step: { title, block: { action: 'workflow.noop' } } });

/** Puts a value into the variable of the node. */
const setValue = ({ name }: N8nNode, { variables }: NodeScope, value: Json): ConvertedNode => ({
  step: { title: name, block: { action: 'workflow.set', inputs: { [variables.get(name) ?? 'value']: value } } },
});

const KINDS: Readonly<Record<string, Make>> = {
  noOp: ({ name }) => pass(name),
  set: assign,
  ...{ code: script, function: script, functionItem: script },
  if: choose,
  filter: choose,
  wait: ({ name, parameters }, scope) => {
    const { amount, unit = 'hours', resume } = parameters;
    if (resume !== undefined && resume !== 'timeInterval') {
      scope.notes.lost(name, 'it waits for a call; use a wait for an event');
      return { step: missingStep(name, 'a wait for a call') };
    }
    const letter = String(unit).charAt(0);
    return { step: { title: name, block: { wait: `${typeof amount === 'number' ? amount : 1}${letter}` } } };
  },
  stopAndError: ({ name, parameters }, scope) => ({
    step: {
      title: name,
      block: { action: 'workflow.fail', inputs: { message: n8nValue(parameters['errorMessage'] ?? name, scope) } },
    },
  }),
  httpRequest: request,
  executeCommand: ({ name, parameters }, scope) => {
    const command = String(parameters['command'] ?? '');
    const tool = `command-${identifier(name).replaceAll('_', '-')}`.slice(0, 60);
    if (command.startsWith('='))
      scope.notes.lost(name, 'the expressions of its command stand in the script as they are written');
    return {
      step: { title: name, block: { action: `${tool}.run` } },
      scripts: [{ file: `${tool}.sh`, text: `${command.replace(/^=/, '')}\n` }],
    };
  },
};

/** Fields that are set; those that came along and were not named are only known there. */
function assign(node: N8nNode, scope: NodeScope): ConvertedNode {
  const { mode, jsonOutput, includeOtherFields, include, values, keepOnlySet } = node.parameters;
  if (mode === 'raw') {
    scope.notes.lost(node.name, 'its JSON stands in the step as a text: write the fields');
    return setValue(node, scope, n8nValue(jsonOutput ?? '{}', scope));
  }
  const keepsOthers =
    includeOtherFields === true ||
    (typeof include === 'string' && include !== 'none' && includeOtherFields !== false) ||
    (values !== undefined && keepOnlySet !== true);
  if (keepsOthers)
    scope.notes.lost(node.name, 'only the fields that it names are set; the others are in the variables before it');
  return setValue(node, scope, assigned(node.parameters, scope));
}

/** Parameters of a request that are read, or say how its form was filled in. */
const REQUEST_READ: ReadonlySet<string> = new Set([
  ...['method', 'requestMethod', 'url', 'jsonBody', 'sendBody', 'bodyParametersJson', 'bodyParameters', 'sendHeaders'],
  ...['queryParameters', 'headerParameters', 'sendQuery', 'authentication', 'nodeCredentialType', 'genericAuthType'],
  ...['responseFormat', 'jsonParameters', 'provideSslCertificates'],
]);
/** What a request does by itself. */
const REQUEST_USUAL: Readonly<Record<string, string>> = {
  specifyBody: 'keypair json',
  specifyHeaders: 'keypair',
  specifyQuery: 'keypair',
  contentType: 'json',
};

/** Names what of a request is not taken along. */
function missRest({ name, parameters }: N8nNode, { notes }: NodeScope): void {
  for (const [key, value] of Object.entries(parameters)) {
    const isEmpty =
      value === null || value === false || value === '' || (isJsonMap(value) && Object.keys(value).length === 0);
    if (REQUEST_READ.has(key) || isEmpty || REQUEST_USUAL[key]?.split(' ').includes(String(value)) === true) continue;
    const parts = isJsonMap(value) ? Object.keys(value).join(', ') : String(value);
    notes.lost(`${name}: ${key} (${parts})`, 'this part of the request is not made here');
  }
}

function assigned(parameters: JsonMap, scope: NodeScope): JsonMap {
  const { assignments, values, fields } = parameters;
  const lists = isJsonMap(assignments)
    ? [assignments['assignments']]
    : [...Object.values(isJsonMap(values) ? values : {}), ...Object.values(isJsonMap(fields) ? fields : {})];
  const pairs = lists.flatMap((list) => (Array.isArray(list) ? (list as readonly Json[]) : []));
  return Object.fromEntries(
    pairs.flatMap((pair) => {
      if (!isJsonMap(pair) || typeof pair['name'] !== 'string') return [];
      const value = pair['value'] ?? pair['stringValue'] ?? pair['numberValue'] ?? pair['booleanValue'] ?? null;
      return [[identifier(pair['name']), n8nValue(value, scope)]];
    }),
  );
}

/** The nodes behind an If carry its condition themselves; the step only says whether it is met. */
function choose(node: N8nNode, scope: NodeScope): ConvertedNode {
  const condition = n8nCondition(node.parameters, scope);
  if (condition === null) {
    scope.notes.lost(node.name, 'its condition is more than comparing');
    return { step: missingStep(node.name, `the condition of ${node.name}`) };
  }
  return setValue(node, scope, `{{ true if ${condition} else false }}`);
}

/** Code that reads and gives items of n8n is kept for people to read. */
function script({ name, parameters }: N8nNode, { notes }: NodeScope): ConvertedNode {
  notes.lost(name, "its code works on items of n8n: write it as a script; it stands in the workflow's text");
  const code = parameters['jsCode'] ?? parameters['functionCode'] ?? parameters['pythonCode'] ?? '';
  const missing = missingStep(name, `the code of ${name}`);
  return { step: { ...missing, prose: `${missing.prose}\n${String(code)}` } };
}

function request(node: N8nNode, scope: NodeScope): ConvertedNode {
  const { parameters, name } = node;
  const { method, requestMethod, url, jsonBody, sendBody, bodyParametersJson } = parameters;
  missRest(node, scope);
  const pairs = (of: Json | undefined): JsonMap => {
    const list = isJsonMap(of) ? of['parameters'] : undefined;
    return Object.fromEntries(
      (Array.isArray(list) ? (list as readonly Json[]) : []).flatMap((pair) =>
        isJsonMap(pair) && typeof pair['name'] === 'string'
          ? [[pair['name'], n8nValue(pair['value'] ?? '', scope)]]
          : [],
      ),
    );
  };
  const query = pairs(parameters['queryParameters']);
  if (Object.keys(query).length > 0)
    scope.notes.lost(`${name}: ${Object.keys(query).join(', ')}`, 'put these parameters into the address');
  const body = jsonBody ?? bodyParametersJson ?? (sendBody === true ? pairs(parameters['bodyParameters']) : undefined);
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...pairs(parameters['headerParameters']),
  };
  return {
    step: {
      title: name,
      block: {
        action: 'http-request.run',
        inputs: {
          method: typeof method === 'string' ? method : typeof requestMethod === 'string' ? requestMethod : 'GET',
          url: n8nValue(url ?? '', scope),
          headers,
          ...(body === undefined ? {} : { body: n8nValue(body, scope) }),
        },
      },
    },
    scripts: [{ file: 'http-request.mjs', text: HTTP_SCRIPT }],
  };
}
