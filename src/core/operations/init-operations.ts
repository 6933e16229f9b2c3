import type { ProjectMade } from '../../shared/contract/index.ts';
import { initProject } from '../projects/index.ts';
import type { Clock } from '../time/index.ts';
import { chooseProjectAgent } from './choose-project-agent.ts';
import type { HandlersOf } from './handlers.ts';

/** Makes the project of a folder; it needs neither lease nor store. */
export function initHandlers(project: {
  readonly path: string;
  readonly examplesDir: string;
  readonly clock: Clock;
}): HandlersOf<'project.init'> {
  return {
    'project.init': async ({ force, example }) => {
      let passedOver: ProjectMade['passedOver'] = [];
      const made = await initProject(project.path, {
        force,
        example,
        examplesDir: project.examplesDir,
        chooseAgent: async (paths) => {
          const first = await chooseProjectAgent(paths, process.env, project.clock);
          passedOver = first.passedOver;
          return first.agent;
        },
      });
      return { ...made, passedOver };
    },
  };
}
