import type { Json, JsonMap } from '../../shared/json.ts';
import {
  type Conversion,
  type ConversionPlace,
  collectNotes,
  type DraftScript,
  type DraftStep,
  literal,
  type Notes,
  uniqueNames,
} from './draft-plan.ts';
import { parameterLines } from './github-expressions.ts';
import { entriesOf, lineOf, nodeAt, readForeignYaml, requireReadable, textOf } from './read-foreign-yaml.ts';

const KEYS: ReadonlySet<string> = new Set([
  ...[
    'description',
    'allowed-tools',
    'argument-hint',
    'model',
    'disable-model-invocation',
    'name',
    'context',
    'agent',
    'hooks',
  ],
]);
/** Keys that no other Markdown file has. */
const OWN: ReadonlySet<string> = new Set(['allowed-tools', 'argument-hint', 'disable-model-invocation']);
const FRONT = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;
const MARKS = /\$ARGUMENTS\b|\$[1-9]\b|(?:^|\s)!\x60[^\x60\n]+\x60/;
/** What a program of the agent replaces, and nothing here does. */
const OF_CLAUDE = /\$\{CLAUDE_\w+\}|^\x60{3}!.*$/gm;

/**
 * A command of Claude Code (`.claude/commands/*.md`): one step of the agent, and before it one for each command whose output its prompt
 * quotes. Null for a Markdown file that is no such command.
 */
export function convertClaudeCommand(text: string, place: ConversionPlace): Conversion | null {
  const front = FRONT.exec(text);
  const body = front === null ? text : text.slice(front[0].length);
  const hint = hintOf(front?.[1] ?? '');
  const yaml = (front?.[1] ?? '').replace(HINT, () => `argument-hint: ${JSON.stringify(hint)}`);
  const head = front === null ? null : readForeignYaml(yaml);
  const keys = entriesOf(head ?? undefined).map(({ key }) => key);
  if (front !== null && head === null) return null;
  const unknown = entriesOf(head ?? undefined).filter(({ key }) => !KEYS.has(key));
  // Every program has keys of its own in front of its texts: only what is surely a command may have some that are new.
  if (unknown.length > 0 && !keys.some((key) => OWN.has(key))) return null;
  if (keys.length === 0 && !MARKS.test(body)) return null;
  if (/^#{2,4}\s+(?:Step\s+)?\d+(?:\.\d+)?[.:]/m.test(body) && /^(?:\x60{3,}|~{3,})ya?ml/m.test(body)) return null;
  // With a line before it, so that the lines are those of the file.
  if (front !== null) requireReadable(`\n${yaml}`);
  const notes = collectNotes();
  const value = (key: string): string => textOf(nodeAt(head ?? undefined, key));
  const title = place.name.replace(/\.(?:md|markdown)$/i, '');
  const firstLine = (front?.[0].split('\n').length ?? 1) - 1;
  const made = promptOf(body, hint, { notes, firstLine });
  for (const { key, line } of unknown) notes.lost(key, 'it has no counterpart here', line + 1);
  for (const { 0: found, index } of body.matchAll(OF_CLAUDE))
    notes.lost(found, 'only Claude Code fills it in', firstLine + body.slice(0, index).split('\n').length);
  for (const { key, line } of entriesOf(head ?? undefined))
    if (key === 'hooks' || key === 'context' || key === 'agent')
      notes.lost(key, 'it has no counterpart here', line + 1);
  const allowed = nodeAt(head ?? undefined, 'allowed-tools');
  if (allowed !== undefined)
    notes.lost(
      `allowed-tools: ${JSON.stringify(allowed.value)}`,
      'write what the step may do under permissions',
      lineOf(allowed) + 1,
    );
  const model = value('model');
  const ask: DraftStep = {
    title: 'Ask Claude Code',
    block: {
      ...{ action: 'agent.run', agent: 'claude-code', inputs: { prompt: made.prompt }, output_variable: 'answer' },
      ...(model === '' || model === 'inherit' ? {} : { model }),
    },
  };
  return {
    format: 'claude_command',
    plans: [
      {
        ...{ title, description: value('description'), triggers: [], inputs: made.inputs, execution: {} },
        ...{ steps: [...made.steps, ask], scripts: made.scripts, notes: notes.all },
      },
    ],
  };
}

const HINT = /^argument-hint:[ \t]*(.*)$/m;

/** As it is written: `[issue] [priority]` is no YAML, and meant for people. */
const hintOf = (front: string): string => (HINT.exec(front)?.[1] ?? '').trim().replace(/^(["'])(.*)\1$/, '$2');

interface Prompt {
  readonly prompt: string;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly steps: readonly DraftStep[];
  readonly scripts: readonly DraftScript[];
}

const PLACES = /\$ARGUMENTS(?:\[(\d)\]|\b)|\$([1-9])\b|!\x60([^\x60\n]+)\x60|(?<=^|\s)@([\w./~-]*\w)/gm;

function promptOf(
  body: string,
  hint: string,
  { notes, firstLine }: { readonly notes: Notes; readonly firstLine: number },
): Prompt {
  const inputs: Record<string, JsonMap> = {};
  const steps: DraftStep[] = [];
  const scripts: DraftScript[] = [];
  const free = uniqueNames('-');
  let rest = 0;
  let line = firstLine + 1;
  let prompt = '';
  for (const match of body.matchAll(PLACES)) {
    const [whole, place, position = place === undefined ? undefined : String(Number(place) + 1), command, file] = match;
    const between = body.slice(rest, match.index);
    line += between.split('\n').length - 1;
    prompt += literal(between);
    rest = match.index + whole.length;
    if (command !== undefined) {
      const tool = free(`command-${scripts.length + 1}`);
      const given = withArguments(command);
      for (const name of Object.keys(given.params)) inputs[name] = { type: 'string', description: hint, default: '' };
      scripts.push({ file: `${tool}.bash`, text: [...parameterLines(given.params), given.text, ''].join('\n') });
      const variable = tool.replaceAll('-', '_');
      steps.push({ title: command.slice(0, 60), block: commandBlock(tool, given.params, variable) });
      notes.changed(command, 'it runs in the folder of the run, not in that of the project', line);
      prompt += `{{ ${variable} }}`;
    } else if (file !== undefined) {
      notes.lost(whole, 'the agent reads no file that a prompt names: give it under files', line);
      prompt += whole;
    } else {
      const name = position === undefined ? 'arguments' : `argument_${position}`;
      inputs[name] = { type: 'string', description: hint, default: '' };
      prompt += `{{ inputs.${name} }}`;
    }
  }
  return { prompt: (prompt + literal(body.slice(rest))).trim(), inputs, steps, scripts };
}

/** The arguments of a command that a prompt quotes come as parameters: what somebody types is never read as a piece of the command. */
function withArguments(command: string): { readonly text: string; readonly params: Readonly<Record<string, string>> } {
  const params: Record<string, string> = {};
  const text = command.replace(
    /\$ARGUMENTS(?:\[(\d)\]|\b)|\$([1-9])\b/g,
    (_whole, place?: string, position?: string) => {
      const at = place === undefined ? position : String(Number(place) + 1);
      const name = at === undefined ? 'arguments' : `argument_${at}`;
      params[name] = `{{ inputs.${name} }}`;
      return `\${INPUT_${name.toUpperCase()}}`;
    },
  );
  return { text, params };
}

const commandBlock = (tool: string, params: JsonMap, variable: string): JsonMap => ({
  action: `${tool}.run`,
  ...(Object.keys(params).length === 0 ? {} : { inputs: params }),
  output_variable: variable,
});
