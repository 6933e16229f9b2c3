#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { main, progress } from '../lib/cli.mjs';
import { compareVersions, isAllowed, levelBetween, parseVersion } from '../lib/versions.mjs';

/** The newest version that a policy lets one go to, and why a newer one is held back. */
function judge({ name, range, current, ecosystem }, known, policy) {
  if (known === undefined) return { held: { name, why: 'the registry does not know it' } };
  if (current === null) return { held: { name, why: `its range was written by hand: ${range}` } };
  const from = parseVersion(current);
  const newer = known
    .map((text) => ({ text, version: parseVersion(text) }))
    .filter(({ version }) => version !== null && levelBetween(from, version) !== null)
    .sort((one, other) => compareVersions(other.version, one.version));
  const to = newer.find(({ version }) => isAllowed(levelBetween(from, version), policy));
  const update = to && { name, ecosystem, from: current, to: to.text, level: levelBetween(from, to.version) };
  const held =
    newer[0] === to ? undefined : { name, why: `${newer[0].text} is a ${levelBetween(from, newer[0].version)} update` };
  return { update, held };
}

async function choose({ dependencies, policy, registry }) {
  const versions = JSON.parse(await readFile(registry, 'utf8'));
  const judged = JSON.parse(dependencies).map((one) => judge(one, versions[one.ecosystem][one.name], policy));
  const updates = judged.flatMap(({ update }) => (update === undefined ? [] : [update]));
  const held = judged.flatMap((one) => (one.held === undefined ? [] : [one.held]));
  for (const { name, from, to, level } of updates) progress(`${name} ${from} to ${to} (${level})`);
  for (const { name, why } of held) progress(`${name} stays: ${why}`);
  return { updates, held };
}

await main({ choose });
