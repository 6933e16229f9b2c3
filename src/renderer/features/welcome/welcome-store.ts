import type { ExampleEntry, LibraryEntry } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';

/** An example, and where it is in the library once it is there. */
export interface WelcomeExample extends ExampleEntry {
  readonly ref: string | null;
}

/** The library's row of an example: by its folder or file name, or by its id. */
function findExample(entries: readonly LibraryEntry[], name: string): LibraryEntry | null {
  const isIts = (entry: LibraryEntry): boolean =>
    entry.path.split('/').some((part) => part.replace(/\.md$/, '') === name);
  return entries.find(isIts) ?? entries.find((entry) => entry.id === name) ?? null;
}

/** The one that the guide begins with: it asks no agent, and what it gives can be looked at. */
const FIRST = 'csv-report';

const firstFirst = (examples: readonly ExampleEntry[]): readonly ExampleEntry[] => [
  ...examples.filter(({ name }) => name === FIRST),
  ...examples.filter(({ name }) => name !== FIRST),
];

export const welcomeExamples = createLiveQuery<readonly WelcomeExample[]>({
  ask: async () => {
    const [{ examples }, { workflows }] = await Promise.all([call('examples.list', {}), call('workflows.list', {})]);
    return firstFirst(examples).map((example) => ({
      ...example,
      ref: example.installed ? (findExample(workflows, example.name)?.ref ?? null) : null,
    }));
  },
  dueOn: ({ kind }) => (kind === 'library' ? 'now' : null),
});

export async function addExamples(names: readonly string[]): Promise<void> {
  await call('examples.install', { names: [...names] });
  await welcomeExamples.refresh();
}
