#!/usr/bin/env node
import { main, progress, writeOutput } from '../lib/cli.mjs';

const RULES = [
  { id: 'secret', level: 'error', text: 'A secret stands in the history' },
  { id: 'large-file', level: 'warning', text: 'A large file stands in the history' },
  { id: 'stale-branch', level: 'note', text: 'Nobody has touched the branch for a long time' },
  { id: 'missing-licence', level: 'warning', text: 'The repository has no licence file' },
];

function collect({ large, leaks, branches, licence }) {
  return [
    ...leaks.found.map((one) => ({
      rule: 'secret',
      path: one.path,
      line: one.line,
      text: `${one.title} ${one.excerpt}, brought in by ${one.author} on ${one.day} (${one.commit})${one.removed ? ', removed since but still in the history' : ''}`,
    })),
    ...large.found.map((one) => ({
      rule: 'large-file',
      path: one.path,
      text: `${Math.round(one.size_bytes / 1024)} KiB, brought in by ${one.author} on ${one.day} (${one.commit})${one.deleted ? ', deleted since but still in every clone' : ''}`,
    })),
    ...branches.stale.map((one) => ({
      rule: 'stale-branch',
      branch: one.name,
      text: `Branch ${one.name} by ${one.author}: ${one.idle_days} days without a commit${one.merged ? ', merged already' : ''}`,
    })),
    ...(licence.licence
      ? []
      : [{ rule: 'missing-licence', text: 'No LICENSE or COPYING file: nobody may use the code' }]),
  ];
}

function toSarif(name, findings) {
  const levels = new Map(RULES.map((rule) => [rule.id, rule.level]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'repo-audit',
            version: '1.0.0',
            rules: RULES.map((rule) => ({ id: rule.id, shortDescription: { text: rule.text } })),
          },
        },
        automationDetails: { id: `repo-audit/${name}` },
        results: findings.map((one) => ({
          ruleId: one.rule,
          level: levels.get(one.rule),
          message: { text: one.text },
          ...(one.path === undefined
            ? {}
            : {
                locations: [
                  {
                    physicalLocation: {
                      artifactLocation: { uri: encodeURI(one.path) },
                      region: { startLine: one.line ?? 1 },
                    },
                  },
                ],
              }),
        })),
      },
    ],
  };
}

const cell = (value) => String(value).replaceAll('|', '\\|').replaceAll('\n', ' ');

function toMarkdown(name, findings, { branches, authors, large, leaks }) {
  const parts = RULES.map((rule) => {
    const own = findings.filter((one) => one.rule === rule.id);
    if (own.length === 0) return '';
    const lines = own.map(
      (one) =>
        `- ${one.path === undefined ? '' : `\`${one.path}${one.line === undefined ? '' : `:${one.line}`}\` `}${cell(one.text)}`,
    );
    return `## ${rule.text} (${own.length})\n${lines.join('\n')}\n\n`;
  });
  const people = authors.authors.map((one) => `| ${cell(one.name)} | ${one.commits} | ${one.first} | ${one.last} |`);
  const heads = branches.branches.map(
    (one) =>
      `| ${cell(one.name)} | ${cell(one.author)} | ${one.idle_days} | ${one.main ? 'main' : one.merged ? 'merged' : 'open'} |`,
  );
  return `# Audit of ${cell(name)}

${findings.length} findings in ${authors.commits} commits; ${leaks.searched} file versions searched, ${Math.round(large.total_bytes / 1024)} KiB in all.

${parts.join('')}## Branches
| Branch | Author | Days idle | State |
|---|---|---|---|
${heads.join('\n')}

## Authors
| Author | Commits | First | Last |
|---|---|---|---|
${people.join('\n')}
`;
}

async function write(parameters) {
  const { name } = parameters;
  const keys = ['large', 'leaks', 'branches', 'authors', 'licence'];
  const results = Object.fromEntries(keys.map((key) => [key, JSON.parse(parameters[key])]));
  const findings = collect(results);
  for (const rule of RULES) progress(`${rule.id}: ${findings.filter((one) => one.rule === rule.id).length}`);
  return {
    findings: findings.length,
    report_file: await writeOutput('audit.md', toMarkdown(name, findings, results)),
    sarif_file: await writeOutput('audit.sarif.json', `${JSON.stringify(toSarif(name, findings), null, 2)}\n`),
    findings_file: await writeOutput('findings.json', `${JSON.stringify(findings, null, 2)}\n`),
  };
}

await main({ write });
