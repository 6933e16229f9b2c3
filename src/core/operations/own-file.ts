import { join } from 'node:path';
import { sha256Hex } from '../crypto/index.ts';

/**
 * Where something about one project is kept outside of it, in the folder of the user (DESIGN decision 2): by its real path and its random
 * id, so that another project at the same place is not taken for it.
 */
export const ownFile = (
  userDataDir: string,
  folder: 'armed' | 'local-users' | 'trust',
  project: { readonly path: string; readonly id: string },
): string => join(userDataDir, folder, `${sha256Hex(`${project.path}\n${project.id}`).slice(0, 32)}.json`);
