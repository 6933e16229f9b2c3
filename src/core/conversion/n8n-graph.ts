import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';

/** A node of a workflow of n8n, with what leads to it. */
export interface N8nNode {
  readonly name: string;
  /** Without the name of its package: `httpRequest`. */
  readonly type: string;
  readonly parameters: JsonMap;
  readonly isDisabled: boolean;
  readonly credentials: readonly string[];
  readonly retries: number | null;
  readonly goesOn: boolean;
  /** It has one more way out, for its errors: the last one. */
  readonly hasErrorWay: boolean;
  readonly from: readonly { readonly name: string; readonly output: number }[];
}

const MAX_NODES = 1000;

/** The nodes in an order in which each comes after what leads to it; what stands in a circle comes last, see `isCircular`. */
export function readGraph(workflow: JsonMap): {
  readonly nodes: readonly N8nNode[];
  readonly outputs: readonly Edge[];
  readonly isCircular: boolean;
} {
  const edges = edgesOf(workflow['connections']);
  const raw = Array.isArray(workflow['nodes']) ? (workflow['nodes'] as readonly Json[]) : [];
  if (raw.length > MAX_NODES)
    throw new AppError('conversion.unreadable', `The workflow has more than ${grouped(MAX_NODES)} nodes.`, {
      hint: 'Split it first.',
    });
  const nodes = raw.flatMap((one) =>
    isJsonMap(one) && typeof one['name'] === 'string' ? [nodeOf(one, one['name'], edges)] : [],
  );
  const placed: N8nNode[] = [];
  let rest = nodes;
  while (rest.length > 0) {
    const waiting = new Set(rest.map(({ name }) => name));
    const ready = rest.filter(({ from }) => !from.some(({ name }) => waiting.has(name)));
    if (ready.length === 0) return { nodes: [...placed, ...rest], outputs: edges, isCircular: true };
    placed.push(...ready);
    rest = rest.filter((node) => !ready.includes(node));
  }
  return { nodes: placed, outputs: edges, isCircular: false };
}

export interface Edge {
  readonly source: string;
  readonly target: string;
  readonly output: number;
}

function edgesOf(connections: Json | undefined): readonly Edge[] {
  if (!isJsonMap(connections)) return [];
  return Object.entries(connections).flatMap(([source, kinds]) =>
    // Beside `main` there are the wires of language models, which carry no data of a run.
    listOf(isJsonMap(kinds) ? kinds['main'] : undefined).flatMap((targets, output) =>
      listOf(targets).flatMap((target) =>
        isJsonMap(target) && typeof target['node'] === 'string' ? [{ source, target: target['node'], output }] : [],
      ),
    ),
  );
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

function nodeOf(raw: JsonMap, name: string, edges: readonly Edge[]): N8nNode {
  const { type, parameters, disabled, credentials, retryOnFail, maxTries, continueOnFail, onError } = raw;
  return {
    name,
    type: typeof type === 'string' ? (type.split('.').at(-1) ?? '') : '',
    parameters: isJsonMap(parameters) ? parameters : {},
    isDisabled: disabled === true,
    credentials: isJsonMap(credentials) ? Object.keys(credentials) : [],
    retries: retryOnFail === true ? (typeof maxTries === 'number' ? maxTries - 1 : 2) : null,
    goesOn: continueOnFail === true || onError === 'continueRegularOutput',
    hasErrorWay: onError === 'continueErrorOutput',
    from: edges.filter(({ target }) => target === name).map(({ source, output }) => ({ name: source, output })),
  };
}
