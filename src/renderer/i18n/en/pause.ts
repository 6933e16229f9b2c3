export default {
  all: 'Pause all',
  allTitle: 'Pause all triggers?',
  allText:
    'No trigger starts anything until the pause ends. Runs by hand and runs that go on are not touched, and every trigger keeps its own switch.',
  one: 'Pause',
  oneTitle: 'Pause {{name}}?',
  oneText:
    'It starts nothing until the pause ends. What falls into the pause is written down as paused and not caught up.',
  reason: 'Reason',
  reasonHelp: 'Stands beside every start that is left out, such as "ledger closed until Monday".',
  optional: 'optional',
  keepIt: 'Leave it on',
  act: 'Pause',
  ends: 'Until',
  end: {
    hour: 'For 1 hour, until {{until}}',
    morning: 'Until tomorrow morning, {{until}}',
    person: 'Until I resume',
  },
  resume: 'Go on',
};
