export default {
  choice: {
    trigger: 'To the trigger',
    workflow: 'To the workflow',
    tools: 'To the tools',
    agents: 'To the agent',
    secrets: 'To the secret',
    costs: 'To the limits',
  },
};
