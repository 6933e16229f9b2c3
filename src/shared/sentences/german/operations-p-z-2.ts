import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const operationsPZ2: Sentences = {
  '{1} runs of a store of schema_version 1 were taken over as finished history; the file is kept as state.db.schema-1.bak.':
    '{1} Läufe eines Speichers mit schema_version 1 wurden als beendete Geschichte übernommen; die Datei bleibt als state.db.schema-1.bak erhalten.',
  'A stand-in for a workflow whose runs were taken over from a store of schema_version 1.':
    'Ein Platzhalter für einen Workflow, dessen Läufe aus einem Speicher mit schema_version 1 übernommen wurden.',
  'It had not ended when its store was taken over.': 'Er war nicht beendet, als sein Speicher übernommen wurde.',
  'It had not ended.': 'Er war nicht beendet.',
  '{1}: this trigger is not armed.': '{1}: Dieser Auslöser ist nicht aktiv.',
  'Arm it first, or run the workflow by hand.':
    'Schalten Sie ihn zuerst ein, oder führen Sie den Workflow von Hand aus.',
  'Look at the list of deliveries.': 'Sehen Sie sich die Liste der Eingänge an.',
  'The webhook is not armed.': 'Der Webhook ist nicht aktiv.',
  'Arm it, then play the delivery again.': 'Schalten Sie ihn ein, dann spielen Sie den Eingang noch einmal ab.',
  'The trigger of this delivery is not armed.': 'Der Auslöser dieses Eingangs ist nicht aktiv.',
  'What this delivery held is no longer there: bodies are kept for 30 days.':
    'Was dieser Eingang enthielt, ist nicht mehr da: Inhalte werden 30 Tage aufbewahrt.',
  'Let the sender send it again.': 'Lassen Sie den Absender es noch einmal senden.',
  'Triggers belong to workflows of the library: name one by its id.':
    'Auslöser gehören zu Workflows der Bibliothek: Nennen Sie einen mit seiner Kennung.',
  '{1} was changed since somebody trusted it: it does not run as it is now.':
    '{1} wurde geändert, seit jemand ihm vertraut hat: So, wie er jetzt ist, läuft er nicht.',
  '{1} came from outside and nobody has trusted it yet: it does not run.':
    '{1} kam von außen, und noch niemand hat ihm vertraut: Er läuft nicht.',
  'Look at what it could do, and trust it if that is what you want.':
    'Sehen Sie sich an, was er tun könnte, und vertrauen Sie ihm, wenn Sie das wollen.',
  'Open it only where you want what it does.': 'Öffnen Sie es nur, wo Sie wollen, was es tut.',
  'Remove it, or switch its triggers off.': 'Entfernen Sie es, oder schalten Sie seine Auslöser aus.',
  'Nobody was asked about this: it was made here.': 'Danach wurde niemand gefragt: Es ist hier entstanden.',
  'Read each serious finding, then say so.': 'Lesen Sie jeden ernsten Befund, dann sagen Sie es.',
  'It names no secret.': 'Er nennt kein Geheimnis.',
  'The secret {1} is not there.': 'Das Geheimnis {1} ist nicht da.',
  'It may not use the secret {1}.': 'Er darf das Geheimnis {1} nicht benutzen.',
  'Its secrets are there: {1}.': 'Seine Geheimnisse sind da: {1}.',
  'The key that opens the secrets is not at hand.': 'Der Schlüssel, der die Geheimnisse öffnet, ist nicht zur Hand.',
  'No step asks anybody.': 'Kein Schritt fragt jemanden.',
  '{1}, and waits until somebody answers.': '{1}, und wartet, bis jemand antwortet.',
  '{1}, and fails when nobody answers within {2}.': '{1}, und schlägt fehl, wenn niemand binnen {2} antwortet.',
  '{1}, and goes on when nobody answers within {2}.': '{1}, und geht weiter, wenn niemand binnen {2} antwortet.',
  'No step is known to fail.': 'Kein Schritt, von dem bekannt ist, dass er fehlschlägt.',
  'No limit of spending is in its way.': 'Keine Kostengrenze steht im Weg.',
  '{1} has ${2} left, and a run costs ${3}.': '{1} hat noch {2} $, und ein Lauf kostet {3} $.',
  '{1} has ${2} left, and a run costs ${3} to ${4}.': '{1} hat noch {2} $, und ein Lauf kostet {3} bis {4} $.',
  'What starts it brings its inputs.': 'Was ihn startet, bringt die Eingaben mit.',
  'All inputs have values.': 'Alle Eingaben haben Werte.',
  'All tools are there.': 'Alle Werkzeuge sind da.',
  'Version {1} can run.': 'Version {1} kann laufen.',
  'Armed by {1}.': 'Eingeschaltet von {1}.',
  'Armed by somebody.': 'Von jemandem eingeschaltet.',
  'It is not armed.': 'Er ist nicht aktiv.',
  'No step asks an agent.': 'Kein Schritt fragt einen Agenten.',
  'Each step names its agent.': 'Jeder Schritt nennt seinen Agenten.',
  '{1} is not installed on this computer.': '{1} ist auf diesem Rechner nicht installiert.',
  'Calls to {1} are held back after failures.': 'Aufrufe von {1} werden nach Fehlern zurückgehalten.',
  'Nobody has checked {1} since the start.': 'Niemand hat {1} seit dem Start geprüft.',
  '{1} is well.': '{1} geht es gut.',
  'It is not known yet whether the computer is on at these times.':
    'Noch ist nicht bekannt, ob der Rechner zu diesen Zeiten an ist.',
  'On at {1} of the last {2} times.': 'An zu {1} der letzten {2} Zeiten.',
  'A timer of the system cannot be set up here.': 'Ein Zeitgeber des Systems lässt sich hier nicht einrichten.',
  'Install the app, or start it at the sign-in.': 'Installieren Sie die App, oder starten Sie sie bei der Anmeldung.',
  'This is not what was shown.': 'Das ist nicht, was gezeigt wurde.',
  'Look at the files again.': 'Sehen Sie sich die Dateien noch einmal an.',
  "The secret of {1} cannot be used with the scheme '{2}'.":
    'Das Geheimnis von {1} ist mit dem Verfahren „{2}“ nicht benutzbar.',
  "Leave '--scheme' away to sign as the webhook is written.":
    'Lassen Sie „--scheme“ weg, um zu signieren, wie der Webhook geschrieben ist.',
  "A test goes to this computer, not to '{1}'.": 'Ein Test geht an diesen Rechner, nicht an „{1}“.',
  "Use '--host localhost'.": 'Nehmen Sie „--host localhost“.',
  'This draft was changed in another window.': 'Dieser Entwurf wurde in einem anderen Fenster geändert.',
  'Load it again, and what was written there is shown.':
    'Laden Sie ihn noch einmal, dann sehen Sie, was dort geschrieben wurde.',
  'This version was never started here.': 'Diese Version wurde hier nie gestartet.',
  'The folder is not empty: {1}': 'Der Ordner ist nicht leer: {1}',
  'Look at what it could do, and trust it if that is what you want; on the command line: aiworkflow --project "{1}" bundle trust "{2}"':
    'Sehen Sie sich an, was es tun könnte, und vertrauen Sie ihm, wenn Sie das wollen; auf der Befehlszeile: aiworkflow --project "{1}" bundle trust "{2}"',
  'A tool of this project ({1})': 'Ein Werkzeug dieses Projekts ({1})',
  'The settings of this project cannot be used: {1}{2}':
    'Die Einstellungen dieses Projekts sind nicht benutzbar: {1}{2}',
  'This folder cannot be watched: {1}': 'Dieser Ordner lässt sich nicht überwachen: {1}',
  'No watch was opened under this name: {1}': 'Unter diesem Namen wurde keine Überwachung geöffnet: {1}',
  'Let {1} start by itself': '{1} von selbst starten lassen',
  'Trust the folder {1}': 'Dem Ordner {1} vertrauen',
  'Accept what {1} says of itself now': 'Annehmen, was {1} jetzt über sich sagt',
  'Choose an agent under Agents & tools, or with: aiworkflow agent set-primary NAME':
    'Wählen Sie einen Agenten unter Agenten & Werkzeuge, oder mit: aiworkflow agent set-primary NAME',
  'Workflow not found: {1}': 'Workflow nicht gefunden: {1}',
  'Workflows call each other: {1}': 'Workflows rufen einander auf: {1}',
  "Workflows call each other more than {1} deep: '{2}'": 'Workflows rufen einander mehr als {1} tief auf: „{2}“',
  "'{1}' is there in version {2}, not in {3}": '„{1}“ ist in Version {2} da, nicht in {3}',
  'Delivery not found: {1}': 'Eingang nicht gefunden: {1}',
  '{1} findings are not read yet: {2}': '{1} Befunde sind noch nicht gelesen: {2}',
  'It perhaps asks at {1}: {2}': 'Er fragt vielleicht bei {1}: {2}',
  '{1} is not well: {2}': '{1} geht es nicht gut: {2}',
  '{1} is not well: ': '{1} geht es nicht gut: ',
  "'{1}' is no commit of this repository.": '„{1}“ ist kein Commit dieses Repositorys.',
  "'{1}' is no name of a branch.": '„{1}“ ist kein Name eines Branches.',
  "Name under 'switch_to' what is to be checked out instead.":
    'Nennen Sie unter „switch_to“, was stattdessen ausgecheckt werden soll.',
  "The branch '{1}' is checked out: it is left as it is.": 'Der Branch „{1}“ ist ausgecheckt: Er bleibt, wie er ist.',
  'Somebody committed to it since. Look at it and remove it by hand.':
    'Jemand hat seither darauf committet. Sehen Sie ihn sich an, und entfernen Sie ihn von Hand.',
  "The branch '{1}' stands at {2} now: it is left as it is.":
    'Der Branch „{1}“ steht jetzt bei {2}: Er bleibt, wie er ist.',
  'Take another name, or look whose branch it is.':
    'Nehmen Sie einen anderen Namen, oder sehen Sie nach, wessen Branch es ist.',
  "There is a branch '{1}' already: it is left as it is.": 'Einen Branch „{1}“ gibt es schon: Er bleibt, wie er ist.',
  'Commit them or put them aside, then try again.':
    'Übernehmen Sie sie, oder legen Sie sie beiseite, dann versuchen Sie es noch einmal.',
  'Files of the repository were changed and not committed: {1}.':
    'Dateien des Repositorys wurden geändert und nicht übernommen: {1}.',
  "'commit' of {1} is an exact commit, all of its digits.":
    '„commit“ von {1} ist ein genauer Commit, mit allen Stellen.',
  'The repository at {1} is not in the project.': 'Das Repository bei {1} liegt nicht im Projekt.',
  'Put it elsewhere, then try again.': 'Legen Sie es anderswohin, dann versuchen Sie es noch einmal.',
  "'{1}' is not in git and would be written over: nothing is reset.":
    '„{1}“ ist nicht in git und würde überschrieben: Nichts wird zurückgesetzt.',
  'End it or call it off, then try again.':
    'Beenden Sie es, oder brechen Sie es ab, dann versuchen Sie es noch einmal.',
  'A merge, a rebase or a revert is under way: nothing is reset.':
    'Ein Merge, ein Rebase oder ein Revert ist im Gange: Nichts wird zurückgesetzt.',
  'Somebody committed or checked out something since. Look at the repository and reset it by hand.':
    'Jemand hat seither etwas committet oder ausgecheckt. Sehen Sie sich das Repository an, und setzen Sie es von Hand zurück.',
  'HEAD stands at {1} now: nothing is reset.': 'HEAD steht jetzt bei {1}: Nichts wird zurückgesetzt.',
  'Name an instant that is still to come.': 'Nennen Sie einen Zeitpunkt, der noch kommt.',
  'The pause would end before it begins.': 'Die Pause würde enden, bevor sie beginnt.',
  "'checkout' is true or false": '„checkout“ ist true oder false',
  'Validation failed: {1}': 'Die Prüfung ist fehlgeschlagen: {1}',
  '{1} (line {2})': '{1} (Zeile {2})',
  "{1} (step '{2}', line {3})": '{1} (Schritt „{2}“, Zeile {3})',
  'It asks at {1}: {2}': 'Er fragt bei {1}: {2}',
  'Already there: {1}': 'Schon da: {1}',
  'Approval cancelled: {1}': 'Freigabe zurückgenommen: {1}',
  'Approval expired: {1}': 'Freigabe abgelaufen: {1}',
  '{1} for good': '{1} auf Dauer',
  'Raise it {1}': 'Erhöhen Sie sie {1}',
  'Redis {1} at {2}': 'Redis {1} bei {2}',
  'RabbitMQ at {1}': 'RabbitMQ bei {1}',
  'Set Aside': 'Beiseitegelegt',
};
