import { createHashRouter, type RouteObject } from 'react-router';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { openFirstScreen } from './first-screen.ts';
import { MissingPage, RouteError } from './route-error.tsx';
import { Shell } from './shell.tsx';

type Screen = () => Promise<{ readonly Component: React.ComponentType }>;

const loads: Screen[] = [];

/** One screen: its code comes with the first visit at the latest, its crash stays inside it. */
function screen(path: string, load: Screen): RouteObject {
  loads.push(load);
  return { path, lazy: load, ErrorBoundary: RouteError, HydrateFallback: SkeletonRows };
}

/** The code of every screen: when the app behind the page is gone, its screens are still there and say so. */
export const loadScreens = (): void => void Promise.allSettled(loads.map((load) => load()));

const routes: RouteObject[] = [
  {
    Component: Shell,
    HydrateFallback: SkeletonRows,
    children: [
      { index: true, loader: openFirstScreen, HydrateFallback: SkeletonRows },
      screen('/welcome', async () => ({
        Component: (await import('../features/welcome/welcome-screen.tsx')).WelcomeScreen,
      })),
      screen('/today', async () => ({ Component: (await import('../features/today/today-screen.tsx')).TodayScreen })),
      screen('/workflows', async () => ({
        Component: (await import('../features/workflows/workflows-screen.tsx')).WorkflowsScreen,
      })),
      screen('/workflows/:ref', async () => ({
        Component: (await import('../features/workflow/workflow-screen.tsx')).WorkflowScreen,
      })),
      screen('/workflows/:ref/compare', async () => ({
        Component: (await import('../features/workflow/compare-versions-screen.tsx')).CompareVersionsScreen,
      })),
      screen('/runs', async () => ({ Component: (await import('../features/runs/runs-screen.tsx')).RunsScreen })),
      screen('/runs/:runId', async () => ({ Component: (await import('../features/run/run-screen.tsx')).RunScreen })),
      screen('/runs/:runId/compare', async () => ({
        Component: (await import('../features/run/compare/compare-screen.tsx')).CompareScreen,
      })),
      screen('/approvals', async () => ({
        Component: (await import('../features/approvals/approvals-screen.tsx')).ApprovalsScreen,
      })),
      screen('/triggers', async () => ({
        Component: (await import('../features/triggers/triggers-screen.tsx')).TriggersScreen,
      })),
      screen('/triggers/new', async () => ({
        Component: (await import('../features/triggers/editor/schedule-screens.tsx')).NewScheduleScreen,
      })),
      screen('/triggers/:key/edit', async () => ({
        Component: (await import('../features/triggers/editor/schedule-screens.tsx')).EditScheduleScreen,
      })),
      screen('/triggers/:key', async () => ({
        Component: (await import('../features/triggers/trigger-screen.tsx')).TriggerScreen,
      })),
      screen('/agents', async () => ({
        Component: (await import('../features/agents/agents-screen.tsx')).AgentsScreen,
      })),
      screen('/costs', async () => ({ Component: (await import('../features/costs/costs-screen.tsx')).CostsScreen })),
      screen('/workers', async () => ({
        Component: (await import('../features/workers/workers-screen.tsx')).WorkersScreen,
      })),
      screen('/admin', async () => ({ Component: (await import('../features/admin/admin-screen.tsx')).AdminScreen })),
      { path: '*', Component: MissingPage },
    ],
  },
];

/** Addresses stand behind `#`, so that `app://` and `http://` serve one and the same page. */
export const createAppRouter = () => createHashRouter(routes);
