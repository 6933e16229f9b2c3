import type en from '../en/leave.ts';

export default {
  title: 'Dieses Projekt verlassen?',
  text: 'Seine Auslöser starten nichts, bis es wieder geöffnet wird.',
  stay: 'Hier bleiben',
  act: 'Verlassen',
  missed: 'Würde bis {{when}} verpasst',
  name: 'Was verpasst würde',
  workflow: 'Workflow',
  starts: 'Starts',
  after: 'Was daraus wird',
  next_one: '{{count}}, {{when}}',
  next_other: '{{count}}, nächster {{when}}',
  none: 'Bis dahin ist kein Start geplant.',
  catchUp: {
    none: 'bleiben verpasst, Nachholen ist aus',
    last: 'werden beim Öffnen einmal nachgeholt',
    all: 'werden beim Öffnen einzeln nachgeholt',
    ask: 'Sie werden beim Öffnen gefragt',
  },
  unheard: {
    webhook: 'Aufrufer bekommen keine Antwort, die meisten versuchen es nicht wieder',
    file: 'neue Dateien werden beim Öffnen gefunden',
    event: 'hier geschieht inzwischen nichts',
    schedule: 'nichts wird gestartet',
  },
} satisfies typeof en;
