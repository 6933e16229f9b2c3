import type en from '../en/webhook.ts';

export default {
  name: 'Webhooks',
  title: 'Wie Absender ihn erreichen',
  url: 'Adresse',
  signed: 'Signiert',
  state: 'Zustand',
  count: 'Starts',
  last: 'Letzter Start',
  scheme: {
    github: 'wie bei GitHub',
    generic: 'X-Signature',
    standard: 'Standard Webhooks',
    slack: 'wie bei Slack',
    default: 'X-Signature, oder wie bei GitHub, wenn dessen Kopfzeile kommt',
  },
  insecure: 'Nicht signiert: Jedes Programm auf diesem Rechner kann ihn starten.',
  noSecret: 'Kein Geheimnis: Es wird nichts angenommen.',
  notYet: 'Niemand hört zu: Kein Webhook ist aktiv.',
  nobody: 'Niemand hört zu: Kein Prozess bedient die Auslöser dieses Projekts.',
  listening:
    'Erreichbar unter {{url}}. Absender im Internet brauchen einen Tunnel oder Proxy, der Anfragen Byte für Byte weitergibt.',
  copy: 'Adresse von {{path}} kopieren',
  copied: 'Die Adresse ist kopiert',
  none: 'Kein Workflow hat hier einen Webhook.',
  noneText:
    'Mit einem Webhook startet ein anderes Programm einen Workflow über HTTP. Seine Adresse, sein Geheimnis und ein Test stehen dann hier.',
  test: {
    open: 'Test senden',
    notReached: 'Er hat noch keine Adresse: Aktivieren Sie ihn zuerst.',
    title: 'Einen Test an {{path}} senden',
    text: 'Er wird signiert und gesendet, wie ein Absender es täte. Was er startet, startet wirklich: {{workflow}}.',
    act: 'Senden',
    event: 'Ereignis',
    optional: 'optional',
    eventHelp: 'Wie der Absender es nennt, etwa pull_request. Die Aktion aus dem Inhalt kommt hinzu.',
    body: 'Inhalt',
    answered: 'Antwort: {{status}}',
    run: 'Der Lauf, der daraus entsteht',
  },
} satisfies typeof en;
