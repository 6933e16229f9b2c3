import type { Json, JsonMap } from '../../shared/json.ts';
import type { MapNode, YamlNode } from '../yaml/index.ts';
import { draftName } from './draft-files.ts';
import {
  type Conversion,
  type ConversionPlace,
  collectNotes,
  type DraftScript,
  type DraftStep,
  missingStep,
  type Notes,
  toolName,
  uniqueNames,
} from './draft-plan.ts';
import { type ActionScope, EXPRESSION_MARKS, parameterLines, shellExpressions } from './github-expressions.ts';
import { githubStart } from './github-triggers.ts';
import { mapPlaces } from './places.ts';
import { entriesOf, itemsOf, lineOf, nodeAt, textOf } from './read-foreign-yaml.ts';
import { isVariable, shellWord } from './script-text.ts';

/** Keys of a job that are read. */
const JOB_KEYS: ReadonlySet<string> = new Set([
  'name',
  'needs',
  'steps',
  'env',
  'strategy',
  'timeout-minutes',
  'defaults',
  'runs-on',
]);
const STEP_KEYS: ReadonlySet<string> = new Set([
  ...['name', 'id', 'run', 'uses', 'with', 'env', 'shell', 'working-directory', 'timeout-minutes', 'continue-on-error'],
]);
/** What GitHub starts a script with. */
const SHELLS: Readonly<Record<string, string>> = {
  '': 'set -e',
  bash: 'set -eo pipefail',
  sh: 'set -e',
  python: '',
};

interface Context {
  readonly inputs: ReadonlySet<string>;
  readonly notes: Notes;
  readonly freeTool: (name: string) => string;
  readonly scripts: DraftScript[];
}

interface JobContext extends Context {
  readonly matrix: Readonly<Record<string, string>>;
  readonly env: readonly YamlNode[];
  readonly defaults: YamlNode | undefined;
  /** Said before the title of each step, where there are several jobs. */
  readonly prefix: string;
}

/** A workflow of GitHub Actions: its jobs one after the other, in the order in which they need each other. */
export function convertGithubActions(root: MapNode, place: ConversionPlace): Conversion {
  const notes = collectNotes();
  const title = textOf(nodeAt(root, 'name')) || place.name.replace(/\.ya?ml$/i, '');
  const start = githubStart(nodeAt(root, 'on'), draftName(title), notes);
  const context: Context = { inputs: start.inputNames, notes, freeTool: uniqueNames('-'), scripts: [] };
  const jobs = inOrder(entriesOf(nodeAt(root, 'jobs')));
  for (const { key, node, line } of entriesOf(root))
    if (key === 'permissions' || key === 'run-name')
      notes.lost(`${key}: ${textOf(node)}`, 'no token of GitHub is handed to a run', line);
  const steps = jobs.flatMap((job) => jobSteps(job, jobs.length > 1, root, context));
  if (jobs.length > 1)
    notes.changed('jobs', 'they run one after the other, in one folder', lineOf(nodeAt(root, 'jobs') ?? root));
  return {
    format: 'github_actions',
    plans: [
      {
        ...{ title, description: `Made of ${place.name}`, triggers: start.triggers, inputs: start.inputs },
        execution: executionOf(root, jobs),
        steps: steps.length === 0 ? [missingStep('Nothing to do', 'no job has a step')] : steps,
        ...{ scripts: context.scripts, notes: notes.all },
      },
    ],
  };
}

type Job = ReturnType<typeof entriesOf>[number];

/** Each job after those that it needs; a circle, which GitHub refuses, stays in the order of the file. */
function inOrder(jobs: readonly Job[]): readonly Job[] {
  const done: Job[] = [];
  let rest = [...jobs];
  while (rest.length > 0) {
    const isReady = ({ node }: Job): boolean =>
      itemsOf(nodeAt(node, 'needs')).every((need) => !rest.some(({ key }) => key === textOf(need)));
    const ready = rest.filter(isReady);
    done.push(...(ready.length === 0 ? rest : ready));
    rest = ready.length === 0 ? [] : rest.filter((job) => !ready.includes(job));
  }
  return done;
}

