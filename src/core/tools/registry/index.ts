/** The tools of a project: its registry, read and opened (SPEC §5.1). */
export type { CallHooks } from './call-tool.ts';
export type { RegistryPorts } from './rate-limit.ts';
export { type RegistryCatalog, readRegistryCatalog } from './read-catalog.ts';
export { type RegistryReading, readRegistry } from './read-registry.ts';
export type { RateLimit, RegistryEntry, RegistryImplementation } from './registry-entry.ts';
export { ToolRegistry, type ToolRegistryOptions } from './tool-registry.ts';
