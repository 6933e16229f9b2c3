import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const project1: Sentences = {
  'The control center is closed.': 'Die Steuerzentrale ist geschlossen.',
  'A run is running in this project.': 'In diesem Projekt läuft ein Lauf.',
  'Wait for it or cancel it, then open the other project.':
    'Warten Sie auf ihn oder brechen Sie ihn ab, dann öffnen Sie das andere Projekt.',
  'Use these words of JSON Schema: {1}.': 'Nehmen Sie diese Wörter von JSON Schema: {1}.',
  'Ask for less in one step.': 'Verlangen Sie in einem Schritt weniger.',
  'Write a type there, or leave the alternative out that leads back.':
    'Schreiben Sie dort einen Typ, oder lassen Sie die Alternative weg, die zurückführt.',
  'Write smaller parts where they are used.': 'Schreiben Sie kleinere Teile dort, wo sie gebraucht werden.',
  'Make that part optional, or allow null.': 'Machen Sie diesen Teil optional, oder erlauben Sie null.',
  "'{1}' is not supported, did you mean '{2}'?": '„{1}“ wird nicht unterstützt, meinten Sie „{2}“?',
  'The pattern {1} cannot be used.': 'Das Muster {1} ist nicht benutzbar.',
  'Nothing is shown on a desktop here.': 'Hier wird nichts auf einem Desktop gezeigt.',
  'The desktop app shows notices, while it holds the project.':
    'Die Desktop-App zeigt Mitteilungen, solange sie das Projekt geöffnet hat.',
  'The working folder does not exist.': 'Den Arbeitsordner gibt es nicht.',
  'The helper process that starts scripts could not be started.':
    'Der Hilfsprozess, der Skripte startet, ließ sich nicht starten.',
  'The app is closing and starts no more processes.': 'Die App schließt und startet keine Prozesse mehr.',
  'The process that watched this step is gone, so nobody knows how the step ended.':
    'Der Prozess, der diesen Schritt beobachtete, ist weg, deshalb weiß niemand, wie der Schritt endete.',
  'Look at what the step did, then mark it completed or failed, or run it again.':
    'Sehen Sie nach, was der Schritt getan hat, dann markieren Sie ihn als fertig oder fehlgeschlagen, oder führen Sie ihn noch einmal aus.',
  'The start could not be recorded.': 'Der Start ließ sich nicht festhalten.',
  "'runtime.mode' must be local.": '„runtime.mode“ muss local sein.',
  'Write \'no_progress_usd: "0.50"\'.': 'Schreiben Sie „no_progress_usd: "0.50"“.',
  "There are two limits '{1}'.": 'Es gibt zwei Grenzen „{1}“.',
  'Write USD such as 5 or "0.50".': 'Schreiben Sie USD wie 5 oder "0.50".',
  'The examples are: {1}.': 'Die Beispiele sind: {1}.',
  "Make the folder, then run 'aiworkflow init' in it.":
    'Machen Sie den Ordner, dann führen Sie darin „aiworkflow init“ aus.',
  'Project already initialized. Use --force to reinitialize.':
    'Das Projekt ist schon eingerichtet. Mit --force wird es neu eingerichtet.',
  'The entry cannot be read.': 'Der Eintrag ist nicht lesbar.',
  'The settings in {1} cannot be read: {2}.': 'Die Einstellungen in {1} sind nicht lesbar: {2}.',
  'Mend the file, or remove it to work with the defaults.':
    'Bringen Sie die Datei in Ordnung, oder entfernen Sie sie, um mit den Vorgaben zu arbeiten.',
  '{1}: not used yet by this version.': '{1}: wird von dieser Version noch nicht benutzt.',
  "'monitoring.alert_channels': only webhooks, 'desktop' and 'log' are used yet by this version.":
    '„monitoring.alert_channels“: Diese Version benutzt nur Webhooks, „desktop“ und „log“.',
  "'{1}.{2}' must be inside the project.": '„{1}.{2}“ muss im Projekt liegen.',
  "'logging.log_path' must not be where workflows and tools lie.":
    '„logging.log_path“ darf nicht dort sein, wo Workflows und Werkzeuge liegen.',
  "Run 'aiworkflow workflow list' to see what is there.": 'Mit „aiworkflow workflow list“ sehen Sie, was da ist.',
  'The schedule cannot be understood.': 'Der Zeitplan ist nicht zu verstehen.',
  'Write for example 0 9 * * MON-FRI.': 'Schreiben Sie zum Beispiel 0 9 * * MON-FRI.',
  "'{1}' is a group of settings.": '„{1}“ ist eine Gruppe von Einstellungen.',
  "There is no setting '{1}'.": 'Es gibt keine Einstellung „{1}“.',
  'Settings here: {1}.': 'Einstellungen hier: {1}.',
  'A key leads to one setting, such as logging.level.': 'Ein Schlüssel führt zu einer Einstellung, etwa logging.level.',
  'This was not written: {1}': 'Das wurde nicht geschrieben: {1}',
  "'{1}' would hold a secret, which has no place in aiworkflow.yaml.":
    'In „{1}“ stünde ein Geheimnis, und das gehört nicht in aiworkflow.yaml.',
  'Set the variable AIWORKFLOW_{1} instead.': 'Setzen Sie stattdessen die Variable AIWORKFLOW_{1}.',
  'Store it as a secret, or set the variable that the agent reads.':
    'Legen Sie es als Geheimnis ab, oder setzen Sie die Variable, die der Agent liest.',
  '{1} sets {2} to {3} on this machine.': '{1} setzt {2} auf diesem Rechner auf {3}.',
  'Change it there, or remove it there first.': 'Ändern Sie es dort, oder entfernen Sie es zuerst dort.',
  'The workflow stopped itself.': 'Der Workflow hat sich selbst angehalten.',
  'The workflow decided to fail here: read its message and its inputs.':
    'Der Workflow hat entschieden, hier fehlzuschlagen: Lesen Sie seine Meldung und seine Eingaben.',
  'Write a duration such as 30s or 2m.': 'Schreiben Sie eine Dauer wie 30s oder 2m.',
  'The wait was cut short.': 'Das Warten wurde abgebrochen.',
  'As compensate of a step it takes back what that step did.':
    'Als compensate eines Schritts nimmt er zurück, was dieser Schritt tat.',
  "'paths' of workflow.restore_files is a list of patterns.":
    '„paths“ von workflow.restore_files ist eine Liste von Mustern.',
  'As compensate of a step that commits: {commit: "{{ output.commit }}"}.':
    'Als compensate eines Schritts, der einen Commit macht: {commit: "{{ output.commit }}"}.',
  'The project was closed before the backup was made.':
    'Das Projekt wurde geschlossen, bevor die Sicherung gemacht war.',
  'The audit of the backup is broken at event {1}.': 'Die Prüfspur der Sicherung ist bei Ereignis {1} gebrochen.',
  'A stored value of this run is missing or damaged.': 'Ein gespeicherter Wert dieses Laufs fehlt oder ist beschädigt.',
  'What is stored of an agent that calls are held back from is damaged and cannot be read.':
    'Was über einen Agenten gespeichert ist, dessen Aufrufe zurückgehalten werden, ist beschädigt und nicht lesbar.',
  'The cursor is not one that a list of cost records gave.': 'Der Zeiger ist keiner, den eine Liste der Kosten gab.',
  'A stored record is damaged and cannot be read.': 'Ein gespeicherter Datensatz ist beschädigt und nicht lesbar.',
  'Restore the state folder from a backup. To begin anew, move the folder {1} away.':
    'Stellen Sie den Zustandsordner aus einer Sicherung wieder her. Um neu anzufangen, verschieben Sie den Ordner {1}.',
  'This project was written by a newer version of the app.':
    'Dieses Projekt wurde von einer neueren Version der App geschrieben.',
  'Update the app, or open a copy of the project from before the update.':
    'Aktualisieren Sie die App, oder öffnen Sie eine Kopie des Projekts von davor.',
  'Free some space; work goes on by itself.': 'Schaffen Sie etwas Platz; die Arbeit geht von selbst weiter.',
  'Close the other program or try again.': 'Schließen Sie das andere Programm, oder versuchen Sie es noch einmal.',
  'Restore the last backup of the state folder.': 'Stellen Sie die letzte Sicherung des Zustandsordners wieder her.',
  'Check the disk and the rights of the state folder.':
    'Prüfen Sie den Datenträger und die Rechte des Zustandsordners.',
  'The project was closed meanwhile.': 'Das Projekt wurde inzwischen geschlossen.',
  'An event of this run is damaged.': 'Ein Ereignis dieses Laufs ist beschädigt.',
  'The store is closed: nothing more is written.': 'Der Speicher ist geschlossen: Nichts mehr wird geschrieben.',
  'Another AIWorkflow program has this project open.':
    'Ein anderes Programm von AIWorkflow hat dieses Projekt geöffnet.',
  'Use that window, or close it first.': 'Nehmen Sie jenes Fenster, oder schließen Sie es zuerst.',
  'Close the project and open it again: the file is then set aside and a new one is made. Runs and their results are whole.':
    'Schließen Sie das Projekt, und öffnen Sie es noch einmal: Dann wird die Datei beiseitegelegt und eine neue gemacht. Läufe und ihre Ergebnisse sind ganz.',
  'The newest log lines are lost: the write-ahead log of logs.db was damaged. Runs and their results are whole.':
    'Die neuesten Protokollzeilen sind verloren: Das Vorausprotokoll von logs.db war beschädigt. Läufe und ihre Ergebnisse sind ganz.',
  'The file of log lines and conversations, logs.db, was damaged or lost. {1} new one was made: runs are whole, their earlier log lines are not shown.':
    'Die Datei der Protokollzeilen und Gespräche, logs.db, war beschädigt oder fehlte. {1} neue wurde gemacht: Läufe sind ganz, ihre früheren Protokollzeilen werden nicht gezeigt.',
  'The cursor is not one that a list of runs gave.': 'Der Zeiger ist keiner, den eine Liste von Läufen gab.',
  'The journal of this project has lost its end: {1} and its write-ahead log hold events up to {2}, but {3} were stored.':
    'Das Journal dieses Projekts hat sein Ende verloren: {1} und sein Vorausprotokoll enthalten Ereignisse bis {2}, aber {3} waren gespeichert.',
  'Restore the state folder from a backup. To go on without what is lost, make an empty file {1} and open the project again: scripts that are on record as started are not started again, anything else after event {2} may be done twice.':
    'Stellen Sie den Zustandsordner aus einer Sicherung wieder her. Um ohne das Verlorene weiterzumachen, legen Sie eine leere Datei {1} an und öffnen Sie das Projekt noch einmal: Skripte, deren Start festgehalten ist, werden nicht noch einmal gestartet, alles andere nach Ereignis {2} kann zweimal geschehen.',
  'Leave the limit out, or write enforce: best_effort under permissions.':
    'Lassen Sie die Grenze weg, oder schreiben Sie enforce: best_effort unter permissions.',
  'The system does not take the timer.': 'Das System nimmt den Zeitgeber nicht an.',
  '{1} A key that needs it stands in quotes.': '{1} Ein Schlüssel, der es braucht, steht in Anführungszeichen.',
  'Write for example 30s, 5m or 1h30m.': 'Schreiben Sie zum Beispiel 30s, 5m oder 1h30m.',
  'YAML merge keys are not read; write the keys out.':
    'YAML-Merge-Schlüssel werden nicht gelesen; schreiben Sie die Schlüssel aus.',
  "Remove the line '---'.": 'Entfernen Sie die Zeile „---“.',
  'Remove the %YAML line.': 'Entfernen Sie die Zeile %YAML.',
  'Indent with spaces instead of tabs.': 'Rücken Sie mit Leerzeichen statt Tabulatoren ein.',
  'Put text with {{ }} or {% %} in quotes.': 'Setzen Sie Text mit {{ }} oder {% %} in Anführungszeichen.',
  'Put the text after the first colon in quotes.':
    'Setzen Sie den Text hinter dem ersten Doppelpunkt in Anführungszeichen.',
};
