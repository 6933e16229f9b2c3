import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import type { MapNode, YamlNode } from '../yaml/index.ts';
import {
  type Conversion,
  type ConversionPlace,
  collectNotes,
  type DraftStep,
  identifier,
  type Notes,
} from './draft-plan.ts';
import { mapPlaces } from './places.ts';
import { entriesOf, itemsOf, lineOf, nodeAt, textOf } from './read-foreign-yaml.ts';

const READ: ReadonlySet<string> = new Set([
  ...[
    'version',
    'title',
    'description',
    'instructions',
    'prompt',
    'parameters',
    'response',
    'author',
    'extensions',
    'settings',
  ],
]);
const WHY: Readonly<Record<string, string>> = {
  retry: 'give the step a retry, and a step after it that checks',
  activities: 'they are suggestions for a chat',
  context: 'put what it says into the instructions',
};
const TYPES: Readonly<Record<string, string>> = { number: 'number', boolean: 'boolean' };

/** A recipe of Goose: one step of an agent. */
export function convertGooseRecipe(root: MapNode, place: ConversionPlace): Conversion {
  const notes = collectNotes();
  for (const { key, line } of entriesOf(root))
    if (key === 'sub_recipes') readSubRecipes(nodeAt(root, key), notes);
    else if (!READ.has(key)) notes.lost(key, WHY[key] ?? 'it has no counterpart here', line);
  const names = new Map<string, string>();
  const inputs = Object.fromEntries(
    itemsOf(nodeAt(root, 'parameters')).map((parameter) => {
      const key = textOf(nodeAt(parameter, 'key'));
      names.set(key, identifier(key));
      return [identifier(key), inputOf(parameter, notes)];
    }),
  );
  readExtensions(nodeAt(root, 'extensions'), notes);
  const title = textOf(nodeAt(root, 'title')) || place.name.replace(/\.(?:ya?ml|json)$/i, '');
  return {
    format: 'goose_recipe',
    plans: [
      {
        ...{ title, description: textOf(nodeAt(root, 'description')), triggers: [], inputs, execution: {} },
        steps: [stepOf(root, names, notes)],
        scripts: [],
        notes: notes.all,
      },
    ],
  };
}

function inputOf(parameter: YamlNode, notes: Notes): JsonMap {
  const word = textOf(nodeAt(parameter, 'input_type'));
  const fallback = nodeAt(parameter, 'default');
  const options = itemsOf(nodeAt(parameter, 'options')).map(textOf);
  const isRequired = textOf(nodeAt(parameter, 'requirement')) !== 'optional';
  if (word === 'file')
    notes.changed(textOf(nodeAt(parameter, 'key')), 'the content of a file there is its text here', lineOf(parameter));
  return {
    type: TYPES[word] ?? 'string',
    description: textOf(nodeAt(parameter, 'description')),
    ...(fallback === undefined || fallback.value === null
      ? isRequired
        ? { required: true }
        : { default: '' }
      : { default: defaultOf(fallback, word) }),
    ...(options.length === 0 ? {} : { enum: options }),
  };
}

/** Goose writes every default as a text. */
function defaultOf(node: YamlNode, word: string): Json {
  const text = textOf(node);
  if (word === 'number') return Number(text);
  return word === 'boolean' ? text === 'true' : text;
}

/** Each by its name, with what it is given: that is what a step of a workflow needs. */
function readSubRecipes(recipes: YamlNode | undefined, notes: Notes): void {
  for (const recipe of itemsOf(recipes)) {
    const [name, path] = [textOf(nodeAt(recipe, 'name')), textOf(nodeAt(recipe, 'path'))];
    const given = entriesOf(nodeAt(recipe, 'values')).map(({ key, node }) => `${key}: ${textOf(node)}`);
    notes.lost(
      `sub_recipe ${name} (${[path, ...given].join(', ')})`,
      'import it and call it by a workflow step; the agent does not call it',
      lineOf(recipe),
    );
  }
}

/** Names that Goose itself fills in, and parts of other files. */
const OF_GOOSE = /\brecipe_dir\b|\{%-?\s*(?:extends|include|import|block)\b/g;

function readExtensions(extensions: YamlNode | undefined, notes: Notes): void {
  for (const extension of itemsOf(extensions)) {
    const name = textOf(nodeAt(extension, 'name'));
    const type = textOf(nodeAt(extension, 'type'));
    const isServer = type === 'stdio' || type === 'streamable_http' || type === 'sse';
    const why = isServer
      ? 'add this MCP server under Agents & tools and name it in requirements.tools'
      : 'it belongs to Goose: the agent works with the tools that it has here';
    notes.lost(`extension ${name} (${type})`, why, lineOf(extension));
  }
}

function stepOf(root: MapNode, names: ReadonlyMap<string, string>, notes: Notes): DraftStep {
  const settings = nodeAt(root, 'settings');
  for (const { key, node, line } of entriesOf(settings))
    if (key !== 'goose_model') notes.lost(`${key}: ${textOf(node)}`, 'choose agent and model of the step', line);
  const model = textOf(nodeAt(settings, 'goose_model'));
  const schema = nodeAt(nodeAt(root, 'response'), 'json_schema')?.value;
  for (const key of ['instructions', 'prompt']) {
    const node = nodeAt(root, key);
    for (const [found] of textOf(node).matchAll(OF_GOOSE))
      notes.lost(
        `${key}: ${found}`,
        'only Goose knows it: write what it means',
        node === undefined ? undefined : lineOf(node),
      );
  }
  const instructions = templated(textOf(nodeAt(root, 'instructions')), names);
  const prompt = templated(textOf(nodeAt(root, 'prompt')), names);
  return {
    title: 'Ask the agent',
    block: {
      action: 'agent.run',
      inputs: {
        ...(instructions === '' ? {} : { instructions }),
        prompt: prompt === '' ? 'Follow the instructions.' : prompt,
        ...(isJsonMap(schema) ? { output_schema: schema } : {}),
      },
      output_variable: 'answer',
      ...(model === '' ? {} : { model }),
    },
  };
}

/** Its templates are Jinja as ours are; parameters stand below `inputs` here. */
function templated(text: string, names: ReadonlyMap<string, string>): string {
  const onPlace = (place: string): string =>
    place
      .split(/("[^"]*"|'[^']*')/)
      .map((piece, index) =>
        index % 2 === 1 ? piece : piece.replace(/(?<![\w.])[A-Za-z_]\w*/g, (word) => named(word, names)),
      )
      .join('');
  const onRest = (rest: string): string => mapPlaces(rest, { open: '{%', close: '%}' }, { onPlace });
  return mapPlaces(text, { open: '{{', close: '}}' }, { onPlace, onRest });
}

const named = (word: string, names: ReadonlyMap<string, string>): string => {
  const name = names.get(word);
  return name === undefined ? word : `inputs.${name}`;
};
