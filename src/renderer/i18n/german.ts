/// <reference types="vite/client" />
import { GERMAN as SENTENCES } from '../../shared/sentences/german/index.ts';
import { namespacesOf, type Words } from './namespaces.ts';

const words = import.meta.glob<Words>('./de/*.ts', { eager: true, import: 'default' });

/** Everything that screens say in German, the engine's sentences too. Loaded when German is spoken. */
export const GERMAN: Readonly<Record<string, Words>> = { ...namespacesOf(words), ...SENTENCES };
