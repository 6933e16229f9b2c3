import { expect, it } from 'vitest';
import type { RunReport } from '../../shared/model/run-report.ts';
import { sha256Hex } from '../crypto/index.ts';
import { reportHtml } from './report-html.ts';
import { reportMarkdown } from './report-markdown.ts';

/** SPEC §9 "Export of a run": whoever opens a report is safe from whatever the run made up. */
const HOSTILE = '</pre><script>alert(1)</script><img src=x onerror=alert(1)>\u202e"\'&`\n# big\n| a |';
const REPORT = {
  ...{ format: 'aiworkflow-report', format_version: 1, made_at: '2026-11-30T09:00:00.000Z', made_by: 'user:me' },
  ...{ run_id: 'r-1', workflow_id: 'w', workflow_name: HOSTILE, version_label: HOSTILE, version_hash: 'abc' },
  ...{ agent_name: HOSTILE, trigger: HOSTILE, started_by: HOSTILE, linked_run_id: null, parent_run_id: null },
  ...{ status: 'completed', outcome: 'partial', warnings: [], cost: 1.5, unpriced_requests: 2 },
  error: { code: 'tool.failed', kind: 'external', retryable: false, message: HOSTILE, hint: HOSTILE },
  ...{ started_at: '2026-11-30T08:00:00.000Z', completed_at: null, duration_seconds: 1.234, final_output: HOSTILE },
  ...{ steps_succeeded: 1, steps_failed: 1, steps_skipped: 0, success_conditions: [], failovers: [] },
  inputs: { [HOSTILE]: HOSTILE },
  outputs: { said: HOSTILE },
  step_results: [
    {
      ...{ step_id: HOSTILE, path: 'a', status: 'failed', output: HOSTILE, retries: 1, success: false, metadata: {} },
      ...{ started_at: null, completed_at: null, duration_seconds: 0.5 },
      error: { code: 'tool.failed', kind: 'external', retryable: false, message: HOSTILE },
    },
    {
      ...{ step_id: 'long', path: 'b', status: 'completed', output: 'x'.repeat(30_000), retries: 0, success: true },
      ...{ started_at: null, completed_at: null, duration_seconds: null, error: null, metadata: {} },
    },
  ],
  approvals: [
    {
      ...{ step: 'a', title: HOSTILE, status: 'approved' },
      decisions: [{ by: HOSTILE, at: '2026-11-30T08:30:00.000Z', decision: 'approve', comment: HOSTILE }],
    },
  ],
  log: [{ at: '2026-11-30T08:00:00.000Z', level: 'info', step: HOSTILE, message: HOSTILE }],
  log_left_out: 7,
} as unknown as RunReport;

it('HTML is one file in which nothing runs and nothing is loaded', () => {
  const html = reportHtml(REPORT);
  expect(html).not.toMatch(/<(?:script|img|a|link|iframe|form|svg|object)\b/i);
  const [, style = ''] = /<style>([^<]*)<\/style>/.exec(html) ?? [];
  const hash = Buffer.from(sha256Hex(style), 'hex').toString('base64');
  expect(html).toContain(
    `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
  );
  // The policy stands before anything that a run made up.
  expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('&lt;/pre&gt;'));
  expect(html).toContain('⟨U+202E⟩');
  expect(html).not.toContain('\u202e');
  expect(html).toContain('⚠️ Partial');
  expect(html).toContain('… (30000 characters)');
  expect(html).toContain('7 entries are left out.');
});

it('Markdown holds words and no markup of a run', () => {
  const text = reportMarkdown(REPORT);
  const outside = text.replace(/```json\n[\s\S]*?\n```/g, '');
  expect(outside).not.toMatch(/(?<!\\)<(?:script|img)/);
  expect(text).not.toMatch(/^# big/m);
  // Each row of a table has the cells of its head.
  for (const table of outside.split('\n\n').filter((part) => part.startsWith('| '))) {
    const counts = table.split('\n').map((line) => line.match(/(?<!\\)\|/g)?.length);
    expect(new Set(counts).size).toBe(1);
  }
});
