import { redirect } from 'react-router';
import { call } from '../client/bridge.ts';

/** A fresh project with an empty library opens on the welcome, every other one on Today. */
async function firstScreen(): Promise<'/welcome' | '/today'> {
  try {
    const { project } = await call('app.info', {});
    if (!project.isFresh) return '/today';
    const { workflows } = await call('workflows.list', {});
    return workflows.length === 0 ? '/welcome' : '/today';
  } catch {
    return '/today';
  }
}

/**
 * The loader of `/`. It is a step of the router's own navigation and no effect of a screen: who clicks on meanwhile ends it, and
 * is not taken away by its answer, even while the code of the screen they chose is still on its way.
 */
export const openFirstScreen = async (): Promise<Response> => redirect(await firstScreen());
