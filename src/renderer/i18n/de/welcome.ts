import type en from '../en/welcome.ts';

export default {
  title: 'Willkommen',
  lead: 'Drei Schritte bis zum ersten Lauf. Das dauert etwa eine Minute und braucht kein Konto.',
  folder: {
    title: 'Ordner wählen',
    text: 'Ihre Workflows, deren Läufe und Dateien liegen darin.',
    change: 'Anderen Ordner wählen',
  },
  agent: {
    title: 'Wer antwortet',
    looking: 'Schritte für einen Agenten brauchen jemanden, der antwortet.',
    noneText:
      'Niemand ist gewählt. Schritte für einen Agenten brauchen jemanden, der antwortet: Machen Sie einen zum Hauptagenten; der Demo-Agent braucht keinen Schlüssel.',
    foundText:
      'Dieser Agent ist da: Schritte für einen Agenten gehen an ihn. Das steht in aiworkflow.yaml und lässt sich jederzeit ändern.',
    missingText:
      'Schritte für einen Agenten gehen an diesen, aber er ist auf diesem Rechner nicht installiert. Installieren Sie ihn, oder lassen Sie unter „Alle Agenten“ einen anderen an seine Stelle treten.',
    demoText:
      'Hier ist der Demo-Agent gewählt. Er antwortet ohne Modell und braucht keinen Schlüssel, daher läuft jedes Beispiel; seine Antworten tragen den Hinweis „Demo“. Ein anderer Agent kann jederzeit an seine Stelle treten.',
    demoLine: 'antwortet ohne Modell',
    check: 'Prüfen',
    checking: 'wird geprüft',
    all: 'Alle Agenten ansehen',
    never: 'Noch nicht geprüft.',
    missing: 'Er ist auf diesem Rechner nicht installiert.',
    healthy: 'Er antwortet.',
    unhealthy: 'Er antwortet nicht.',
  },
  examples: {
    add_one: '{{count}} Beispiel hinzufügen',
    add_other: '{{count}} Beispiele hinzufügen',
    busy: 'Wird hinzugefügt',
    none: 'Wählen Sie mindestens eines',
    installed: 'hinzugefügt',
    all: 'Alle sind hinzugefügt.',
  },
  run: {
    title: 'Ein Beispiel ausführen',
    text: 'Fügen Sie einige hinzu und öffnen Sie eines: Das Formular ist ausgefüllt, drücken Sie dort „Ausführen“. Sie laufen nur auf diesem Rechner und lassen sich wieder entfernen.',
    act: '{{name}} ausführen',
  },
  skip: 'Zu den Workflows',
} satisfies typeof en;
