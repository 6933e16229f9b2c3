import type { Json, JsonMap } from '../../shared/json.ts';
import type { YamlNode } from '../yaml/index.ts';
import { type Notes, scheduleProblem } from './draft-plan.ts';
import { variableName } from './github-expressions.ts';
import { entriesOf, itemsOf, lineOf, nodeAt, textOf } from './read-foreign-yaml.ts';

/** What GitHub sends where a workflow names no kinds of an event. */
const USUAL_KINDS: Readonly<Record<string, readonly string[]>> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  pull_request_target: ['opened', 'synchronize', 'reopened'],
};
/** Events that GitHub sends to webhooks under the same name. */
const EVENTS: ReadonlySet<string> = new Set([
  ...['push', 'pull_request', 'issues', 'issue_comment', 'release', 'create', 'delete', 'fork', 'watch', 'label'],
  ...['milestone', 'discussion', 'discussion_comment', 'pull_request_review', 'pull_request_review_comment', 'status'],
  ...['check_run', 'check_suite', 'deployment', 'deployment_status', 'repository_dispatch', 'gollum', 'page_build'],
]);
const SECRET = 'GITHUB_WEBHOOK';

/** Triggers and inputs of a workflow. */
export interface GithubStart {
  readonly triggers: readonly JsonMap[];
  readonly inputs: Readonly<Record<string, Json>>;
  /** The inputs as GitHub calls them. */
  readonly inputNames: ReadonlySet<string>;
}

/** Reads `on`. `name` is how the workflow is called: its webhook has the path of it. */
export function githubStart(on: YamlNode | undefined, name: string, notes: Notes): GithubStart {
  const named =
    on?.kind === 'map'
      ? entriesOf(on)
      : itemsOf(on).map((item) => ({ key: textOf(item), node: item, line: lineOf(item) }));
  const triggers: JsonMap[] = [];
  const events: string[] = [];
  const inputs: Record<string, Json> = {};
  const inputNames = new Set<string>();
  for (const { key, node, line } of named) {
    if (key === 'schedule') triggers.push(...schedules(node, notes));
    else if (key === 'workflow_dispatch' || key === 'workflow_call') {
      for (const input of entriesOf(nodeAt(node, 'inputs'))) {
        inputNames.add(input.key);
        inputs[variableName(input.key)] = inputOf(input.node);
      }
      for (const { key: part, node: parts, line: at } of entriesOf(node))
        if (part !== 'inputs')
          notes.lost(
            `${key}: ${part} ${entriesOf(parts)
              .map((one) => one.key)
              .join(', ')}`,
            part === 'secrets' ? 'store each of them and allow it to this workflow' : 'it has no counterpart here',
            at,
          );
    } else if (EVENTS.has(key.replace('pull_request_target', 'pull_request'))) {
      events.push(...eventsOf(key, node));
      for (const filter of entriesOf(node))
        if (filter.key !== 'types') notes.lost(`${key}: ${filter.key}`, 'every such event starts it', filter.line);
    } else notes.lost(`on: ${key}`, 'nothing like it starts a run here', line);
  }
  if (events.length > 0) {
    const line = on === undefined ? undefined : lineOf(on);
    notes.changed(
      `on: ${[...new Set(events.map((event) => event.split('.')[0]))].join(', ')}`,
      `GitHub has to send it: store the secret ${SECRET} and set up a webhook for it`,
      line,
    );
    triggers.push({ type: 'webhook', path: `/github/${name}`, events, scheme: 'github', secret: SECRET });
  }
  return { triggers, inputs, inputNames };
}

function eventsOf(key: string, node: YamlNode): readonly string[] {
  const name = key.replace('pull_request_target', 'pull_request');
  const types = itemsOf(nodeAt(node, 'types')).map(textOf);
  const kinds = types.length > 0 ? types : (USUAL_KINDS[key] ?? []);
  return kinds.length === 0 ? [name] : kinds.map((kind) => `${name}.${kind}`);
}

function schedules(node: YamlNode, notes: Notes): readonly JsonMap[] {
  return itemsOf(node).flatMap((item) => {
    const schedule = textOf(nodeAt(item, 'cron'));
    const problem = scheduleProblem(schedule);
    if (problem !== null) {
      notes.lost(schedule, `it has no schedule: ${problem}`, lineOf(item));
      return [];
    }
    const zone = textOf(nodeAt(item, 'timezone'));
    return [{ type: 'schedule', schedule, timezone: zone || 'UTC', catch_up: 'none', overlap: 'allow' }];
  });
}

/** Many write the default of a switch or a number in quotes. */
function defaultOf(node: YamlNode, type: string): Json {
  const text = textOf(node);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return type === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : (node.value as Json);
}

function inputOf(node: YamlNode): JsonMap {
  const word = textOf(nodeAt(node, 'type'));
  const fallback = nodeAt(node, 'default');
  const options = itemsOf(nodeAt(node, 'options')).map(textOf);
  const type = word === 'boolean' || word === 'number' ? word : 'string';
  const hasDefault = fallback !== undefined && fallback.value !== null && fallback.value !== '';
  return {
    type,
    description: textOf(nodeAt(node, 'description')),
    ...(nodeAt(node, 'required')?.value === true && !hasDefault ? { required: true } : {}),
    // An input that is not given is an empty text there.
    ...(hasDefault
      ? { default: defaultOf(fallback, type) }
      : type === 'string' && options.length === 0
        ? { default: '' }
        : {}),
    ...(options.length === 0 ? {} : { enum: options }),
  };
}
