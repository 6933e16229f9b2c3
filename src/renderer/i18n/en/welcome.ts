export default {
  title: 'Welcome',
  lead: 'Three steps to a first run. It takes about a minute and needs no account.',
  folder: {
    title: 'Choose a folder',
    text: 'Your workflows, their runs and files live in it.',
    change: 'Choose another folder',
  },
  examples: {
    title: 'Add examples',
    text: 'They run on this machine alone, and can be removed again.',
    add_one: 'Add {{count}} example',
    add_other: 'Add {{count}} examples',
    busy: 'Adding',
    none: 'Choose at least one',
    installed: 'added',
    all: 'All are added.',
  },
  run: {
    title: 'Run one',
    text: 'Opens its form with everything filled in: press Run there.',
    wait: 'Add an example first.',
    act: 'Run {{name}}',
  },
  skip: 'Go to workflows',
};
