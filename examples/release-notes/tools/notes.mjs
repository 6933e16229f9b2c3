#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { main, progress, UsageError, writeOutput } from '../lib/cli.mjs';
import { nextVersion, sortChanges } from '../lib/sort-changes.mjs';

const readText = (path) =>
  readFile(path, 'utf8').catch(() => {
    throw new UsageError(`Cannot read ${path}`);
  });

/** The newest version that stands in a changelog. */
async function previousVersion(path) {
  const found = /^##\s+v?(\d+\.\d+\.\d+)\b/m.exec(await readText(path))?.[1];
  if (found === undefined) throw new UsageError(`No version stands in ${path}: expected a line "## 1.2.3"`);
  return found;
}

async function sort({ pull_requests: merged, changelog, level = 'auto' }) {
  const previous = await previousVersion(changelog);
  const { sections, internal, people, new_people: newPeople } = sortChanges(JSON.parse(merged));
  const version = nextVersion(previous, sections, level);
  const breaking = (sections.find((section) => section.id === 'breaking')?.changes ?? []).map(
    ({ number, text: change, migration, details }) => ({ number, change, text: migration ?? change, details }),
  );
  const shown = sections.flatMap((section) => section.changes);
  for (const section of sections) progress(`${section.title}: ${section.changes.length}`);
  progress(`${previous} -> ${version}`);
  return { version, previous, sections, breaking, changes: shown.length, internal, people, new_people: newPeople };
}

/** Text of a model as one line of text: it cannot become a heading, a link or HTML. */
const plain = (text) =>
  String(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|]/g, '\\$&');

/** Every pull request that a text names. */
const numbersIn = (text) => [...String(text).matchAll(/#(\d+)/g)].map((match) => Number(match[1]));

/**
 * Holds what the agent wrote against the release: a line about a pull request that is not part of it, or that names one, is left out;
 * a break for which it wrote nothing gets the words of its author.
 */
async function check({ sections: text, highlights: written, steps: given }) {
  const changes = JSON.parse(text).flatMap((section) => section.changes);
  const known = new Set(changes.flatMap((change) => [change.number, ...change.closes]));
  const isTrue = (one) => known.has(one?.number) && numbersIn(one.text).every((number) => known.has(number));
  const lists = [JSON.parse(written), JSON.parse(given)].map((list) => (Array.isArray(list) ? list : []));
  const [highlights, steps] = lists.map((list) =>
    list.filter(isTrue).map(({ number, text: line }) => ({ number, text: plain(line) })),
  );
  const madeUp = lists.flat().length - highlights.length - steps.length;
  const told = new Set(steps.map((one) => one.number));
  const silent = changes.filter((change) => change.breaking && !told.has(change.number));
  const added = silent.map((change) => ({ number: change.number, text: plain(change.migration ?? change.text) }));
  progress(`${madeUp} lines left out, ${added.length} added`);
  return { highlights, steps: [...steps, ...added], left_out: madeUp, added: added.length };
}

const line = (change) => {
  const closes = change.closes.length === 0 ? '' : `, closes ${change.closes.map((number) => `#${number}`).join(', ')}`;
  return `- ${change.scope === null ? '' : `**${plain(change.scope)}:** `}${plain(change.text)} (#${change.number}${closes})`;
};

function toMarkdown({ release, checked, headline, date }) {
  const parts = [`# ${release.version}`, `_${date}, after ${release.previous}_`, plain(headline)];
  if (checked.highlights.length > 0)
    parts.push(`## Highlights\n\n${checked.highlights.map((one) => `- ${one.text} (#${one.number})`).join('\n')}`);
  if (checked.steps.length > 0)
    parts.push(
      `## Before you update\n\n${checked.steps.map((one, at) => `${at + 1}. ${one.text} (#${one.number})`).join('\n')}`,
    );
  for (const section of release.sections) parts.push(`## ${section.title}\n\n${section.changes.map(line).join('\n')}`);
  const thanks = release.people.map(
    (name) => `@${plain(name)}${release.new_people.includes(name) ? ' (first change)' : ''}`,
  );
  parts.push(`## Thank you\n\n${thanks.join(', ')}`);
  if (release.internal > 0) parts.push(`_${release.internal} internal changes are not listed._`);
  return `${parts.join('\n\n')}\n`;
}

/** The old changelog with the new version before the newest one. */
function withVersion(changelog, { version, sections }, date) {
  const lines = sections.flatMap((section) =>
    section.changes.map((change) => `- ${section.title}: ${plain(change.text)} (#${change.number}).`),
  );
  const entry = `## ${version} (${date})\n\n${lines.join('\n')}\n\n`;
  const at = changelog.search(/^##\s/m);
  return at === -1 ? `${changelog.trimEnd()}\n\n${entry}` : changelog.slice(0, at) + entry + changelog.slice(at);
}

async function write(parameters) {
  const release = JSON.parse(parameters.release);
  const checked = JSON.parse(parameters.checked);
  const { changelog, headline, date } = parameters;
  const record = {
    version: release.version,
    previous: release.previous,
    date,
    headline,
    ...checked,
    sections: release.sections,
  };
  const old = await readText(changelog);
  return {
    notes_file: await writeOutput('RELEASE_NOTES.md', toMarkdown({ release, checked, headline, date })),
    changelog_file: await writeOutput('CHANGELOG.md', withVersion(old, release, date)),
    release_file: await writeOutput('release.json', `${JSON.stringify(record, null, 2)}\n`),
  };
}

await main({ sort, check, write });
