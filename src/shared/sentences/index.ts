export { GERMAN } from './german/index.ts';
export { createWording, type Sentences } from './read-sentence.ts';
