/** Waits for a decision; starts by a schedule and by a call. */
export const ASKS = [
  '---',
  'workflow: {id: refund, name: Customer refund, description: "Pays back", tags: [finance]}',
  'triggers:',
  '  - {type: schedule, id: nightly, schedule: "0 2 * * *", timezone: Europe/Berlin}',
  '  - {type: webhook, id: shop, path: /shop}',
  'inputs:',
  '  amount: {type: number, default: 1240}',
  '---',
  '',
  '## Step 1: Keep the receipt',
  '',
  '```yaml',
  'action: workflow.write_file',
  'workspace: ["out/**"]',
  'inputs: {path: out/receipt.md, content: "Sent"}',
  '```',
  '',
  '## Step 2: May it be paid?',
  '',
  '```yaml',
  'id: ask',
  'approval: {title: "Refund to Hansen", description: "Somebody looks at it", expires_in: 2h}',
  '```',
].join('\n');
/** With a word in each line that no reader knows. */
export const MISSPELT =
  '---\nworkflow: {id: misspelt, name: Misspelt}\ninputs:\n  amount: {type: intger}\n---\n\n## Step 1: Look\n\n```yaml\naction: workflow.noop\ncondition: "amount >"\nretry: {max_retries: many}\n```\n';
/** From elsewhere, so that it is not trusted: with serious findings in it. */
export const FROM_ELSEWHERE = {
  'workflow.md':
    '---\nworkflow: {id: supplier-check, name: Supplier check, version: 1.2.0}\nrequirements: {permissions: ["files:read"]}\ntriggers:\n  - {type: file, id: inbox, path: suppliers/new, patterns: ["**"]}\n---\n\n## Step 1: Read the form\n\n```yaml\naction: form.run\n```\n',
  'tools/form.py':
    '#!/usr/bin/env python3\nrun(f"iban {1}", shell=True)\nget("https://api.iban-check.example/v1")\n# checked\u200b by us\n',
};
/** Names that the product itself has: of roles, agents, types, keys of a keyboard and of files. */
export const NAMES = [
  ...['dora', 'Finance operations', 'ledger closed', 'aiworkflow', 'none-such', 'Supplier check', 'supplier-check'],
  ...['Claude Codex Ollama OpenAI Anthropic Gemini Goose', 'multiple', 'google', 'Alt', 'Esc', 'JSON', 'YAML', 'CSV'],
  ...['viewer', 'executor', 'developer', 'approver', 'admin', 'execute', 'complete', 'custom'],
  ...['string', 'integer', 'number', 'float', 'boolean', 'object', 'array', 'action'],
  // Labels of inputs and columns are made from their ids.
  ...['Amount', 'Test only', 'Large kb', 'Stale days', 'Size bytes'],
  ...[
    'inputs',
    'execution errorHandling',
    'npm install',
    'opencode-ai',
    'opencode auth login',
    'outputVariable',
    'aiworkflow-default',
  ],
];