function executionOf(root: MapNode, jobs: readonly Job[]): JsonMap {
  const limits = jobs.map(({ node }) => Number(textOf(nodeAt(node, 'timeout-minutes'))));
  const total = limits.reduce((sum, one) => sum + one, 0);
  const concurrency = nodeAt(root, 'concurrency');
  const cancels = nodeAt(concurrency, 'cancel-in-progress')?.value === true;
  return {
    ...(limits.every((one) => one > 0) && total > 0 ? { timeout: `${total}m` } : {}),
    ...(concurrency === undefined ? {} : { concurrency: cancels ? 'cancel_previous' : 'queue' }),
  };
}

function jobSteps(
  { key, node, line }: Job,
  hasSeveral: boolean,
  root: MapNode,
  context: Context,
): readonly DraftStep[] {
  const { notes } = context;
  const prefix = hasSeveral ? `${textOf(nodeAt(node, 'name')) || key}: ` : '';
  const called = textOf(nodeAt(node, 'uses'));
  if (called !== '') {
    notes.lost(`uses: ${called}`, 'a workflow of GitHub is not called from here', line);
    for (const entry of entriesOf(node))
      if (!['name', 'uses', 'needs'].includes(entry.key))
        notes.lost(
          `${key}: ${entry.key}${givenOf(entry.node)}`,
          'it belongs to the workflow that is not called',
          entry.line,
        );
    return [missingStep(`${prefix}${called}`, called)];
  }
  for (const entry of entriesOf(node))
    if (!JOB_KEYS.has(entry.key))
      notes.lost(
        `${key}: ${entry.key}`,
        entry.key === 'if' ? 'the job runs whatever it says' : 'it has no counterpart here',
        entry.line,
      );
  const runner = textOf(nodeAt(node, 'runs-on'));
  if (runner !== '')
    notes.changed(
      `runs-on: ${runner}`,
      'it runs on this machine, with what is installed here',
      lineOf(nodeAt(node, 'runs-on') ?? node),
    );
  const job: JobContext = {
    ...context,
    matrix: firstOfMatrix(nodeAt(nodeAt(node, 'strategy'), 'matrix'), notes),
    env: [root, node].flatMap((of) => nodeAt(of, 'env') ?? []),
    defaults: nodeAt(nodeAt(node, 'defaults') ?? nodeAt(root, 'defaults'), 'run'),
    prefix,
  };
  return itemsOf(nodeAt(node, 'steps')).map((step) => stepOf(step, job));
}

/** The first value of each axis: the draft is written for one combination. */
function firstOfMatrix(matrix: YamlNode | undefined, notes: Notes): Readonly<Record<string, string>> {
  if (matrix === undefined) return {};
  if (matrix.kind !== 'map') {
    notes.lost(
      `matrix: ${textOf(matrix)}`,
      'its values are only known there: the job stands here once',
      lineOf(matrix),
    );
    return {};
  }
  const isAxis = ({ key }: { readonly key: string }): boolean => key !== 'include' && key !== 'exclude';
  const axes = entriesOf(matrix).filter((entry) => isAxis(entry) && entry.node.kind === 'list');
  // Without an axis each entry of `include` is a combination of its own.
  const first =
    axes.length === 0
      ? entriesOf(itemsOf(nodeAt(matrix, 'include'))[0])
      : axes.map(({ key, node }) => ({ key, node: itemsOf(node)[0] }));
  notes.lost(
    `matrix: ${(axes.length === 0 ? first : axes).map(({ key }) => key).join(', ')}`,
    'only the first value of each was taken',
    lineOf(matrix),
  );
  for (const { key, line } of entriesOf(matrix))
    if (axes.length > 0 && !isAxis({ key })) notes.lost(`matrix: ${key}`, 'combinations are not made here', line);
  // A value with parts of its own has no text: its expressions stay, and are said to.
  return Object.fromEntries(first.flatMap(({ key, node }) => (node?.kind === 'scalar' ? [[key, textOf(node)]] : [])));
}

/** ` (a, b)`: the names of what is handed over. */
const givenOf = (node: YamlNode | undefined): string => {
  const names = entriesOf(node).map(({ key }) => key);
  return names.length === 0 ? '' : ` (${names.join(', ')})`;
};

