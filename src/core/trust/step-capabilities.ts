import { isJsonMap, type Json } from '../../shared/json.ts';
import type { Step, Workflow } from '../../shared/model/workflow.ts';
import { actionsOf, allSteps, channelsOf, secretNames, splitAction, usedTools } from '../workflow/index.ts';
import type { CapabilityList } from './capability-list.ts';
import { findHosts } from './risky-code.ts';

/** What the built-ins do to a repository. */
const ACTS_ON_GIT: Readonly<Record<string, string>> = {
  git_revert: 'takes a commit back',
  git_branch_create: 'makes a branch',
  git_branch_delete: 'removes a branch',
  reset_hard: 'sets the files to a commit',
};

const textsOf = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

const stepWord = ({ id, name }: Step): string => (name === '' || name === id ? `Step ${id}` : `Step ${id}, ${name}`);

const LIMITS = [
  ['read', 'reads'],
  ['write', 'writes'],
  ['hosts', 'reaches'],
  ['env', 'environment'],
  ['commands', 'runs'],
] as const;

/** What the steps of a workflow could do, with all that they name. `scripts` are tools of the bundle itself. */
export function addSteps(list: CapabilityList, workflow: Workflow, scripts: ReadonlySet<string>): void {
  for (const step of allSteps(workflow)) addStep(list, step);
  const { tools, dynamic } = usedTools(workflow);
  for (const name of tools.filter((tool) => !scripts.has(tool)))
    list.add({ kind: 'tools', name, purpose: 'A tool of this project' });
  for (const name of workflow.requirements.tools.filter((tool) => !scripts.has(tool)))
    list.add({ kind: 'tools', name, purpose: 'It is given to agents and to steps that choose' });
  for (const name of dynamic)
    list.add({
      kind: 'tools',
      name,
      purpose: 'Which tool it is, only a run can tell: one of those that are named here',
    });
  for (const name of secretNames(workflow)) list.add({ kind: 'secrets', name, purpose: 'Put into what a step sends' });
  for (const name of workflow.requirements.permissions)
    list.add({ kind: 'declares', name, purpose: 'The author says that it needs this' });
  addAgents(list, workflow);
  for (const { type, enabled, config } of workflow.triggers) {
    if (type === 'manual') continue;
    const { secret } = config;
    list.add({
      kind: 'starts',
      name: triggerName(type, config),
      purpose: TRIGGER_WORDS[type],
      made: [enabled, config],
    });
    if (typeof secret === 'string') list.add({ kind: 'secrets', name: secret, purpose: 'Checks what a webhook sends' });
    if (type === 'file' && typeof config.path === 'string')
      list.add({ kind: 'reads', name: config.path, purpose: 'Watched for changes' });
  }
}

const TRIGGER_WORDS = {
  schedule: 'At times of its own',
  webhook: 'When something is sent to its address',
  file: 'When a file changes',
  event: 'After another run',
} as const;

function triggerName(type: string, config: Readonly<Record<string, Json>>): string {
  const { id, schedule, cron, path, event } = config;
  const said = [id, schedule, cron, path, event].find((one) => typeof one === 'string');
  return `${type} ${said ?? ''}`.trim();
}

function addStep(list: CapabilityList, step: Step): void {
  const purpose = stepWord(step);
  for (const [limit, kind] of LIMITS)
    for (const name of textsOf(step.permissions?.[limit])) list.add({ kind, name, purpose: `${purpose} may` });
  if (step.outputFile !== undefined)
    list.add({ kind: 'writes', name: step.outputFile, purpose: `${purpose}: its result` });
  if (step.kind === 'workflow')
    list.add({ kind: 'workflows', name: step.detail.workflow, purpose, made: step.detail.version ?? null });
  if (step.kind === 'approval') {
    const { approvers, title, min_approvals, on_reject, on_expire } = step.detail;
    const who = approvers.length === 0 ? 'whoever may approve' : approvers.join(', ');
    list.add({
      kind: 'asks',
      name: `step ${step.id}`,
      purpose: `Asks ${who}: ${title}`,
      made: [approvers, min_approvals, on_reject, on_expire],
    });
  }
  for (const channel of channelsOf(step)) list.add({ kind: 'reaches', name: channel, purpose: `${purpose}: a notice` });
  for (const { action, inputs } of actionsOf(step)) {
    const { tool, operation } = splitAction(action);
    if (tool === 'workflow' && operation === 'write_file' && typeof inputs.path === 'string')
      list.add({ kind: 'writes', name: inputs.path, purpose });
    const actOnGit = tool === 'workflow' && Object.hasOwn(ACTS_ON_GIT, operation) ? ACTS_ON_GIT[operation] : undefined;
    if (actOnGit !== undefined) {
      list.add({
        kind: 'writes',
        name: typeof inputs.repo_path === 'string' ? inputs.repo_path : '.',
        purpose: `${purpose}: ${actOnGit}`,
      });
      list.add({ kind: 'runs', name: 'git', purpose });
    }
    if (tool === 'agent') {
      for (const name of textsOf(inputs.files))
        list.add({ kind: 'reads', name, purpose: `${purpose}: shown to an agent` });
      for (const source of Array.isArray(inputs.sources) ? inputs.sources : [])
        if (isJsonMap(source) && typeof source.path === 'string')
          list.add({ kind: 'reads', name: source.path, purpose: `${purpose}: searched` });
    }
    for (const name of findHosts(JSON.stringify(inputs)).keys()) list.add({ kind: 'reaches', name, purpose });
  }
}

/** Who is asked by name, else whom the project chooses. */
function addAgents(list: CapabilityList, workflow: Workflow): void {
  const asking = allSteps(workflow).filter((step) =>
    actionsOf(step).some(({ action }) => splitAction(action).tool === 'agent'),
  );
  for (const step of asking) {
    const name = step.agent ?? workflow.execution.agent ?? "the project's agent";
    const model = step.model ?? workflow.execution.model ?? null;
    const { write, commands } = step.permissions ?? {};
    const may = [
      ...(textsOf(commands).length > 0 ? ['starts commands'] : []),
      ...(textsOf(write).length > 0 ? ['writes files'] : []),
    ];
    const purpose = `${stepWord(step)}${may.length === 0 ? '' : `: ${may.join(' and ')}`}`;
    list.add({ kind: 'agents', name, purpose, made: [model, may] });
  }
}
