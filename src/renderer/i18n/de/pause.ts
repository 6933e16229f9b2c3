import type en from '../en/pause.ts';

export default {
  all: 'Alle pausieren',
  allTitle: 'Alle Auslöser pausieren?',
  allText:
    'Kein Auslöser startet etwas, bis die Pause endet. Läufe von Hand und laufende Läufe bleiben unberührt, und jeder Auslöser behält seinen eigenen Schalter.',
  one: 'Pausieren',
  oneTitle: '{{name}} pausieren?',
  oneText:
    'Er startet nichts, bis die Pause endet. Was in die Pause fällt, wird als pausiert festgehalten und nicht nachgeholt.',
  reason: 'Grund',
  reasonHelp: 'Steht neben jedem ausgelassenen Start, etwa „Kasse bis Montag geschlossen“.',
  optional: 'optional',
  keepIt: 'Anlassen',
  act: 'Pausieren',
  ends: 'Bis wann',
  end: {
    hour: '1 Stunde lang, bis {{until}}',
    morning: 'Bis morgen früh, {{until}}',
    person: 'Bis ich sie beende',
  },
  resume: 'Weiterlaufen lassen',
} satisfies typeof en;
