import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { create } from 'zustand';

export interface Crumb {
  readonly label: string;
  readonly to: string;
}
interface PageTitle {
  readonly title: string;
  /** Between the section and the title, such as the workflow of a run. */
  readonly parents: readonly Crumb[];
  /** The page that it is the title of. */
  readonly path: string;
  /** What the window is called. */
  readonly windowTitle: string;
}

/** Read by the shell for the breadcrumb; written by the screen on top. */
export const usePageTitleStore = create<PageTitle>()(() => ({ title: '', parents: [], path: '', windowTitle: '' }));

const NONE: readonly Crumb[] = [];

/** Names the window and the breadcrumb after this screen. Give `parents` as a stable value. */
export function usePageTitle(title: string, parents: readonly Crumb[] = NONE, windowTitle = title): void {
  const { pathname: path } = useLocation();
  useEffect(
    () => usePageTitleStore.setState({ title, parents, path, windowTitle }),
    [title, parents, path, windowTitle],
  );
}

/** The title of the window; how many runs need somebody stands first, where a tab still shows it. */
export function useWindowTitle(needsYou: number): void {
  const windowTitle = usePageTitleStore((state) => state.windowTitle);
  useEffect(() => {
    if (windowTitle !== '') document.title = `${needsYou === 0 ? '' : `(${needsYou}) `}${windowTitle} · aiworkflow`;
  }, [windowTitle, needsYou]);
}
