import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const files: Sentences = {
  'Add a workflow.md to the folder.': 'Legen Sie eine workflow.md in den Ordner.',
  "'tools_dir' must be a folder inside the bundle.": '„tools_dir“ muss ein Ordner im Bundle sein.',
  "'env.{1}' is not a name of a variable.": '„env.{1}“ ist kein Name einer Variable.',
  'The variables in {1}/.env cannot be read: {2}.': 'Die Variablen in {1}/.env sind nicht lesbar: {2}.',
  'Mend the file, or remove it.': 'Bringen Sie die Datei in Ordnung, oder entfernen Sie sie.',
  'Name the folder of one bundle, or leave big parts out with a .bundleignore file.':
    'Nennen Sie den Ordner eines einzelnen Bundles, oder lassen Sie große Teile mit einer Datei .bundleignore weg.',
  'The archive was refused: its signature does not belong to its content.':
    'Das Archiv wurde abgelehnt: Seine Signatur gehört nicht zu seinem Inhalt.',
  'Get it again from whoever made it: it was changed, or signed for something else.':
    'Lassen Sie es sich noch einmal geben: Es wurde verändert oder für etwas anderes signiert.',
  'Try again.': 'Versuchen Sie es noch einmal.',
  'Leave big parts out with a .bundleignore file.': 'Lassen Sie große Teile mit einer Datei .bundleignore weg.',
  'The bundle has a file {1}, which an archive needs for itself.':
    'Das Bundle hat eine Datei {1}, die ein Archiv für sich selbst braucht.',
  'Rename the file.': 'Benennen Sie die Datei um.',
  'The bundle changed while it was exported.': 'Das Bundle hat sich beim Exportieren geändert.',
  'aiworkflow.lock is no lock that can be read.': 'aiworkflow.lock ist keine lesbare Sperrdatei.',
  'The files of the bundle are not those that aiworkflow.lock names.':
    'Die Dateien des Bundles sind nicht die, die aiworkflow.lock nennt.',
  "The tool '{1}' is not the one that aiworkflow.lock names.":
    'Das Werkzeug „{1}“ ist nicht das, das aiworkflow.lock nennt.',
  'Put back what was locked, or look at what changed and lock it anew.':
    'Stellen Sie den festgehaltenen Stand wieder her, oder sehen Sie nach, was sich geändert hat, und halten Sie es neu fest.',
  'The bundle is not what its lock says.': 'Das Bundle ist nicht das, was seine Sperrdatei sagt.',
  'A single file has no lock: its version is its content.':
    'Eine einzelne Datei hat keine Sperrdatei: Ihre Version ist ihr Inhalt.',
  'Name the folder of a bundle.': 'Nennen Sie den Ordner eines Bundles.',
  'The bundle is not in this project, so that nothing is written there.':
    'Das Bundle liegt nicht in diesem Projekt, deshalb wird dort nichts geschrieben.',
  'Import the bundle, or name the project that it belongs to.':
    'Importieren Sie das Bundle, oder nennen Sie das Projekt, zu dem es gehört.',
  'Export it again.': 'Exportieren Sie es noch einmal.',
  'The upload has no file {1}.': 'Der Upload hat keine Datei {1}.',
  'The upload is no longer what was shown.': 'Der Upload ist nicht mehr das, was gezeigt wurde.',
  'Look at it again.': 'Sehen Sie es sich noch einmal an.',
  'The upload is not there any more.': 'Den Upload gibt es nicht mehr.',
  'Choose the files again.': 'Wählen Sie die Dateien noch einmal.',
  'The archive was refused: its content is not what its manifest says.':
    'Das Archiv wurde abgelehnt: Sein Inhalt ist nicht der, den sein Manifest nennt.',
  'Export the bundle again.': 'Exportieren Sie das Bundle noch einmal.',
  'A bundle holds plain files with relative names that every system can store.':
    'Ein Bundle enthält einfache Dateien mit relativen Namen, die jedes System speichern kann.',
  'Use letters, digits, dots, dashes and underscores.':
    'Nehmen Sie Buchstaben, Ziffern, Punkte, Bindestriche und Unterstriche.',
  'Choose another name, replace it or keep both.':
    'Wählen Sie einen anderen Namen, ersetzen Sie es oder behalten Sie beide.',
  'The file is not UTF-8 text.': 'Die Datei ist kein UTF-8-Text.',
  'The file is larger than {1} KiB.': 'Die Datei ist größer als {1} KiB.',
  'It is no file.': 'Es ist keine Datei.',
  'The content of {1} is not base64.': 'Der Inhalt von {1} ist kein base64.',
  'The upload is too large for a bundle.': 'Der Upload ist zu groß für ein Bundle.',
  'At most {1} files and {2} MiB.': 'Höchstens {1} Dateien und {2} MiB.',
  'Parts of {1} arrived out of order.': 'Teile von {1} kamen in falscher Reihenfolge an.',
  'Nothing of it was kept. Get the archive once more, or ask whoever made it for another one.':
    'Nichts davon wurde behalten. Holen Sie das Archiv noch einmal, oder bitten Sie, wer es gemacht hat, um ein neues.',
  'The bundle changed after it was read.': 'Das Bundle hat sich geändert, nachdem es gelesen wurde.',
  'Read it again.': 'Lesen Sie es noch einmal.',
  'Start the workflow from its source again; the old version cannot be used.':
    'Starten Sie den Workflow neu von seiner Quelle; die alte Version ist nicht mehr nutzbar.',
  'This property list is binary.': 'Diese Property List ist binär.',
  'The file holds more than {1} jobs.': 'Die Datei enthält mehr als {1} Aufträge.',
  'Split it first.': 'Teilen Sie sie vorher auf.',
  'A draft, made of {1} ({2}). What did not map stands in README.md.':
    'Ein Entwurf aus {1} ({2}). Was sich nicht übertragen ließ, steht in README.md.',
  'A draft, made of {1} ({2}).': 'Ein Entwurf aus {1} ({2}).',
  'Everything mapped.': 'Alles ließ sich übertragen.',
  'Nothing of it is armed: read the workflow, try it by hand, then enable its triggers.':
    'Nichts davon ist aktiv: Lesen Sie den Workflow, probieren Sie ihn von Hand aus, dann schalten Sie seine Auslöser ein.',
  'This had no counterpart. Replace the step, or remove it.':
    'Dafür gab es keine Entsprechung. Ersetzen Sie den Schritt, oder entfernen Sie ihn.',
  'Follow the instructions.': 'Folgen Sie den Anweisungen.',
  'The property list holds no dictionary, so it is no job of launchd.':
    'Die Property List enthält kein Dictionary, also ist sie kein Auftrag von launchd.',
  'The workflow has more than {1} nodes.': 'Der Workflow hat mehr als {1} Knoten.',
  'Mend line {1} first.': 'Bringen Sie zuerst Zeile {1} in Ordnung.',
  'This is no XML that can be read, from line {1} on.': 'Dieses XML ist ab Zeile {1} nicht lesbar.',
  'Export it again from the program that it comes from.':
    'Exportieren Sie es noch einmal aus dem Programm, aus dem es stammt.',
  'Move the file away, then try again.': 'Verschieben Sie die Datei, dann versuchen Sie es noch einmal.',
  'Free some space.': 'Schaffen Sie etwas Platz.',
  'Close other programs, or raise the limit of open files (ulimit -n), then try again.':
    'Schließen Sie andere Programme, oder erhöhen Sie die Grenze offener Dateien (ulimit -n), dann versuchen Sie es noch einmal.',
  'Check who may write there, and whether the disk is mounted read-only.':
    'Prüfen Sie, wer dort schreiben darf und ob der Datenträger nur lesbar eingehängt ist.',
  'Name a path inside the folder, without "..", links or an absolute path.':
    'Nennen Sie einen Pfad im Ordner, ohne „..“, Verknüpfungen oder einen absoluten Pfad.',
  'Name a folder on a disk.': 'Nennen Sie einen Ordner auf einem Datenträger.',
  'More than the {1} MiB that are kept for undoing would be needed.':
    'Es würden mehr als die {1} MiB gebraucht, die zum Zurücknehmen aufbewahrt werden.',
  "Name fewer files under 'workspace'.": 'Nennen Sie weniger Dateien unter „workspace“.',
  'What was kept of this file is gone: newer runs needed the room.':
    'Was von dieser Datei aufbewahrt war, ist weg: Neuere Läufe brauchten den Platz.',
  'Something other than a folder stands at {1}.': 'Bei {1} steht etwas anderes als ein Ordner.',
  'What was kept of this file is damaged: it stays as it is.':
    'Was von dieser Datei aufbewahrt war, ist beschädigt: Sie bleibt, wie sie ist.',
  "The workspace pattern '{1}' {2}.": 'Das Muster „{1}“ des Arbeitsbereichs {2}.',
  'The workspace holds more than {1} files.': 'Der Arbeitsbereich enthält mehr als {1} Dateien.',
  "Name fewer of them under 'workspace'.": 'Nennen Sie weniger davon unter „workspace“.',
  '{1} could not be read ({2}).': '{1} war nicht lesbar ({2}).',
  'What was kept to take this back is gone: newer runs needed the room.':
    'Was aufbewahrt war, um das zurückzunehmen, ist weg: Neuere Läufe brauchten den Platz.',
  '{1} was written again and again while it was read.': '{1} wurde beim Lesen immer wieder neu geschrieben.',
  'No workflow file found in bundle: {1}': 'Im Bundle wurde keine Workflow-Datei gefunden: {1}',
  'Not a regular file, left out: {1}': 'Keine gewöhnliche Datei, weggelassen: {1}',
  'The folder is too large for a bundle: {1}': 'Der Ordner ist zu groß für ein Bundle: {1}',
  'Link leaves the bundle: {1}': 'Eine Verknüpfung führt aus dem Bundle hinaus: {1}',
  'Link to a folder, left out: {1}': 'Verknüpfung zu einem Ordner, weggelassen: {1}',
  'Folder is nested too deeply, left out: {1}': 'Der Ordner ist zu tief verschachtelt, weggelassen: {1}',
  'Two files have the same name once normalised: {1}': 'Zwei Dateien heißen nach dem Normalisieren gleich: {1}',
  'Failed to parse workflow: {1}': 'Der Workflow ist nicht lesbar: {1}',
  'The file changed while it was read: {1}': 'Die Datei hat sich beim Lesen geändert: {1}',
  'The bundle is too large for an archive: {1}': 'Das Bundle ist zu groß für ein Archiv: {1}',
  'Bundle directory not found: {1}': 'Den Ordner des Bundles gibt es nicht: {1}',
  'Not an archive and not a folder: {1}': 'Kein Archiv und kein Ordner: {1}',
  'The archive is too large: {1} bytes': 'Das Archiv ist zu groß: {1} Bytes',
  'Not a name for a bundle: {1}': 'Kein Name für ein Bundle: {1}',
  'A bundle with this name is already there: {1}': 'Ein Bundle dieses Namens ist schon da: {1}',
  'Not a regular file: {1}': 'Keine gewöhnliche Datei: {1}',
  'No workflow file found (expected workflow.md or *.md)':
    'Keine Workflow-Datei gefunden (erwartet: workflow.md oder *.md)',
  'Script is not part of the bundle: {1}': 'Das Skript gehört nicht zum Bundle: {1}',
  'Script not executable and no shebang: {1}': 'Das Skript ist nicht ausführbar und hat keine Shebang-Zeile: {1}',
  'Workflow file not found: {1}': 'Die Workflow-Datei wurde nicht gefunden: {1}',
  'Bundle path must be a directory: {1}': 'Der Pfad eines Bundles muss ein Ordner sein: {1}',
  'The archive was refused: {1}': 'Das Archiv wurde abgelehnt: {1}',
  'The archive is too large: {1}': 'Das Archiv ist zu groß: {1}',
  '{1} is damaged (wrong checksum or size)': '{1} ist beschädigt (falsche Prüfsumme oder Größe)',
  '{1} is a link, a device or something else that is not a file':
    '{1} ist eine Verknüpfung, ein Gerät oder etwas anderes, das keine Datei ist',
  '{1} is named differently in two places': '{1} heißt an zwei Stellen verschieden',
  '{1} has a name that is not valid UTF-8': '{1} hat einen Namen, der kein gültiges UTF-8 ist',
  '{1} is a folder with contents': '{1} ist ein Ordner mit Inhalt',
  'Version not found: {1}': 'Version nicht gefunden: {1}',
  'The kept version was changed on disk: {1}': 'Die aufbewahrte Version wurde auf dem Datenträger geändert: {1}',
  'A file stands where a folder is needed: {1}': 'Eine Datei steht, wo ein Ordner gebraucht wird: {1}',
  'File not found: {1}': 'Datei nicht gefunden: {1}',
  'The path is a link: {1}': 'Der Pfad ist eine Verknüpfung: {1}',
  'The disk is full: {1}': 'Der Datenträger ist voll: {1}',
  'Too many files are open: {1}': 'Zu viele Dateien sind offen: {1}',
  'Cannot read or write {1} ({2})': '{1} kann nicht gelesen oder geschrieben werden ({2})',
  'Cannot read or write {1} (unknown error)': '{1} kann nicht gelesen oder geschrieben werden (unbekannter Fehler)',
  'The path leaves its folder: {1}': 'Der Pfad verlässt seinen Ordner: {1}',
  'This folder belongs to the system and keeps no files: {1}':
    'Dieser Ordner gehört dem System und hält keine Dateien: {1}',
  'Write it as text first: plutil -convert xml1 FILE': 'Schreiben Sie sie zuerst als Text: plutil -convert xml1 DATEI',
  'Did not map': 'Nicht übertragen',
  'GitHub has to send it: store the secret {1} and set up a webhook for it':
    'GitHub muss es senden: Speichern Sie das Geheimnis {1}, und richten Sie dort einen Webhook ein',
  'Nothing to do': 'Nichts zu tun',
  'The file cannot be read: {1}': 'Die Datei ist nicht lesbar: {1}',
  'Ask Claude Code': 'Claude Code fragen',
  'Ask the agent': 'Den Agenten fragen',
  'Not a version: {1}': 'Keine Version: {1}',
  '{1}: is new': '{1}: ist neu',
  '{1}: is gone': '{1}: ist weg',
  'Is another here': 'Ist hier anders',
  'Not converted: {1}': 'Nicht übertragen: {1}',
  'Made of {1}': 'Gemacht aus {1}',
  'Not a file: {1}': 'Keine Datei: {1}',
};
