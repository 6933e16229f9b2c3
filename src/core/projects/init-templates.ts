/** What `init` writes (SPEC §14): what this version obeys, with the defaults, so that the file explains itself. */
export function configTemplate(agentPrimary: string): string {
  return `# Settings of this aiworkflow project. Every key is optional; the values below are the defaults.
# aiworkflow.local.yaml beside this file overrides it on this machine and is not committed.
version: "1.0"
framework: aiworkflow

agent:
  primary: ${agentPrimary}
  fallback: null
  selection_strategy: manual

runtime:
  mode: local

tools:
  timeout: 30s
  registry_path: .aiworkflow/tools/registry.yaml
  type_priority: [mcp, openapi, custom]

workflows:
  path: .aiworkflow/workflows/
  # default_timeout: 30m

features:
  mcp_bridge: enabled
  auto_healing: enabled
`;
}

/** `.aiworkflow/agents/capabilities.yaml` (SPEC §4.3): the agents by name; adapters bring their own defaults. */
export const CAPABILITIES_TEMPLATE: string = `# What each agent can do, and which agent a workflow should go to.
agents:
  demo:
    version: "1.0.0"
    provider: built-in
    status: supported
    capabilities:
      tool_calling: limited
      reasoning: basic
      streaming: false
      file_creation: false
      multi_turn: false
    strengths: [offline, deterministic]
    limitations: [fills forms from the data of a step, does not think]

routing_rules: []
`;

/** `.aiworkflow/tools/registry.yaml` (SPEC §5.1). */
export const REGISTRY_TEMPLATE: string = `# Tools that every workflow of this project can use.
tools: []
`;

/** Lines that the project's own \`.gitignore\` gets. */
export const PROJECT_IGNORE_LINES: readonly string[] = ['aiworkflow.local.yaml', '.env.local'];
