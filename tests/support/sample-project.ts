import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXAMPLES_DIR } from './paths.ts';

interface SampleBundle {
  readonly workflow: string;
  readonly tools?: Readonly<Record<string, string>>;
  readonly manifest?: string;
}

const step = (number: number, name: string, lines: readonly string[]): string =>
  `## Step ${number}: ${name}\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`\n`;

const LEDGER: SampleBundle = {
  workflow: [
    '---',
    'workflow:',
    '  id: ledger-export',
    '  name: Ledger export',
    '  version: 2.1.0',
    '  description: Posts the approved invoices of the day',
    '  tags: [finance]',
    'risk_level: medium',
    'inputs:',
    '  day: {type: string, description: The day to post, default: "2026-11-20"}',
    '  currency: {type: string, enum: [EUR, USD, CHF], default: EUR}',
    '  at_most: {type: integer, min: 1, max: 500, default: 200, description: Invoices}',
    '  test_only: {type: boolean, default: false}',
    '---',
    '',
    '# Ledger export',
    '',
    step(1, 'Read the invoices', [
      'action: ledger.read',
      'inputs: {day: "{{ inputs.day }}"}',
      'output_variable: invoices',
    ]),
    step(2, 'Post them', ['action: ledger.post', 'inputs: {count: "{{ invoices.count }}"}', 'output_variable: posted']),
    step(3, 'Write the receipt', [
      'action: workflow.write_file',
      'inputs: {path: receipt.md, content: "# Posted {{ posted.count }}"}',
    ]),
  ].join('\n'),
  manifest:
    'tools:\n  - name: ledger\n    script: tools/ledger.sh\n    operations:\n      read: {description: Reads invoices, read_only: true, parameters: {day: {type: string}}}\n      post: {description: Posts invoices, parameters: {count: {type: integer}}}\n',
  tools: {
    'ledger.sh':
      '#!/usr/bin/env bash\nif [ "$1" = read ]; then echo "Reading the mailbox" >&2; echo \'{"count": 12}\'; exit 0; fi\necho "Signing in to the ledger" >&2\nsleep 30\necho \'{"count": 12}\'\n',
  },
};

const TRIAGE: SampleBundle = {
  workflow: [
    '---',
    'workflow:',
    '  id: invoice-triage',
    '  name: Invoice triage',
    '  description: Reads invoices from the mailbox, checks them, files them',
    '  tags: [finance, mail]',
    'execution:',
    '  error_handling: stop',
    '---',
    '',
    step(1, 'Fetch mail', ['action: mail.fetch', 'output_variable: mails']),
    step(2, 'Check totals', ['action: mail.check', 'retry: {max_retries: 1, delay: 100ms}']),
    step(3, 'File them', ['action: mail.file']),
  ].join('\n'),
  manifest:
    'tools:\n  - name: mail\n    script: tools/mail.sh\n    operations:\n      fetch: {read_only: true}\n      check: {}\n      file: {}\n',
  tools: {
    'mail.sh':
      '#!/usr/bin/env bash\nif [ "$1" = fetch ]; then echo \'{"mails": 3}\'; exit 0; fi\necho "Mail server refuses the sign-in" >&2\nexit 3\n',
  },
};

const PARTIAL: SampleBundle = {
  workflow: [
    '---',
    'workflow: {id: daily-standup, name: Daily standup, description: "Team summary from issues and chat", tags: [planning]}',
    'execution: {error_handling: continue}',
    '---',
    '',
    step(1, 'Gather', ['action: workflow.set', 'inputs: {people: [Ada, Ben]}']),
    step(2, 'Post it', ['action: workflow.fail', 'inputs: {message: The channel is archived}']),
    step(3, 'Hand on', ['action: workflow.set_outputs', 'inputs: {people: "{{ people | length }}"}']),
  ].join('\n'),
};

const SLOW: SampleBundle = {
  workflow: [
    '---',
    'workflow: {id: backup-check, name: Backup check, description: "Restores one file from each backup and compares", tags: [operations]}',
    '---',
    '',
    ...Array.from({ length: 6 }, (_, i) =>
      step(i + 1, `Restore part ${i + 1}`, ['action: restore.run', `inputs: {part: ${i + 1}}`]),
    ),
  ].join('\n'),
  tools: {
    'restore.sh':
      '#!/usr/bin/env bash\nfor i in 1 2 3 4 5 6 7 8 9 10; do printf "\\033[32mok\\033[0m block %s of 10\\n" "$i"; sleep 0.15; done\n',
  },
};

const BROKEN: SampleBundle = {
  workflow:
    '---\nworkflow: {id: vendor-onboarding, name: Vendor onboarding, tags: [finance]}\n---\n\n## Step 1: Check the tax number\n\n```yaml\nacton: tax.check\ninputs: {number: 1}\n```\n',
};

/** A project as an office has it: examples and workflows that complete, fail, stay partial, run long, hang and cannot run. */
export class SampleProject {
  readonly root = mkdtempSync(join(tmpdir(), 'aiw-office-'));
  readonly path = join(this.root, 'Finance operations');

  constructor() {
    mkdirSync(join(this.path, '.aiworkflow', 'workflows'), { recursive: true });
    writeFileSync(join(this.path, 'aiworkflow.yaml'), 'version: "1.0"\n');
    for (const name of ['csv-report', 'dependency-report', 'repo-audit'])
      cpSync(join(EXAMPLES_DIR, name), join(this.path, '.aiworkflow', 'bundles', name), { recursive: true });
    this.addBundle('ledger-export', LEDGER);
    this.addBundle('invoice-triage', TRIAGE);
    this.addBundle('daily-standup', PARTIAL);
    this.addBundle('backup-check', SLOW);
    this.addBundle('vendor-onboarding', BROKEN);
  }

  addBundle(name: string, bundle: SampleBundle): void {
    const folder = join(this.path, '.aiworkflow', 'bundles', name);
    mkdirSync(join(folder, 'tools'), { recursive: true });
    writeFileSync(join(folder, 'workflow.md'), bundle.workflow);
    if (bundle.manifest !== undefined) writeFileSync(join(folder, 'tools.yaml'), bundle.manifest);
    for (const [file, text] of Object.entries(bundle.tools ?? {})) {
      writeFileSync(join(folder, 'tools', file), text);
      chmodSync(join(folder, 'tools', file), 0o755);
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
