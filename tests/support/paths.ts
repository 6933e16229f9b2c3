import { fileURLToPath } from 'node:url';

export const REPOSITORY_DIR = fileURLToPath(new URL('../..', import.meta.url));
export const EXAMPLES_DIR = fileURLToPath(new URL('../../examples', import.meta.url));
export const GUIDE_DIR = fileURLToPath(new URL('../../docs/guide', import.meta.url));
