#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { main, progress, readJson, writeOutput } from '../lib/cli.mjs';
import { ECOSYSTEMS } from '../lib/ecosystems.mjs';

function newest(versions, ecosystem, isWanted) {
  const { parseVersion, compareVersions } = ECOSYSTEMS[ecosystem];
  const parsed = versions
    .map((text) => ({ text, version: parseVersion(text) }))
    .filter(({ version }) => version !== null && isWanted(version));
  return parsed.sort((a, b) => compareVersions(b.version, a.version))[0]?.text ?? null;
}

function resolveOne(dependency, entry) {
  const { ecosystem, range, locked } = dependency;
  const { parseVersion, satisfies, behind } = ECOSYSTEMS[ecosystem];
  if (entry === undefined)
    return { ...dependency, status: 'unknown', wanted: null, latest: null, behind: null, license: null };
  const versions = Object.keys(entry.versions);
  const wanted = newest(versions, ecosystem, (version) => satisfies(version, range));
  const latest = entry.latest;
  const current = locked ?? wanted;
  const license = entry.versions[current]?.license ?? entry.license ?? null;
  const deprecated = entry.versions[current]?.deprecated ?? null;
  const base = { ...dependency, wanted, latest, current, license, deprecated };
  if (current === null) return { ...base, status: 'unresolvable', behind: null };
  const distance = behind(parseVersion(current), parseVersion(latest));
  const isLockStale = locked !== null && wanted !== null && behind(parseVersion(locked), parseVersion(wanted)) !== null;
  return {
    ...base,
    status: distance === null ? 'current' : 'outdated',
    behind: distance,
    update_in_range: isLockStale,
  };
}

async function resolve({ dependencies, ecosystem, snapshot = 'sample-data/registry.json' }) {
  const registry = JSON.parse(await readFile(snapshot, 'utf8'));
  progress(
    `registry snapshot of ${registry.taken_at} knows ${Object.keys(registry[ecosystem]).length} ${ecosystem} packages`,
  );
  const wanted = (await readJson(dependencies)).filter((dependency) => dependency.ecosystem === ecosystem);
  const resolved = wanted.map((dependency) => resolveOne(dependency, registry[ecosystem][dependency.name]));
  for (const one of resolved) {
    const note = one.status === 'outdated' ? `${one.current} -> ${one.latest} (${one.behind})` : one.status;
    progress(`${one.name} ${one.range}: ${note}`);
  }
  const file = await writeOutput(`resolved-${ecosystem}.json`, `${JSON.stringify(resolved, null, 2)}\n`);
  const count = (status) => resolved.filter((one) => one.status === status).length;
  return {
    resolved_file: file,
    total: resolved.length,
    outdated: count('outdated'),
    unknown: count('unknown'),
    snapshot: registry.taken_at,
  };
}

async function advisories({ resolved, file = 'sample-data/advisories.json' }) {
  const list = JSON.parse(await readFile(file, 'utf8'));
  progress(`${list.length} advisories`);
  const matches = [];
  for (const name of JSON.parse(resolved).filter((one) => one !== '')) {
    for (const one of await readJson(name)) {
      const { parseVersion, satisfies } = ECOSYSTEMS[one.ecosystem];
      const version = one.current ? parseVersion(one.current) : null;
      const hits = list.filter(
        (entry) =>
          entry.ecosystem === one.ecosystem &&
          entry.name === one.name &&
          version !== null &&
          satisfies(version, entry.range),
      );
      for (const hit of hits) {
        progress(`${one.name} ${one.current}: ${hit.id} (${hit.severity})`);
        matches.push({
          id: hit.id,
          severity: hit.severity,
          title: hit.title,
          ecosystem: one.ecosystem,
          name: one.name,
          version: one.current,
          fixed_in: hit.fixed_in,
        });
      }
    }
  }
  return { matches, source: file };
}

await main({ resolve, advisories });
