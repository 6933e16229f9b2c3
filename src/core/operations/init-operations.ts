import type { ProjectMade } from '../../shared/contract/index.ts';
import type { ProjectPaths } from '../projects/index.ts';
import type { Clock } from '../time/index.ts';
import { chooseProjectAgent } from './choose-project-agent.ts';
import type { HandlersOf } from './handlers.ts';
import { makeProject } from './project-origin.ts';

/** Makes the project of a folder; it needs neither lease nor store. */
export function initHandlers(project: {
  readonly path: string;
  readonly examplesDir: string;
  readonly userDataDir: string;
  readonly clock: Clock;
}): HandlersOf<'project.init'> {
  return {
    'project.init': async ({ force, example }) => {
      let passedOver: ProjectMade['passedOver'] = [];
      const chooseAgent = async (paths: ProjectPaths): Promise<string> => {
        const first = await chooseProjectAgent(paths, process.env, project.clock);
        passedOver = first.passedOver;
        return first.agent;
      };
      const options = { force, example, examplesDir: project.examplesDir, chooseAgent };
      const made = await makeProject(project.path, options, project.userDataDir);
      return { ...made, passedOver };
    },
  };
}
