import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const costsAndQueues: Sentences = {
  "'{1}' is no amount above 0.": '„{1}“ ist kein Betrag über 0.',
  'Write USD such as 5 or 0.50.': 'Schreiben Sie USD wie 5 oder 0.50.',
  "'{1}' is no period.": '„{1}“ ist kein Zeitraum.',
  'Write day, week, month, or a duration such as 12h.': 'Schreiben Sie day, week, month oder eine Dauer wie 12h.',
  "There is no time zone '{1}'.": 'Es gibt keine Zeitzone „{1}“.',
  'Write a name such as Europe/Berlin or UTC.': 'Schreiben Sie einen Namen wie Europe/Berlin oder UTC.',
  'A limit of everything is for nothing in particular.': 'Eine Grenze für alles gilt für nichts Bestimmtes.',
  'Leave the id out, or name a scope.': 'Lassen Sie die Kennung weg, oder nennen Sie einen Bereich.',
  'Which {1} the limit is for is missing.': 'Es fehlt, für welchen {1} die Grenze gilt.',
  'Name the {1}.': 'Nennen Sie den {1}.',
  'Write a list: \'prices:\', below it \'  - {model: …, input: "…", output: "…", valid_from: 2026-01-22}\'.':
    'Schreiben Sie eine Liste: „prices:“, darunter „  - {model: …, input: "…", output: "…", valid_from: 2026-01-22}“.',
  'Mend this line.': 'Bringen Sie diese Zeile in Ordnung.',
  'Remove it.': 'Entfernen Sie es.',
  "Add 'model: NAME', the model as the agent calls it.":
    'Ergänzen Sie „model: NAME“, das Modell, wie der Agent es nennt.',
  'Add \'input: "2.50"\', in USD for 1,000,000 tokens.': 'Ergänzen Sie „input: "2.50"“, in USD für 1.000.000 Tokens.',
  'Add \'output: "10.00"\', in USD for 1,000,000 tokens.':
    'Ergänzen Sie „output: "10.00"“, in USD für 1.000.000 Tokens.',
  "Add 'valid_from: 2026-01-22', the day from which on the price holds.":
    'Ergänzen Sie „valid_from: 2026-01-22“, den Tag, ab dem der Preis gilt.',
  "Write a later day, or leave 'valid_to' out.": 'Schreiben Sie einen späteren Tag, oder lassen Sie „valid_to“ weg.',
  "Add 'provider: NAME', whose models all cost this.":
    'Ergänzen Sie „provider: NAME“, dessen Modelle alle so viel kosten.',
  "Write 'currency: USD' and amounts in USD.": 'Schreiben Sie „currency: USD“ und Beträge in USD.',
  'Write \'{1}: "2.50"\'.': 'Schreiben Sie „{1}: "2.50"“.',
  "Write '{1}: 2026-01-22'.": 'Schreiben Sie „{1}: 2026-01-22“.',
  'No price is known for {1}: its calls are counted as unpriced, not as free. Add a row with model, input, output and valid_from to .aiworkflow/prices.yaml.':
    'Für {1} ist kein Preis bekannt: Die Aufrufe zählen als ohne Preis, nicht als kostenlos. Ergänzen Sie in .aiworkflow/prices.yaml eine Zeile mit model, input, output und valid_from.',
  'No message {1} in this queue.': 'In dieser Warteschlange gibt es keine Nachricht {1}.',
  "'aiworkflow queue list' shows what there is.": '„aiworkflow queue list“ zeigt, was da ist.',
  'Message {1} is no dead letter.': 'Nachricht {1} ist keine gescheiterte.',
  "'aiworkflow queue dead list' shows those that are.": '„aiworkflow queue dead list“ zeigt die gescheiterten.',
  'Let workers catch up, purge the queue, or raise queue.max_size.':
    'Lassen Sie die Worker aufholen, leeren Sie die Warteschlange, oder erhöhen Sie queue.max_size.',
  'Its worker was silent for too long.': 'Ihr Worker war zu lange still.',
  'Its worker was lost {1} times before its run had begun.':
    'Ihr Worker ging {1} Mal verloren, bevor ihr Lauf begonnen hatte.',
  'Its run was cancelled.': 'Ihr Lauf wurde abgebrochen.',
  'It is no message that can be run: whoever sent it did not write one.':
    'Es ist keine Nachricht, die ausgeführt werden kann: Wer sie gesendet hat, hat keine geschrieben.',
  'Write it as amqp://user:password@host:5672/.': 'Schreiben Sie sie als amqp://user:password@host:5672/.',
  'Look at user, password and virtual host in queue.rabbitmq_url or RABBITMQ_URL, at what that user may do, and whether the queue was made with other settings.':
    'Sehen Sie nach Benutzer, Passwort und Virtual Host in queue.rabbitmq_url oder RABBITMQ_URL, nach dem, was dieser Benutzer darf, und ob die Warteschlange mit anderen Einstellungen gemacht wurde.',
  'Start it, or write its address as queue.rabbitmq_url or RABBITMQ_URL. What waits there waits on.':
    'Starten Sie ihn, oder schreiben Sie seine Adresse als queue.rabbitmq_url oder RABBITMQ_URL. Was dort wartet, wartet weiter.',
  'Write it as redis://user:password@host:6379/0.': 'Schreiben Sie sie als redis://user:password@host:6379/0.',
  'Look at the user and the password in queue.redis_url or REDIS_URL, and at what that user may do.':
    'Sehen Sie nach Benutzer und Passwort in queue.redis_url oder REDIS_URL und nach dem, was dieser Benutzer darf.',
  'Start it, or write its address as queue.redis_url or REDIS_URL. What waits there waits on.':
    'Starten Sie ihn, oder schreiben Sie seine Adresse als queue.redis_url oder REDIS_URL. Was dort wartet, wartet weiter.',
  'Connection is closed.': 'Die Verbindung ist geschlossen.',
  'The claim was lost.': 'Der Anspruch ging verloren.',
  'No price of this file counts': 'Kein Preis dieser Datei zählt',
  '{1}: it is no list of prices': '{1}: Das ist keine Preisliste',
  'This price does not count: it is no map': 'Dieser Preis zählt nicht: Er ist keine Tabelle',
  'The price of {1}': 'Der Preis von {1}',
  '{1} does not count: {2}': '{1} zählt nicht: {2}',
  "'valid_to' must be after 'valid_from'": '„valid_to“ muss nach „valid_from“ liegen',
  '\'model: "*"\' needs a provider': '„model: "*"“ braucht einen provider',
  'No price of this file counts: {1}': 'Kein Preis dieser Datei zählt: {1}',
  'Queue is full': 'Die Warteschlange ist voll',
  'RabbitMQ at {1} refuses: {2}': 'RabbitMQ bei {1} lehnt ab: {2}',
  'RabbitMQ at {1} does not answer: no connection': 'RabbitMQ bei {1} antwortet nicht: keine Verbindung',
  'RabbitMQ at {1} does not answer: {2}': 'RabbitMQ bei {1} antwortet nicht: {2}',
  'Redis at {1} refuses this user: {2}': 'Redis bei {1} lehnt diesen Benutzer ab: {2}',
  'Redis at {1} does not answer: {2}': 'Redis bei {1} antwortet nicht: {2}',
  'It goes on by itself once the server of the queue answers.':
    'Es geht von selbst weiter, sobald der Server der Warteschlange antwortet.',
  "Whether message {1} is still this worker's cannot be asked now.":
    'Ob Nachricht {1} noch diesem Worker gehört, lässt sich jetzt nicht fragen.',
  'Look at what became of the message. Going on with this run as well may do things twice.':
    'Sehen Sie nach, was aus der Nachricht wurde. Auch diesen Lauf fortzusetzen, kann Dinge zweimal tun.',
  "Message {1} is another worker's by now: this one was silent for too long.":
    'Nachricht {1} gehört inzwischen einem anderen Worker: Dieser war zu lange still.',
  'Run {1} {2} at {3}, after its worker had lost the message.':
    'Lauf {1} {2} bei {3}, nachdem sein Worker die Nachricht verloren hatte.',
  'Run  {1} at {2}, after its worker had lost the message.':
    'Lauf {1} bei {2}, nachdem sein Worker die Nachricht verloren hatte.',
  "In doubt: {1} began step '{2}' of run {3} at {4} and is silent since. It may have had its effect.":
    'Unklar: {1} begann Schritt „{2}“ des Laufs {3} um {4} und ist seither still. Er kann gewirkt haben.',
  'Its run is with {1}, which goes on with it.': 'Ihr Lauf ist bei {1}, der ihn fortsetzt.',
  'This price': 'Dieser Preis',
  '{1}: invalid YAML: unknown': '{1}: ungültiges YAML: unbekannt',
};
