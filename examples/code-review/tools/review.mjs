#!/usr/bin/env node
import { main, progress, UsageError, writeOutput } from '../lib/cli.mjs';

const VERDICTS = { approve: 'Approve', comment: 'Comment', request_changes: 'Request changes' };
const SEVERITIES = ['critical', 'high', 'medium', 'low'];

/** What an agent wrote is text of a stranger: it goes into the page as text and cannot become a heading, a link or HTML. */
const plain = (value) =>
  String(value)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|#]/g, '\\$&');

/** A code span that its content cannot end. */
const code = (text) => {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
};

/**
 * Comments of the agent on files that the change has; whatever else it made up is left out and counted. What only repeats a finding
 * word for word stands there already.
 */
function sortComments(judgement, files, findings) {
  const paths = new Set(files.map((file) => file.path));
  const said = new Set(findings.map((one) => `${one.path}:${one.line} ${one.message}`));
  const comments = Array.isArray(judgement.comments) ? judgement.comments : [];
  const real = comments.filter((one) => paths.has(one?.path) && typeof one.message === 'string');
  const kept = real.filter((one) => !said.has(`${one.path}:${one.line} ${one.message}`));
  return { kept, dropped: comments.length - real.length };
}

function verdictOf(wanted) {
  if (VERDICTS[wanted] === undefined) throw new UsageError(`Unknown verdict: ${wanted}`);
  return wanted;
}

function toMarkdown({ change, findings, judgement, verdict, reason, comments }) {
  const bySeverity = SEVERITIES.flatMap((severity) => findings.filter((one) => one.severity === severity));
  const parts = [
    `# Review of #${change.number}: ${plain(change.title)}`,
    `**${VERDICTS[verdict]}** ${plain(reason)}`,
    `${change.files.length} files, +${change.additions} -${change.deletions}, by ${plain(change.author)}`,
    `## Summary\n\n${plain(judgement.summary)}`,
    `## Findings (${findings.length})\n\n${bySeverity.length === 0 ? 'The rules found nothing.' : bySeverity.map(findingLine).join('\n')}`,
  ];
  if (comments.kept.length > 0) {
    const lines = comments.kept.map(
      (one) => `- ${code(`${one.path}${one.line > 0 ? `:${one.line}` : ''}`)} ${plain(one.message)}`,
    );
    parts.push(`## Comments\n\n${lines.join('\n')}`);
  }
  if (comments.dropped > 0)
    parts.push(`_${comments.dropped} comments named no file of this change and were left out._`);
  const rows = change.files.map(
    (file) => `| ${code(file.path)} | ${file.status} | +${file.additions} | -${file.deletions} |`,
  );
  parts.push(`## Files\n\n| File | | Added | Removed |\n| --- | --- | --- | --- |\n${rows.join('\n')}`);
  return `${parts.join('\n\n')}\n`;
}

const findingLine = (one) =>
  `- **${one.severity}** ${code(`${one.path}:${one.line}`)} ${plain(one.message)} (${one.rule})\n  ${code(one.excerpt)}`;

async function write(parameters) {
  const change = JSON.parse(parameters.change);
  const findings = JSON.parse(parameters.findings);
  const judgement = JSON.parse(parameters.judgement);
  const verdict = verdictOf(parameters.verdict);
  const comments = sortComments(judgement, change.files, findings);
  const review = { change, findings, judgement, verdict, reason: parameters.reason, comments };
  const counts = Object.fromEntries(
    SEVERITIES.map((severity) => [severity, findings.filter((one) => one.severity === severity).length]),
  );
  progress(`${verdict}: ${findings.length} findings, ${comments.kept.length} comments`);
  const record = {
    pull_request: change.number,
    verdict,
    reason: parameters.reason,
    agent_verdict: judgement.verdict ?? null,
    summary: judgement.summary,
    counts,
    findings,
    comments: comments.kept,
    comments_left_out: comments.dropped,
  };
  return {
    review_file: await writeOutput('review.md', toMarkdown(review)),
    verdict_file: await writeOutput('verdict.json', `${JSON.stringify(record, null, 2)}\n`),
    comments: comments.kept.length,
    counts,
  };
}

await main({ write });
