/** HTTP APIs with an OpenAPI 3.0 or 3.1 spec as tools of the registry (SPEC §5.4). */
export { createOpenApiTool } from './create-openapi-tool.ts';
