export { type ContainableCommand, contain } from './contain.ts';
export { type Containment, type OwnPlace, SANDBOX_NAMES, type Sandbox } from './containment.ts';
export { findSandbox } from './find-sandbox.ts';
