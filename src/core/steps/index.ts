export { type BuiltInPorts, createBuiltIns } from './built-ins.ts';
