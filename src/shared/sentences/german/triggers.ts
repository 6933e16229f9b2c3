import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const triggers: Sentences = {
  'Give each of them an id of its own.': 'Geben Sie jedem davon eine eigene Kennung.',
  'Write the id of a workflow of this project.': 'Schreiben Sie die Kennung eines Workflows dieses Projekts.',
  'There were more planned starts before this one, since {1}; they have no rows of their own.':
    'Davor gab es seit {1} weitere geplante Starts; sie haben keine eigenen Zeilen.',
  'The app is closing: nothing new is taken.': 'Die App schließt: Nichts Neues wird angenommen.',
  'A run waited for it.': 'Ein Lauf wartete darauf.',
  'The trigger is not armed.': 'Der Auslöser ist nicht aktiv.',
  'It starts itself over others: {1}.': 'Er startet sich über andere selbst: {1}.',
  'Both triggers are paused. Change one of them, then go on.':
    'Beide Auslöser sind pausiert. Ändern Sie einen davon, dann lassen Sie sie weiterlaufen.',
  'Starts caused each other more than {1} deep.': 'Starts lösten einander mehr als {1} tief aus.',
  'The project is closed.': 'Das Projekt ist geschlossen.',
  'The workflow or the trigger was changed since it was shown.':
    'Der Workflow oder der Auslöser wurde geändert, seit er gezeigt wurde.',
  'Look at it again, then arm it.': 'Sehen Sie ihn sich noch einmal an, dann schalten Sie ihn ein.',
  '{1}: this trigger was never armed.': '{1}: Dieser Auslöser wurde nie eingeschaltet.',
  'The workflow is switched off.': 'Der Workflow ist ausgeschaltet.',
  'Its definition says enabled: false.': 'Seine Definition sagt enabled: false.',
  'It was switched off.': 'Er wurde ausgeschaltet.',
  'Nobody has armed it yet.': 'Noch niemand hat ihn eingeschaltet.',
  'It was changed since it was armed: look at it and arm it again.':
    'Er wurde geändert, seit er eingeschaltet wurde: Sehen Sie ihn sich an, und schalten Sie ihn wieder ein.',
  'User {1}, who armed it, is disabled or removed: somebody else has to arm it.':
    'Der Benutzer {1}, der ihn eingeschaltet hat, ist gesperrt oder entfernt: Jemand anderes muss ihn einschalten.',
  "Several workflows have a trigger '{1}'.": 'Mehrere Workflows haben einen Auslöser „{1}“.',
  'Name one of {1}.': 'Nennen Sie einen von {1}.',
  'Look at the list of triggers.': 'Sehen Sie sich die Liste der Auslöser an.',
  'This schedule does not catch up.': 'Dieser Zeitplan holt nichts nach.',
  'It is older than what this schedule catches up.': 'Er ist älter als das, was dieser Zeitplan nachholt.',
  'Only the newest missed start is caught up.': 'Nur der neueste verpasste Start wird nachgeholt.',
  'Of more than {1} missed starts only the newest are caught up.':
    'Von mehr als {1} verpassten Starts werden nur die neuesten nachgeholt.',
  'It is paused by now.': 'Inzwischen ist er pausiert.',
  "'{1}' is not a date and time.": '„{1}“ ist kein Datum mit Uhrzeit.',
  "Unknown time zone '{1}'.": 'Unbekannte Zeitzone „{1}“.',
  'An earlier start still waits.': 'Ein früherer Start wartet noch.',
  'The run before waits for a person.': 'Der Lauf davor wartet auf einen Menschen.',
  'The run before waits for another run.': 'Der Lauf davor wartet auf einen anderen Lauf.',
  'The run before waits for its turn.': 'Der Lauf davor wartet, bis er an der Reihe ist.',
  'The run before waits for something to come at a webhook.':
    'Der Lauf davor wartet darauf, dass etwas an einem Webhook ankommt.',
  'The run before waits for its time.': 'Der Lauf davor wartet auf seine Zeit.',
  '{1} of {2} files are gone at once.': '{1} von {2} Dateien sind auf einmal weg.',
  '{1} Were they deleted, or will they be back?': '{1} Wurden sie gelöscht, oder kommen sie wieder?',
  '{1} cannot be read, nothing in it is seen.': '{1} ist nicht lesbar, nichts darin wird gesehen.',
  'This watch looks at {1} files in {2} folders. Leave folders out with ignore_patterns, or watch a folder further down.':
    'Diese Überwachung sieht nach {1} Dateien in {2} Ordnern. Lassen Sie Ordner mit ignore_patterns weg, oder überwachen Sie einen tieferen Ordner.',
  'Watch another folder.': 'Überwachen Sie einen anderen Ordner.',
  "It started 10 runs within 60 seconds, so it was paused. What happens meanwhile is kept and starts runs when you let it go on. For many files at once write 'batch: true'.":
    'Er startete binnen 60 Sekunden 10 Läufe, deshalb wurde er pausiert. Was inzwischen geschieht, wird aufgehoben und startet Läufe, wenn Sie ihn weiterlaufen lassen. Für viele Dateien auf einmal schreiben Sie „batch: true“.',
  'A run of this workflow wrote it: {1}.': 'Ein Lauf dieses Workflows hat sie geschrieben: {1}.',
  'This watch asks nothing.': 'Diese Überwachung fragt nichts.',
  'Look at the list of watches.': 'Sehen Sie sich die Liste der Überwachungen an.',
  'The folder came back empty: {1}. Is a disk not connected?':
    'Der Ordner kam leer zurück: {1}. Ist ein Datenträger nicht verbunden?',
  "'{1}' cannot be the path of a webhook: use letters, digits and - _ . / without spaces, '?' or '#'.":
    '„{1}“ kann nicht der Pfad eines Webhooks sein: Nehmen Sie Buchstaben, Ziffern und - _ . / ohne Leerzeichen, „?“ oder „#“.',
  "No secret is written, so anybody could start this workflow. Write 'secret: NAME', or 'insecure: true' if that is meant.":
    'Es ist kein Geheimnis angegeben, also könnte jeder diesen Workflow starten. Schreiben Sie „secret: NAME“, oder „insecure: true“, wenn das gewollt ist.',
  "The secret itself stands in the file, where everybody who reads it sees it. Store it with 'aiworkflow secrets set NAME' and write 'secret: NAME'.":
    'Das Geheimnis selbst steht in der Datei, wo jeder es sieht, der sie liest. Speichern Sie es mit „aiworkflow secrets set NAME“, und schreiben Sie „secret: NAME“.',
  'The secret {1} is not set. Set the environment variable {2}, for example in the file .env of the project, then open the project again.':
    'Das Geheimnis {1} ist nicht gesetzt. Setzen Sie die Umgebungsvariable {2}, zum Beispiel in der Datei .env des Projekts, dann öffnen Sie das Projekt noch einmal.',
  "The secret {1} is not set. Store it with 'aiworkflow secrets set {2}', or set the environment variable {3}, for example in the file .env of the project, and open the project again.":
    'Das Geheimnis {1} ist nicht gesetzt. Speichern Sie es mit „aiworkflow secrets set {2}“, oder setzen Sie die Umgebungsvariable {3}, zum Beispiel in der Datei .env des Projekts, und öffnen Sie das Projekt noch einmal.',
  "The secret {1} cannot be used with the scheme '{2}': it must be base64 text behind whsec_.":
    'Das Geheimnis {1} ist mit dem Verfahren „{2}“ nicht benutzbar: Es muss base64-Text hinter whsec_ sein.',
  'The path {1} is already that of {2}: write another one.':
    'Der Pfad {1} ist schon der von {2}: Schreiben Sie einen anderen.',
  "'rate_limit' must be a number a minute, or a text such as 10/s or 600/min.":
    '„rate_limit“ muss eine Zahl je Minute sein, oder ein Text wie 10/s oder 600/min.',
  'The body is not JSON.': 'Der Inhalt ist kein JSON.',
  'Slack asked whether this address is ours; it was answered.':
    'Slack fragte, ob diese Adresse unsere ist; das wurde beantwortet.',
  'A web page sent this and nothing signs it: an insecure webhook takes only what programs send.':
    'Eine Webseite hat das gesendet, und nichts signiert es: Ein ungesicherter Webhook nimmt nur, was Programme senden.',
  'The event is not on the list: {1}.': 'Das Ereignis steht nicht auf der Liste: {1}.',
  'Its body was not kept, so that it cannot be checked again.':
    'Sein Inhalt wurde nicht aufbewahrt, deshalb kann er nicht noch einmal geprüft werden.',
  'Mend the secret and play it again, or let the sender send it once more.':
    'Bringen Sie das Geheimnis in Ordnung und spielen Sie ihn noch einmal ab, oder lassen Sie den Absender ihn noch einmal senden.',
  'Nobody answers at {1}:{2}.': 'Bei {1}:{2} antwortet niemand.',
  "Start listening with 'aiworkflow webhook start', or open the app.":
    'Beginnen Sie das Zuhören mit „aiworkflow webhook start“, oder öffnen Sie die App.',
  'The header {1} came more than once.': 'Die Kopfzeile {1} kam mehr als einmal.',
  'The header {1} is missing.': 'Die Kopfzeile {1} fehlt.',
  "The header {1} holds no signature of the scheme '{2}'.":
    'Die Kopfzeile {1} enthält keine Signatur des Verfahrens „{2}“.',
  'The header {1} is not a number of seconds.': 'Die Kopfzeile {1} ist keine Zahl von Sekunden.',
  'None of the secrets of this endpoint made the signature.':
    'Keines der Geheimnisse dieses Endpunkts hat die Signatur gemacht.',
  "The sender's clock is {1} {2} this computer's{3}; at most 5 min are allowed.":
    'Die Uhr des Absenders geht gegenüber der dieses Rechners{3} {1} {2}; höchstens 5 min sind erlaubt.',
  'No webhook of the project has the path {1}: write one and arm it.':
    'Kein Webhook des Projekts hat den Pfad {1}: Schreiben Sie einen, und schalten Sie ihn ein.',
  'The webhook {1} at {2} lets nothing in: it is switched off.':
    'Der Webhook {1} bei {2} lässt nichts herein: Er ist ausgeschaltet.',
  'It is switched off.': 'Er ist ausgeschaltet.',
  '{1} is not one of {2}.': '{1} gehört nicht zu {2}.',
  'The body is larger than 1 MiB.': 'Der Inhalt ist größer als 1 MiB.',
  'It came before: {1}.': 'Es kam schon früher: {1}.',
  "It is written as insecure, and other computers can reach the listener: that would let anybody start it. Give it a secret, or listen on '127.0.0.1'.":
    'Er ist als ungesichert geschrieben, und andere Rechner können den Zuhörer erreichen: So könnte jeder ihn starten. Geben Sie ihm ein Geheimnis, oder hören Sie auf „127.0.0.1“.',
  'The trigger is paused.': 'Der Auslöser ist pausiert.',
  'More than {1} came within a second.': 'Mehr als {1} kamen binnen einer Sekunde.',
  'More than {1} came within a minute.': 'Mehr als {1} kamen binnen einer Minute.',
  'More than {1} came within an hour.': 'Mehr als {1} kamen binnen einer Stunde.',
  'Its condition hangs on what is not there: {1}': 'Seine Bedingung hängt an etwas, das nicht da ist: {1}',
  'It does not meet the condition {1}': 'Es erfüllt die Bedingung {1} nicht',
  'Its condition cannot be evaluated: {1}': 'Seine Bedingung lässt sich nicht auswerten: {1}',
  "There are two triggers '{1}' of {2}: only the first one counts":
    'Es gibt zwei Auslöser „{1}“ von {2}: Nur der erste zählt',
  '{1} cannot be read: {2}': '{1} ist nicht lesbar: {2}',
  'Trigger not found: {1}': 'Auslöser nicht gefunden: {1}',
  'The pattern of regex {1}': 'Das Muster von regex {1}',
  '{1} looked at every {2} seconds: {3}': '{1} wird alle {2} Sekunden angesehen: {3}',
  'The whole folder': 'Der ganze Ordner',
  '{1} and {2} more folders': '{1} und {2} weitere Ordner',
  'This folder holds the state of the project: {1}': 'Dieser Ordner enthält den Zustand des Projekts: {1}',
  'No watch of this trigger runs: {1}': 'Keine Überwachung dieses Auslösers läuft: {1}',
  'The folder is not there: {1}': 'Der Ordner ist nicht da: {1}',
  'This delivery was refused, and still is: {1}': 'Dieser Eingang wurde abgelehnt und wird es immer noch: {1}',
  'Endpoint not found': 'Endpunkt nicht gefunden',
  'Endpoint is disabled': 'Der Endpunkt ist ausgeschaltet',
  'Body too large': 'Inhalt zu groß',
  'The delivery could not be stored': 'Der Eingang ließ sich nicht speichern',
  'Method {1} not allowed': 'Methode {1} nicht erlaubt',
  'Rate limit exceeded': 'Die Grenze der Aufrufe ist überschritten',
  'The webhook {1} at {2} lets nothing in: {3}': 'Der Webhook {1} bei {2} lässt nichts herein: {3}',
  "The pattern '{1}' {2}": 'Das Muster „{1}“ {2}',
  'Internal error': 'Interner Fehler',
  'Invalid signature': 'Ungültige Signatur',
  'Bad request': 'Ungültige Anfrage',
};