function stepOf(step: YamlNode, job: JobContext): DraftStep {
  const { notes } = job;
  const uses = textOf(nodeAt(step, 'uses'));
  const run = textOf(nodeAt(step, 'run'));
  const title = `${job.prefix}${textOf(nodeAt(step, 'name')) || uses || run.trim().split('\n')[0] || 'Step'}`;
  for (const { key, line } of entriesOf(step))
    if (!STEP_KEYS.has(key))
      notes.lost(key, key === 'if' ? 'the step runs whatever it says' : 'it has no counterpart here', line);
  if (uses !== '') {
    const why = uses.startsWith('actions/checkout@')
      ? 'the folder of a run is empty: get the code with git in a script'
      : 'an action of GitHub does not run here';
    notes.lost(`uses: ${uses}${givenOf(nodeAt(step, 'with'))}`, why, lineOf(step));
    return missingStep(title, uses);
  }
  const shell = textOf(nodeAt(step, 'shell') ?? nodeAt(job.defaults, 'shell'));
  const begin = SHELLS[shell];
  if (run === '' || begin === undefined) {
    notes.lost(`shell: ${shell}`, 'scripts are run by bash, sh or Python', lineOf(step));
    return missingStep(title, `shell ${shell}`);
  }
  const tool = job.freeTool(toolName(textOf(nodeAt(step, 'id')) || title));
  const params: Record<string, string> = {};
  job.scripts.push({
    file: `${tool}.${shell === 'sh' ? 'sh' : 'bash'}`,
    text: scriptOf(step, { run, shell, begin }, job, params),
  });
  const minutes = Number(textOf(nodeAt(step, 'timeout-minutes')));
  for (const key of ['timeout-minutes', 'continue-on-error']) {
    const node = nodeAt(step, key);
    if (node !== undefined && textOf(node).includes(EXPRESSION_MARKS.open))
      notes.lost(`${key}: ${textOf(node)}`, 'only a value that stands there is taken', lineOf(node));
  }
  const block: Record<string, Json> = {
    action: `${tool}.run`,
    ...(Object.keys(params).length === 0 ? {} : { inputs: params }),
    ...(minutes > 0 ? { timeout: `${minutes}m` } : {}),
    ...(nodeAt(step, 'continue-on-error')?.value === true ? { on_error: 'continue' } : {}),
  };
  return { title, block };
}

interface StepScript {
  readonly run: string;
  readonly shell: string;
  readonly begin: string;
}

function scriptOf(
  step: YamlNode,
  { run, shell, begin }: StepScript,
  job: JobContext,
  params: Record<string, string>,
): string {
  const shelled = (text: string, line: number, isForeign = false): string => {
    const scope: ActionScope = { inputs: job.inputs, matrix: job.matrix, notes: job.notes, line, isForeign };
    const made = shellExpressions(text, scope);
    Object.assign(params, made.params);
    return made.text;
  };
  const line = lineOf(step);
  if (/\bGITHUB_[A-Z]+|\bRUNNER_[A-Z]+/.test(run))
    job.notes.lost(/\b(?:GITHUB|RUNNER)_[A-Z_]+/.exec(run)?.[0] ?? '', 'nothing sets it here', line);
  const env = [...job.env, nodeAt(step, 'env')].flatMap((map) => entriesOf(map));
  const exports = env
    .filter(({ key }) => isVariable(key))
    .map(({ key, node, line: at }) => `export ${key}=${exported(textOf(node), (text) => shelled(text, at))}`);
  const folder = textOf(nodeAt(step, 'working-directory') ?? nodeAt(job.defaults, 'working-directory'));
  const body = shelled(run, line, shell === 'python').replace(/\n+$/, '');
  const lines = shell === 'python' ? ["exec python3 - <<'END_OF_SCRIPT'", body, 'END_OF_SCRIPT'] : [begin, body];
  const cd = folder === '' ? [] : [`cd ${shellWord(folder)} || exit 1`];
  return [...parameterLines(params), ...exports, ...cd, ...lines, ''].join('\n');
}

/** A value with variables in it stands in double quotes, so that they are replaced; one without is one plain word. */
function exported(text: string, shelled: (text: string) => string): string {
  if (!text.includes(EXPRESSION_MARKS.open)) return shellWord(text);
  const onRest = (rest: string): string => rest.replace(/["\\$\x60]/g, '\\$&');
  return `"${mapPlaces(text, EXPRESSION_MARKS, { onPlace: shelled, onRest })}"`;
}
