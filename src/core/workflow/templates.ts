import { sanitizeId } from './scaffold-id.ts';

/** Starting points for a new workflow (SPEC §13 "Templates"). */
export type WorkflowTemplate = 'basic' | 'multi-step' | 'with-tools' | 'loop' | 'approval' | 'webhook';

interface TemplateParts {
  readonly timeout: string;
  readonly errorHandling: 'stop' | 'continue';
  readonly tools: readonly string[];
  /** More lines of the frontmatter. */
  readonly more?: readonly string[];
  readonly body: string;
}

const BASIC = `## Step 1: Write the summary

Replace this step with the first thing your workflow does.

\`\`\`yaml
action: agent.generate
inputs:
  prompt: "Write one friendly sentence that introduces this workflow."
output_variable: summary
\`\`\`
`;

const MULTI_STEP = `## Step 1: Gather ideas

\`\`\`yaml
action: agent.generate
inputs:
  prompt: "List three topics for a short team update."
output_variable: ideas
\`\`\`

## Step 2: Choose the best one

\`\`\`yaml
action: agent.analyze
inputs:
  task: "Choose the best topic and say why."
  data: "{{ ideas }}"
output_variable: choice
\`\`\`

## Step 3: Write the update

Runs only when a topic was chosen.

\`\`\`yaml
action: agent.generate
condition: "choice is defined and choice"
inputs:
  prompt: "Write the team update about the chosen topic."
  context: "{{ choice }}"
output_variable: update
\`\`\`
`;

const WITH_TOOLS = `## Step 1: Search the open issues

\`\`\`yaml
action: jira.search
inputs:
  jql: "status = Open ORDER BY created DESC"
  max_results: 10
output_variable: issues
\`\`\`

## Step 2: Tell the team

Runs only when there is something to tell.

\`\`\`yaml
action: slack.send_message
condition: "issues.total > 0"
inputs:
  channel: "#general"
  text: "There are {{ issues.total }} open issues."
output_variable: message
\`\`\`
`;

const LOOP = `## Step 1: Do it for each

Replace the inner steps with what is to be done for one item.

\`\`\`yaml
for_each: "{{ inputs.items }}"
as: item
steps:
  - name: Handle one
    action: workflow.set
    inputs: {line: "Handled {{ item }}"}
output: "{{ line }}"
output_variable: lines
\`\`\`

## Step 2: Hand the result on

\`\`\`yaml
action: workflow.set_outputs
inputs: {lines: "{{ lines }}"}
\`\`\`
`;

const APPROVAL = `## Step 1: Write the proposal

\`\`\`yaml
action: workflow.set
inputs: {proposal: "What is about to be done."}
\`\`\`

## Step 2: Ask

\`\`\`yaml
approval:
  title: "Go on?"
  description: "{{ proposal }}"
  on_reject: continue
output_variable: answer
\`\`\`

## Step 3: Do it

Runs only when somebody has approved.

\`\`\`yaml
action: workflow.log
condition: answer.approved
inputs: {message: "Approved: {{ proposal }}"}
\`\`\`
`;

const WEBHOOK = `## Step 1: Take what came

The secret is a variable or a stored secret; without it the webhook is not armed.

\`\`\`yaml
action: workflow.log
inputs: {message: "{{ inputs.payload | tojson }}"}
\`\`\`
`;

const TEMPLATES: Readonly<Record<WorkflowTemplate, TemplateParts>> = {
  basic: { timeout: '300s', errorHandling: 'stop', tools: [], body: BASIC },
  'multi-step': { timeout: '600s', errorHandling: 'continue', tools: [], body: MULTI_STEP },
  'with-tools': { timeout: '300s', errorHandling: 'stop', tools: ['slack', 'jira'], body: WITH_TOOLS },
  loop: {
    ...{ timeout: '600s', errorHandling: 'stop', tools: [], body: LOOP },
    more: ['inputs:', '  items: {type: array, default: [one, two, three], description: "What is gone through"}'],
  },
  approval: { timeout: '1d', errorHandling: 'stop', tools: [], body: APPROVAL },
  webhook: {
    ...{ timeout: '300s', errorHandling: 'stop', tools: [], body: WEBHOOK },
    more: [
      'triggers:',
      '  - type: webhook',
      '    path: /hooks/{id}',
      '    secret: WEBHOOK_SECRET',
      '    inputs: {payload: "{{ trigger.payload }}"}',
      'inputs:',
      '  payload: {type: object, default: {}, description: "What was sent"}',
    ],
  },
};

/** The text of a new workflow file. It validates without errors, apart from tools that have to be set up first. */
export function templateWorkflow(name: string, template: WorkflowTemplate): string {
  const { timeout, errorHandling, tools, body, more = [] } = TEMPLATES[template];
  const title = name.replace(/\s+/g, ' ').trim().slice(0, 200) || 'New Workflow';
  const frontmatter = [
    '---',
    'workflow:',
    `  id: ${JSON.stringify(sanitizeId(title))}`,
    `  name: ${JSON.stringify(title)}`,
    '  version: "1.0.0"',
    '  description: ""',
    '  author: ""',
    '  tags: []',
    'compatibility:',
    '  min_version: "1.0.0"',
    '  agents:',
    '    - opencode: recommended',
    '    - claude-code: supported',
    'requirements:',
    `  tools: ${JSON.stringify(tools)}`,
    '  features:',
    '    - tool_calling: required',
    'execution:',
    `  timeout: ${timeout}`,
    `  error_handling: ${errorHandling}`,
    ...more.map((line) => line.replace('{id}', sanitizeId(title))),
    '---',
  ];
  return `${frontmatter.join('\n')}\n\n# ${title}\n\n${body}`;
}
