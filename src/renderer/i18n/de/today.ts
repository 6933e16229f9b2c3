import type en from '../en/today.ts';

export default {
  title: 'Heute',
  zone: '{{day}}, {{time}} {{zone}}',
  pauseAll: 'Alle Auslöser pausieren',
  run: 'Workflow ausführen',
  health: {
    label: 'Zustand',
    engine: 'Auslöser',
    onSince: 'bedient seit {{when}}',
    well: 'Gut',
    off: 'Nichts startet von selbst',
    agents: 'Agenten',
    agentsOf: '{{well}} von {{all}}',
    agentsWell: 'Gut',
    agentsIll: '{{name}} hat ein Problem',
    armed: 'Aktiv',
    armedOf: '{{armed}} von {{all}}',
    folder: 'Ordner',
    synced: 'Wird von {{name}} abgeglichen',
    syncedText:
      'Wer die Datenbank kopiert, während sie geschrieben wird, kann sie beschädigen: Legen Sie das Projekt in einen Ordner, der nicht abgeglichen wird.',
  },
  needs: {
    title: 'Wartet auf Sie',
    order: 'Dringendes zuerst',
    none: 'Nichts wartet auf Sie.',
    noneText:
      'Hier stehen Freigaben, unklare Schritte, volle Budgets, Agenten, die nicht weiterkommen, Fehler des letzten Tages, was noch nicht vertraut ist, und Starts, die fragen.',
