import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { create } from 'zustand';
import { useGeneration } from '../client/app-state.ts';
import { usePageTitleStore } from '../ui/page-title.ts';

export interface RecentPlace {
  readonly path: string;
  readonly name: string;
}

const MOST_KEPT = 6;
/** The pages of one workflow, one run. */
const OBJECT_PAGE = /^\/(runs|workflows)\/./;

/** Workflows and runs that were opened, the newest first; while the window is open, and of its project only. */
export const useRecentPlaces = create<{ readonly places: readonly RecentPlace[] }>()(() => ({ places: [] }));

export const withPlace = (places: readonly RecentPlace[], place: RecentPlace): readonly RecentPlace[] =>
  [place, ...places.filter(({ path }) => path !== place.path)].slice(0, MOST_KEPT);

/** Remembers what is opened, by whatever way. */
export function useRememberPlaces(): void {
  const { pathname } = useLocation();
  const { windowTitle, path } = usePageTitleStore();
  const generation = useGeneration();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another project has other objects
  useEffect(() => useRecentPlaces.setState({ places: [] }), [generation]);
  useEffect(() => {
    // The title comes after its page; until then it is that of the page before.
    if (windowTitle === '' || path !== pathname || !OBJECT_PAGE.test(pathname)) return;
    useRecentPlaces.setState(({ places }) => ({ places: withPlace(places, { path: pathname, name: windowTitle }) }));
  }, [pathname, path, windowTitle]);
}
