import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const operationsAM2: Sentences = {
  "Nothing was taken down around the step '{1}'.": 'Um den Schritt „{1}“ herum wurde nichts festgehalten.',
  "Name what it may change under 'workspace'.": 'Nennen Sie unter „workspace“, was er ändern darf.',
  'Look at them and put them right by hand.': 'Sehen Sie sie sich an, und bringen Sie sie von Hand in Ordnung.',
  "The run changed nothing at '{1}'.": 'Der Lauf hat an „{1}“ nichts geändert.',
  'The plan of the undo names the files that it changed.':
    'Der Plan der Rücknahme nennt die Dateien, die er geändert hat.',
  "This run has no undo '{1}'.": 'Dieser Lauf hat keine Rücknahme „{1}“.',
  'It was changed since, and stays as it is.': 'Es wurde seither geändert und bleibt, wie es ist.',
  'There is nothing to take back.': 'Es ist nichts zurückzunehmen.',
  'The files are as they were before.': 'Die Dateien sind, wie sie vorher waren.',
  'All of it was changed since and stays as it is ({1}).':
    'Alles davon wurde seither geändert und bleibt, wie es ist ({1}).',
  'Name the files that are to be overwritten all the same.':
    'Nennen Sie die Dateien, die trotzdem überschrieben werden sollen.',
  'It ran in another control center.': 'Er lief in einer anderen Steuerzentrale.',
  'The run {1} is of another control center: it can only be looked at.':
    'Der Lauf {1} ist aus einer anderen Steuerzentrale: Er kann nur angesehen werden.',
  'Start its workflow here to have a run of your own.':
    'Starten Sie seinen Workflow hier, um einen eigenen Lauf zu haben.',
  'The file of the run cannot be read.': 'Die Datei des Laufs ist nicht lesbar.',
  'Let it be made anew.': 'Lassen Sie sie neu machen.',
  '{1} is no schedule: nobody knows when it starts.': '{1} ist kein Zeitplan: Niemand weiß, wann er startet.',
  "'commit' of workflow.git_revert is an exact commit, all of its digits.":
    '„commit“ von workflow.git_revert ist ein genauer Commit, mit allen Stellen.',
  "Have the step that commits give what 'git rev-parse HEAD' prints.":
    'Lassen Sie den Schritt, der den Commit macht, ausgeben, was „git rev-parse HEAD“ druckt.',
  'The repository at {1} begins above the project.': 'Das Repository bei {1} beginnt oberhalb des Projekts.',
  'Files of the repository were changed and not committed: nothing is reverted.':
    'Dateien des Repositorys wurden geändert und nicht übernommen: Nichts wird zurückgenommen.',
  'Commit them or put them aside, then roll back again.':
    'Übernehmen Sie sie, oder legen Sie sie beiseite, dann nehmen Sie noch einmal zurück.',
  'The commit {1} cannot be reverted: later ones build on it.':
    'Der Commit {1} kann nicht zurückgenommen werden: Spätere bauen darauf auf.',
  'Revert it by hand.': 'Nehmen Sie ihn von Hand zurück.',
  "'git {1}' failed ({2}).": '„git {1}“ ist fehlgeschlagen ({2}).',
  'Look at the repository by hand.': 'Sehen Sie sich das Repository von Hand an.',
  'It was changed since it was shown.': 'Es wurde geändert, seit es gezeigt wurde.',
  'Look at it again, then trust it.': 'Sehen Sie es sich noch einmal an, dann vertrauen Sie ihm.',
  '{1} was not imported: there is no import to undo.':
    '{1} wurde nicht importiert: Es gibt keinen Import zurückzunehmen.',
  'Remove it instead: that can be undone, too.': 'Entfernen Sie ihn stattdessen: Auch das lässt sich zurücknehmen.',
  'Another workflow of that name has taken its place.':
    'Ein anderer Workflow dieses Namens hat seinen Platz eingenommen.',
  'Remove or rename it first.': 'Entfernen Sie ihn zuerst, oder benennen Sie ihn um.',
  '{1}: the change was carried to its end.': '{1}: Die Änderung wurde zu Ende geführt.',
  'Another workflow has the place.': 'Ein anderer Workflow hat den Platz.',
  'The plan {1} is not that of this start: it would be {2}.': 'Der Plan {1} ist nicht der dieses Starts: Das wäre {2}.',
  'The workflow, what it calls, the inputs or the agent are others by now: make the plan again and look at it.':
    'Der Workflow, was er aufruft, die Eingaben oder der Agent sind inzwischen andere: Machen Sie den Plan neu, und sehen Sie ihn an.',
  "'{1}' is not there.": '„{1}“ ist nicht da.',
  'The process that has this project open serves no metrics.':
    'Der Prozess, der dieses Projekt geöffnet hat, bietet keine Messwerte an.',
  "Start them with 'aiworkflow metrics start'.": 'Starten Sie sie mit „aiworkflow metrics start“.',
  "The channel '{1}' of 'notify' is not set up here.": 'Der Kanal „{1}“ von „notify“ ist hier nicht eingerichtet.',
  "The channel '{1}' is not set up here.": 'Der Kanal „{1}“ ist hier nicht eingerichtet.',
  'It answered with HTTP {1}.': 'Er antwortete mit HTTP {1}.',
  'A secret that begins with whsec_ must be base64 text behind that.':
    'Ein Geheimnis, das mit whsec_ beginnt, muss dahinter base64-Text sein.',
  'What is sent could not be signed, so it was not sent.':
    'Was gesendet wird, ließ sich nicht signieren, deshalb wurde es nicht gesendet.',
  "The desktop app shows notices, while it holds the project: start the run there, or name another channel. 'log' is always there.":
    'Die Desktop-App zeigt Mitteilungen, solange sie das Projekt geöffnet hat: Starten Sie den Lauf dort, oder nennen Sie einen anderen Kanal. „log“ ist immer da.',
  'Name it in aiworkflow.yaml: monitoring: {alert_channels: [{name: {1}, webhook: "https://…"}]}. \'log\' is always there.':
    'Nennen Sie ihn in aiworkflow.yaml: monitoring: {alert_channels: [{name: {1}, webhook: "https://…"}]}. „log“ ist immer da.',
  'Programs take files and folders whose name begins with a dot for their settings.':
    'Programme nehmen Dateien und Ordner, deren Name mit einem Punkt beginnt, als ihre Einstellungen.',
  'Programs load code from such a folder.': 'Programme laden Code aus einem solchen Ordner.',
  'This app obeys such a file.': 'Diese App gehorcht einer solchen Datei.',
  'Agents obey such a file.': 'Agenten gehorchen einer solchen Datei.',
  'Shells and desktops obey such a file.': 'Shells und Desktops gehorchen einer solchen Datei.',
  'Editors obey such a file.': 'Editoren gehorchen einer solchen Datei.',
  'A continuous integration obeys such a file.': 'Eine Continuous Integration gehorcht einer solchen Datei.',
  'Build tools obey such a file.': 'Build-Werkzeuge gehorchen einer solchen Datei.',
  'Package managers obey such a file.': 'Paketverwaltungen gehorchen einer solchen Datei.',
  'It may be the short name of another file.': 'Es kann der Kurzname einer anderen Datei sein.',
  "Bring back the backup of {1} UTC, which holds {2} runs, with 'aiworkflow restore --here': the damaged file is kept.":
    'Holen Sie die Sicherung von {1} UTC, die {2} Läufe enthält, mit „aiworkflow restore --here“ zurück: Die beschädigte Datei bleibt erhalten.',
  'Nothing was replaced: the store of this project is not damaged.':
    'Nichts wurde ersetzt: Der Speicher dieses Projekts ist nicht beschädigt.',
  "To look at the backup, bring it back into a new folder: 'aiworkflow restore FOLDER'. To lose what was stored after {1} UTC all the same, and go on with the {2} runs of the backup: 'aiworkflow restore --here --force'.":
    'Um die Sicherung anzusehen, holen Sie sie in einen neuen Ordner zurück: „aiworkflow restore ORDNER“. Um trotzdem zu verlieren, was nach {1} UTC gespeichert wurde, und mit den {2} Läufen der Sicherung weiterzumachen: „aiworkflow restore --here --force“.',
  'There is no backup yet.': 'Es gibt noch keine Sicherung.',
  "There is no backup '{1}'.": 'Es gibt keine Sicherung „{1}“.',
  "'aiworkflow backup' makes one, 'aiworkflow backup --list' shows all.":
    '„aiworkflow backup“ macht eine, „aiworkflow backup --list“ zeigt alle.',
  'This file is not there any more.': 'Diese Datei gibt es nicht mehr.',
  'Begin anew.': 'Fangen Sie neu an.',
  'It is empty or holds a NUL byte.': 'Er ist leer oder enthält ein NUL-Byte.',
  'It is outside the project.': 'Er liegt außerhalb des Projekts.',
  'It is inside .aiworkflow.': 'Er liegt in .aiworkflow.',
  'Workflows or tools of the project lie there.': 'Dort liegen Workflows oder Werkzeuge des Projekts.',
  'It is inside a bundle.': 'Er liegt in einem Bundle.',
  "Give the file another name. 'permissions.write' would also need the consent of a person, which this version does not ask for yet.":
    'Geben Sie der Datei einen anderen Namen. „permissions.write“ bräuchte auch die Zustimmung eines Menschen, nach der diese Version noch nicht fragt.',
  'Name a file in the run folder (a relative path) or elsewhere in the project.':
    'Nennen Sie eine Datei im Laufordner (ein relativer Pfad) oder anderswo im Projekt.',
  'User {1} is not an authorized approver': 'Der Benutzer {1} darf hier nicht freigeben',
  'Request is not pending: {1}': 'Über die Anfrage ist schon entschieden: {1}',
  'Approval requested: {1} by {2}': 'Freigabe erbeten: {1} von {2}',
  'Approval granted: {1} by {2}': 'Freigabe erteilt: {1} von {2}',
  'Approval rejected: {1} by {2}': 'Freigabe abgelehnt: {1} von {2}',
  'Approval cancelled: {1} by {2}': 'Freigabe zurückgenommen: {1} von {2}',
  'User {1} does not have permission user:manage': 'Der Benutzer {1} hat das Recht user:manage nicht',
  '{1} is no question of a run': '{1} ist keine Frage eines Laufs',
  'Request not found: {1}': 'Anfrage nicht gefunden: {1}',
  'User {1} has already approved': 'Der Benutzer {1} hat schon freigegeben',
  "Cost limit '{1}' at {2}%: {3} / {4}": 'Kostengrenze „{1}“ bei {2} %: {3} / {4}',
  "Raise it: aiworkflow costs limits edit '{1}' --max AMOUNT":
    'Erhöhen Sie sie: aiworkflow costs limits edit „{1}“ --max BETRAG',
  'Raise it: aiworkflow costs raise {1} --by AMOUNT --once, or {2}':
    'Erhöhen Sie sie: aiworkflow costs raise {1} --by BETRAG --once, oder {2}',
  'Required tool not available: {1}': 'Ein nötiges Werkzeug ist nicht da: {1}',
  '{1}: not any more': '{1}: nicht mehr',
  'User {1} does not have permission {2}': 'Der Benutzer {1} hat das Recht {2} nicht',
  'The input{1} of {2} is not valid: {3}': 'Die Eingabe{1} von {2} ist nicht gültig: {3}',
  'The input{1} of {2} is not valid: unknown': 'Die Eingabe{1} von {2} ist nicht gültig: unbekannt',
  'What tools declare of files and network is not held here: they run with your rights. {1}':
    'Was Werkzeuge über Dateien und Netz sagen, wird hier nicht eingehalten: Sie laufen mit Ihren Rechten. {1}',
  'UNPROTECTED: key in an open file': 'UNGESCHÜTZT: Schlüssel in einer offenen Datei',
  '{1} will end within two weeks': '{1} läuft binnen zwei Wochen ab',
  "Run 'aiworkflow init' to initialize": 'Richten Sie es mit „aiworkflow init“ ein',
  'No config file found': 'Keine Konfigurationsdatei gefunden',
  'No primary agent is chosen: aiworkflow agent set-primary NAME':
    'Kein Hauptagent ist gewählt: aiworkflow agent set-primary NAME',
  'The store is damaged: {1}': 'Der Speicher ist beschädigt: {1}',
  'It could not be brought back: {1}': 'Sie ließ sich nicht zurückholen: {1}',
  'What this step does to files cannot be undone: {1}':
    'Was dieser Schritt mit Dateien tut, lässt sich nicht zurücknehmen: {1}',
  'Changed since, and left as they are: {1}': 'Seither geändert und so gelassen: {1}',
  'The app ended while it changed the library ({1})': 'Die App endete, während sie die Bibliothek änderte ({1})',
  '{1}: the change was taken back. {2}': '{1}: Die Änderung wurde zurückgenommen. {2}',
  '{1}: the change was carried to its end. It is not trusted: {2}':
    '{1}: Die Änderung wurde zu Ende geführt. Ihr wird nicht vertraut: {2}',
  'The budget {1} is full': 'Das Budget {1} ist voll',
  'The budget {1} fills': 'Das Budget {1} füllt sich',
  '{1}: a step has failed': '{1}: Ein Schritt ist fehlgeschlagen',
  'A workflow may not write to {1}. {2}': 'Ein Workflow darf nicht nach {1} schreiben. {2}',
};
