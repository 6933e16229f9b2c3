import * as pep440 from './pep440.mjs';
import * as semver from './semver.mjs';

/** How each ecosystem reads versions and ranges. */
export const ECOSYSTEMS = { npm: semver, pypi: pep440 };
