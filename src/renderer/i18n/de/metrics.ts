import type en from '../en/metrics.ts';

export default {
  list: 'Wie es den Workflows geht',
  workflow: 'Workflow',
  total_executions: 'Läufe',
  successful_executions: 'Gelungen',
  failed_executions: 'Fehlgeschlagen',
  average: 'Durchschnitt',
  longest: 'Längster',
  retries: 'Wiederholungen',
  failovers: 'Übernahmen',
  none: 'Noch ist nichts gezählt',
  noneText: 'Jeder Lauf wird gezählt, wenn er endet.',
  foot: 'Gezählt vom ersten Lauf dieses Projekts an, auch seither gelöschte Läufe. Alle Reihen: aiworkflow metrics export.',
  state: { on: 'Bereitgestellt', off: 'Nicht bereitgestellt', failed: 'Nicht bereitzustellen' },
  offText: 'Prometheus läse sie unter {{endpoint}}/metrics, nur von diesem Rechner aus.',
  how: 'Damit sie bereitstehen, sobald das Projekt offen ist, schreiben Sie „monitoring: {enabled: true}“ in aiworkflow.yaml. Eine Übersicht für Grafana und Alarmregeln liegen neben der App, in „resources/monitoring“.',
  start: 'Jetzt bereitstellen',
  notHosting:
    'Diese App bedient weder Auslöser noch Kennzahlen: Öffnen Sie sie mit „aiworkflow serve --triggers“.',
  copy: 'Adresse kopieren',
  copied: 'Die Adresse ist kopiert',
  read: 'zuletzt gelesen',
  unread: 'noch nicht gelesen',
} satisfies typeof en;
