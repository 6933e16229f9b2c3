export { createBuiltIns } from './built-ins.ts';
