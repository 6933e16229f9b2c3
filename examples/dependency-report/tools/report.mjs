#!/usr/bin/env node
import { main, progress, readJson, writeOutput } from '../lib/cli.mjs';

const cell = (value) =>
  String(value ?? '')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ');
const row = (values) => `| ${values.map(cell).join(' | ')} |\n`;
const csvField = (value) => {
  const text = String(value ?? '');
  const safe = /^[=+@\t\r-]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const SECTIONS = [
  ['advisory', 'Advisories'],
  ['license', 'Licences'],
  ['major', 'A major version behind'],
  ['deprecated', 'Deprecated'],
  ['unresolvable', 'No fitting version'],
  ['unknown', 'Unknown packages'],
];

function drawSection(title, findings) {
  if (findings.length === 0) return '';
  return `\n## ${title}\n${findings.map((one) => `- **${cell(one.name)}** (${one.ecosystem}): ${cell(one.text)}`).join('\n')}\n`;
}

async function write({ resolved, findings: file, project }) {
  const all = [];
  for (const name of JSON.parse(resolved).filter((one) => one !== '')) all.push(...(await readJson(name)));
  const { counts, findings } = await readJson(file);
  progress(`writing ${all.length} dependencies and ${findings.length} findings`);
  const summary = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`);
  const head = ['Package', 'Range', 'Current', 'In range', 'Latest', 'Behind', 'Licence', 'File'];
  const table = all.map((one) =>
    row([one.name, one.range, one.current, one.wanted, one.latest, one.behind ?? one.status, one.license, one.file]),
  );
  const text = `# Dependencies of ${cell(project)}

${all.length} dependencies; findings: ${summary.length === 0 ? 'none' : summary.join(', ')}.
${SECTIONS.map(([kind, title]) =>
  drawSection(
    title,
    findings.filter((one) => one.kind === kind),
  ),
).join('')}
## All dependencies
${row(head)}${row(head.map(() => '---'))}${table.join('')}`;
  const columns = [
    'ecosystem',
    'name',
    'range',
    'locked',
    'wanted',
    'latest',
    'status',
    'behind',
    'license',
    'dev',
    'file',
  ];
  const csv = [columns, ...all.map((one) => columns.map((column) => one[column]))].map(
    (values) => `${values.map(csvField).join(',')}\n`,
  );
  return {
    report_file: await writeOutput('dependencies.md', text),
    csv_file: await writeOutput('dependencies.csv', csv.join('')),
  };
}

await main({ write });
