import { create } from 'zustand';
import type { ExampleEntry, LibraryEntry } from '../../../shared/contract/index.ts';
import { getClient } from '../../client/bridge.ts';
import { listenLive } from '../../client/live.ts';
import { failed, type Loadable, loading, ready } from '../../client/loadable.ts';
import { createRefetcher } from '../../client/refetcher.ts';

/** An example, and where it is in the library once it is there. */
export interface WelcomeExample extends ExampleEntry {
  readonly ref: string | null;
}

export const useWelcomeExamples = create<{ readonly examples: Loadable<readonly WelcomeExample[]> }>()(() => ({
  examples: loading(),
}));

/** The library's row of an example: by its folder or file name, or by its id. */
function findExample(entries: readonly LibraryEntry[], name: string): LibraryEntry | null {
  const isIts = (entry: LibraryEntry): boolean =>
    entry.path.split('/').some((part) => part.replace(/\.md$/, '') === name);
  return entries.find(isIts) ?? entries.find((entry) => entry.id === name) ?? null;
}

export const loadExamples = createRefetcher(async () => {
  try {
    const [{ examples }, { workflows }] = await Promise.all([
      getClient().call('examples.list', {}),
      getClient().call('workflows.list', {}),
    ]);
    const found = examples.map((example) => ({
      ...example,
      ref: example.installed ? (findExample(workflows, example.name)?.ref ?? null) : null,
    }));
    useWelcomeExamples.setState({ examples: ready(found) });
  } catch (thrown) {
    useWelcomeExamples.setState((state) => ({ examples: failed(thrown, state.examples.value) }));
  }
});

export async function addExamples(names: readonly string[]): Promise<void> {
  await getClient().call('examples.install', { names: [...names] });
  await loadExamples();
}

/** Subscribes, then asks; called when the screen comes, its answer when it goes. */
export function startExamples(): () => void {
  useWelcomeExamples.setState({ examples: loading() });
  const stop = listenLive((messages) => {
    if (messages.some(({ kind }) => kind === 'library' || kind === 'project' || kind === 'resync')) void loadExamples();
  });
  void loadExamples();
  return stop;
}
