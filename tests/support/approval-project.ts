import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatedProject } from './gated-project.ts';

/** Leaves a trace of every letter that is sent, and to whom. */
const MAIL = `#!/usr/bin/env bash
for argument in "$@"; do case "$argument" in --to=*) to="\${argument#--to=}" ;; esac; done
echo "$AIWORKFLOW_RUN_ID sent $to" >> "$TRACE_FILE"
echo '{"sent": true}'
`;

const step = (name: string, ...lines: readonly string[]): string =>
  `## ${name}\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`\n`;
const SEND = ['id: send', 'action: mail.send', 'output_variable: sent'];

const WORKFLOWS = {
  refund: {
    name: 'Customer refunds',
    head: [
      'inputs:',
      '  customer: {type: string, default: "Hansen Logistik"}',
      '  amount: {type: string, default: "€1,240.00"}',
    ],
    steps: [
      step(
        'Step 1: Write the letter',
        'id: draft',
        'action: workflow.set',
        'inputs:',
        '  letter: "# Your refund\\n\\nDear {{ inputs.customer }},\\n\\nwe pay back **{{ inputs.amount }}** within five working days:\\n\\n- order 4711, damaged on the way\\n- order 4723, arrived too late"',
      ),
      step(
        'Step 2: May it be paid?',
        'id: ask',
        'approval:',
        '  title: "Refund {{ inputs.amount }} to {{ inputs.customer }}"',
        '  description: "Above €1,000 somebody looks at a refund before it is paid."',
        '  expires_in: 2h',
        'output_variable: answer',
      ),
      step(
        'Step 3: Tell the customer',
        ...SEND,
        'condition: answer.approved',
        'inputs:',
        '  to: "{{ inputs.customer }}"',
        '  subject: "Your refund of {{ inputs.amount }}"',
        '  text: "{{ letter }}"',
        '  payments: [{order: "4711", amount: 840, reason: damaged}, {order: "4723", amount: 400, reason: late}]',
      ),
      step(
        'Step 4: Keep the receipt',
        'id: keep',
        'action: workflow.write_file',
        'inputs: {path: receipt.md, content: "Sent: {{ sent.sent }}"}',
      ),
    ],
  },
  letter: {
    name: 'Letter by an agent',
    head: ['inputs:', '  topic: {type: string, default: "the move of the office"}'],
    steps: [
      step(
        'Step 1: Draft it',
        'id: draft',
        'action: agent.run',
        'inputs: {task: "Write a letter about {{ inputs.topic }}, in two sentences."}',
        'output_variable: letter',
      ),
      step('Step 2: Is it good?', 'id: ask', 'approval: {title: "Send the letter about {{ inputs.topic }}"}'),
      step('Step 3: Send it', ...SEND, 'inputs: {to: all, text: "{{ letter }}"}'),
    ],
  },
  pair: {
    name: 'Four eyes',
    head: [],
    steps: [
      step('Step 1: May it be paid?', 'id: ask', 'approval: {title: Pay the invoice, min_approvals: 2}'),
      step('Step 2: Send it', ...SEND, 'inputs: {to: supplier}'),
    ],
  },
  soon: {
    name: 'Quick question',
    head: [],
    steps: [
      step('Step 1: Quick?', 'id: ask', 'approval: {title: Still there?, expires_in: 9s, on_expire: continue}'),
      step('Step 2: Send it', ...SEND, 'inputs: {to: nobody}'),
    ],
  },
  supplier: {
    name: 'Pay a supplier',
    head: [
      'risk_level: high',
      'inputs:',
      '  supplier: {type: string, default: "Elbe Strom"}',
      '  amount: {type: number, default: 4812.5}',
    ],
    steps: [step('Step 1: Send it', ...SEND, 'inputs: {to: "{{ inputs.supplier }}"}')],
  },
  nap: {
    name: 'Sleeps',
    head: [],
    steps: [
      step('Step 1: Wait for the night', 'id: nap', 'wait: 3h'),
      step('Step 2: Go on', 'id: on', 'action: workflow.noop'),
    ],
  },
  watch: {
    name: 'Watches',
    head: ['inputs:', '  ready: {type: boolean, default: false}'],
    steps: [step('Step 1: Until it is ready', 'id: look', 'wait: {condition: inputs.ready, every: 30s, timeout: 1h}')],
  },
  paid: {
    name: 'Order until its payment',
    head: ['inputs:', '  order: {type: string, default: "4711"}'],
    steps: [
      step('Step 1: Take the order', 'id: take', 'action: workflow.set', 'inputs: {customer: Hansen Logistik}'),
      step(
        'Step 2: Wait for the payment',
        'id: paid',
        'wait: {event: /shop/payments, match: payload.order == inputs.order, timeout: 7d}',
        'output_variable: payment',
      ),
      step('Step 3: Send the goods', ...SEND, 'inputs: {to: "{{ customer }}", text: "Order {{ inputs.order }}"}'),
    ],
  },
} as const;
export type AskingWorkflow = keyof typeof WORKFLOWS;

/** A project whose workflows ask for a decision, or rest for a time or an event. What was sent stands in `tracesOf`. */
export class ApprovalProject extends GatedProject {
  constructor() {
    super();
    writeFileSync(
      join(this.path, 'aiworkflow.yaml'),
      'version: "1.0"\nagent: {primary: demo}\ngovernance: {approve_high_risk: true}\n',
    );
    for (const [id, { name, head, steps }] of Object.entries(WORKFLOWS)) {
      this.addBundle(id, { name, steps: [], tools: { 'mail.sh': MAIL } });
      const top = ['---', `workflow: {id: ${id}, name: ${JSON.stringify(name)}}`, ...head, '---', ''];
      writeFileSync(join(this.bundleDir(id), 'workflow.md'), [...top, ...steps].join('\n'));
    }
  }
}
