#!/usr/bin/env node
import { main, progress, readJson, writeOutput } from '../lib/cli.mjs';

/** `MIT OR GPL-3.0`: one allowed side is enough; `MIT AND CC0-1.0`: every side must be allowed. */
function isAllowed(license, allowed) {
  const sides = license.replace(/[()]/g, '').split(/\s+OR\s+/);
  return sides.some((side) => side.split(/\s+AND\s+/).every((one) => allowed.has(one.trim().toLowerCase())));
}

function judge(one, allowed) {
  const where = { ecosystem: one.ecosystem, name: one.name, file: one.file };
  const found = [];
  if (one.status === 'unknown')
    found.push({
      kind: 'unknown',
      severity: 'warning',
      ...where,
      text: 'The registry snapshot does not know this package',
    });
  if (one.status === 'unresolvable')
    found.push({ kind: 'unresolvable', severity: 'error', ...where, text: `No version fits ${one.range}` });
  if (one.behind === 'major')
    found.push({
      kind: 'major',
      severity: 'warning',
      ...where,
      text: `${one.current} is a major version behind ${one.latest}`,
    });
  else if (one.behind !== null)
    found.push({ kind: one.behind, severity: 'note', ...where, text: `${one.current} is behind ${one.latest}` });
  if (one.deprecated) found.push({ kind: 'deprecated', severity: 'warning', ...where, text: one.deprecated });
  if (one.license === null && one.status !== 'unknown')
    found.push({ kind: 'license', severity: 'error', ...where, text: 'No licence is declared' });
  if (one.license !== null && !isAllowed(one.license, allowed))
    found.push({ kind: 'license', severity: 'error', ...where, text: `Licence ${one.license} is not allowed` });
  return found;
}

async function check({ resolved, allow_licenses: licenses, advisories = '[]' }) {
  const allowed = new Set(JSON.parse(licenses).map((name) => name.toLowerCase()));
  progress(`${allowed.size} licences are allowed`);
  const all = [];
  for (const file of JSON.parse(resolved).filter((one) => one !== '')) all.push(...(await readJson(file)));
  const findings = [
    ...JSON.parse(advisories).map((one) => ({
      kind: 'advisory',
      severity: one.severity === 'low' ? 'warning' : 'error',
      ecosystem: one.ecosystem,
      name: one.name,
      text: `${one.id}: ${one.title}; fixed in ${one.fixed_in}`,
    })),
    ...all.flatMap((one) => judge(one, allowed)),
  ];
  const counts = { advisory: 0, license: 0, major: 0, minor: 0, patch: 0, deprecated: 0, unknown: 0, unresolvable: 0 };
  for (const finding of findings) {
    counts[finding.kind]++;
    if (finding.severity !== 'note') progress(`${finding.severity}: ${finding.name}: ${finding.text}`);
  }
  const file = await writeOutput('findings.json', `${JSON.stringify({ counts, findings }, null, 2)}\n`);
  return {
    findings_file: file,
    counts,
    outdated: counts.major + counts.minor + counts.patch,
    errors: findings.filter((one) => one.severity === 'error').length,
  };
}

await main({ check });
