/**
 * The tools of a project (SPEC §5.1): `file` reads registry.yaml, `implementations` opens what it names, `pins` holds what was accepted,
 * `calls` is what happens around a call; `live-registry` keeps all that while the file stays the same, `tool-registry` is its face.
 */
export type { RegistryPorts } from './calls/rate-limit.ts';
export { type RegistryCatalog, readRegistryCatalog } from './read-catalog.ts';
export { type RegistryReach, readRegistryReach, toolMadeOf } from './read-reach.ts';
export { ToolRegistry, type ToolRegistryOptions } from './tool-registry.ts';
