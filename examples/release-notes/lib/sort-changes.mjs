/** Sections of the notes, in their order; a change goes to the first that takes it. */
export const SECTIONS = [
  { id: 'breaking', title: 'Needs your attention', takes: (change) => change.breaking },
  {
    id: 'security',
    title: 'Security',
    takes: (change) => change.kind === 'security' || change.labels.includes('security'),
  },
  { id: 'features', title: 'New', takes: (change) => change.kind === 'feat' || change.labels.includes('feature') },
  {
    id: 'performance',
    title: 'Faster',
    takes: (change) => change.kind === 'perf' || change.labels.includes('performance'),
  },
  { id: 'fixes', title: 'Fixed', takes: (change) => change.kind === 'fix' || change.labels.includes('bug') },
  {
    id: 'docs',
    title: 'Documentation',
    takes: (change) => change.kind === 'docs' || change.labels.includes('documentation'),
  },
];

const HEAD = /^(?<kind>[a-z]+)(?:\((?<scope>[^)]+)\))?(?<bang>!)?:\s*(?<text>.+)$/;

/** A pull request as a change: conventional titles (`feat(api)!: …`) and labels say the same things, either is enough. */
export function toChange({ number, title, author, labels, body, first_contribution: isFirst }) {
  const head = HEAD.exec(title)?.groups;
  return {
    number,
    text: head?.text ?? title,
    kind: head?.kind ?? null,
    scope: head?.scope ?? null,
    breaking: head?.bang !== undefined || labels.includes('breaking') || /^BREAKING[ -]CHANGE:/m.test(body),
    migration: /^Migration:\s*(.+)$/im.exec(body)?.[1] ?? null,
    details: body
      .split('\n\n')[0]
      .replace(/^Migration:.*$/im, '')
      .trim(),
    closes: [...body.matchAll(/\b(?:closes|fixes|and)\s+#(\d+)/gi)].map((match) => Number(match[1])),
    labels,
    author,
    is_first: isFirst === true,
  };
}

const BOT = /bot$|\[bot\]$/i;

/** Changes by section; what is internal is left out and counted. */
export function sortChanges(pullRequests) {
  const changes = pullRequests.map(toChange);
  const sections = SECTIONS.map(({ id, title }) => ({ id, title, changes: [] }));
  let internal = 0;
  for (const change of changes) {
    const section = SECTIONS.findIndex(({ takes }) => takes(change));
    if (section === -1) internal += 1;
    else sections[section].changes.push(change);
  }
  const people = [...new Set(changes.map((change) => change.author))].filter((name) => !BOT.test(name)).sort();
  const newPeople = [...new Set(changes.filter((change) => change.is_first).map((change) => change.author))].sort();
  return { sections: sections.filter((one) => one.changes.length > 0), internal, people, new_people: newPeople };
}

/** The version after `previous`: a break raises the first number, something new the second, else the third (semver.org). */
export function nextVersion(previous, sections, level) {
  const parts = /^(\d+)\.(\d+)\.(\d+)$/.exec(previous);
  if (parts === null) return null;
  const has = (id) => sections.some((section) => section.id === id);
  const found = has('breaking') ? 'major' : has('features') ? 'minor' : 'patch';
  const step = level === 'auto' ? found : level;
  const [major, minor, patch] = parts.slice(1).map(Number);
  if (step === 'major') return `${major + 1}.0.0`;
  return step === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}
