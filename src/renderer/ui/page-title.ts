import { useEffect } from 'react';
import { create } from 'zustand';

export interface Crumb {
  readonly label: string;
  readonly to: string;
}
interface PageTitle {
  readonly title: string;
  /** Between the section and the title, such as the workflow of a run. */
  readonly parents: readonly Crumb[];
}

/** Read by the shell for the breadcrumb; written by the screen on top. */
export const usePageTitleStore = create<PageTitle>()(() => ({ title: '', parents: [] }));

const NONE: readonly Crumb[] = [];

/** Names the window and the breadcrumb after this screen. Give `parents` as a stable value. */
export function usePageTitle(title: string, parents: readonly Crumb[] = NONE): void {
  useEffect(() => {
    document.title = `${title} · aiworkflow`;
    usePageTitleStore.setState({ title, parents });
  }, [title, parents]);
}
