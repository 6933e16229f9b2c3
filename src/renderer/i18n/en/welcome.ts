export default {
  title: 'Welcome',
  lead: 'Three steps to a first run. It takes about a minute and needs no account.',
  folder: {
    title: 'Choose a folder',
    text: 'Your workflows, their runs and files live in it.',
    change: 'Choose another folder',
  },
  agent: {
    title: 'Who answers',
    looking: 'Steps for an agent need somebody who answers.',
    noneText:
      'Nobody is chosen. Steps for an agent need somebody who answers: make one of the agents primary, the demo agent needs no key.',
    foundText:
      'This agent is here: steps for an agent go to it. That is written in aiworkflow.yaml and can be changed at any time.',
    missingText:
      'Steps for an agent go to this one, but it is not on this machine. Install it, or let another one take its place under all agents.',
    demoText:
      'The demo agent is chosen here. It answers without a model and needs no key, so every example runs; what it answers says Demo. Another agent can take its place at any time.',
    demoLine: 'answers without a model',
    check: 'Check',
    checking: 'is being checked',
    all: 'See all agents',
    never: 'Not checked yet.',
    missing: 'It is not installed on this machine.',
    healthy: 'It answers.',
    unhealthy: 'It does not answer.',
  },
  examples: {
    add_one: 'Add {{count}} example',
    add_other: 'Add {{count}} examples',
    busy: 'Adding',
    none: 'Choose at least one',
    installed: 'added',
    all: 'All are added.',
  },
  run: {
    title: 'Run an example',
    text: 'Add some, then open one: its form is filled in, press Run there. They run on this machine alone and can be removed again.',
    act: 'Run {{name}}',
  },
  skip: 'Go to workflows',
};
