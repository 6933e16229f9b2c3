export { createWording, type Sentences } from './read-sentence.ts';
