import type en from '../en/unattended.ts';

export default {
  choice: {
    trigger: 'Zum Auslöser',
    workflow: 'Zum Workflow',
    tools: 'Zu den Werkzeugen',
    agents: 'Zum Agenten',
    secrets: 'Zum Geheimnis',
    costs: 'Zu den Grenzen',
  },
} satisfies typeof en;
