import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const operationsPZ1: Sentences = {
  'This file holds no run that can be shown: {1}.': 'Diese Datei enthält keinen Lauf, der gezeigt werden kann: {1}.',
  'The file of the run is damaged: {1} is not what was written.':
    'Die Datei des Laufs ist beschädigt: {1} ist nicht, was geschrieben wurde.',
  'Get the file once more, or let it be made anew.': 'Holen Sie die Datei noch einmal, oder lassen Sie sie neu machen.',
  "Make one with 'aiworkflow runs export RUN --format zip'.":
    'Machen Sie eine mit „aiworkflow runs export RUN --format zip“.',
  'Update the app.': 'Aktualisieren Sie die App.',
  'Name a new folder: nothing is ever written over.': 'Nennen Sie einen neuen Ordner: Nichts wird je überschrieben.',
  'The disk is full: no new backup was made. The earlier ones stay.':
    'Der Datenträger ist voll: Es wurde keine neue Sicherung gemacht. Die früheren bleiben.',
  'Free some space; the next backup is made by itself.':
    'Schaffen Sie etwas Platz; die nächste Sicherung wird von selbst gemacht.',
  'What this project folder reaches or starts was changed since somebody trusted it: nothing of it is started.':
    'Was dieser Projektordner erreicht oder startet, wurde geändert, seit jemand ihm vertraut hat: Nichts davon wird gestartet.',
  'This project folder came from elsewhere and nobody has trusted it yet: nothing of it is reached or started.':
    'Dieser Projektordner kam von anderswo, und noch niemand hat ihm vertraut: Nichts davon wird erreicht oder gestartet.',
  'The version of the workflow that this run is pinned to is no longer stored.':
    'Die Version des Workflows, an die dieser Lauf gebunden ist, ist nicht mehr gespeichert.',
  'Start the workflow again: the newest version will be used.':
    'Starten Sie den Workflow noch einmal: Dann gilt die neueste Version.',
  'This process takes no messages.': 'Dieser Prozess nimmt keine Nachrichten an.',
  "Start a worker with 'aiworkflow queue worker'.": 'Starten Sie einen Worker mit „aiworkflow queue worker“.',
  'Its run has failed.': 'Sein Lauf ist fehlgeschlagen.',
  'There are more than {1} files beside the registry of tools.':
    'Neben dem Werkzeugverzeichnis liegen mehr als {1} Dateien.',
  'Keep only what belongs to the tools in {1}.': 'Behalten Sie in {1} nur, was zu den Werkzeugen gehört.',
  'The lock file of this project, lease.db, was damaged: it is kept as {1} and a new one was made.':
    'Die Sperrdatei dieses Projekts, lease.db, war beschädigt: Sie bleibt als {1} erhalten, und eine neue wurde gemacht.',
  '{1}Then open the project again: settings are read when it is opened.':
    '{1}Dann öffnen Sie das Projekt noch einmal: Einstellungen werden beim Öffnen gelesen.',
  'Nothing was removed: this is the first cleanup of this project.':
    'Nichts wurde entfernt: Dies ist das erste Aufräumen dieses Projekts.',
  'It would remove {1} runs older than {2} days. Look at them, then agree to it.':
    'Es würde {1} Läufe entfernen, die älter als {2} Tage sind. Sehen Sie sie sich an, dann stimmen Sie zu.',
  'The collector answered {1}.': 'Der Sammler antwortete {1}.',
  '{1}: this schedule is not armed.': '{1}: Dieser Zeitplan ist nicht aktiv.',
  'Arm it first.': 'Schalten Sie ihn zuerst ein.',
  'Nobody was asked about this folder: it was made here.':
    'Nach diesem Ordner wurde niemand gefragt: Er ist hier entstanden.',
  'It was changed since the project was opened.': 'Es wurde geändert, seit das Projekt geöffnet wurde.',
  'Open the project again, then look at it: its settings are read when it is opened.':
    'Öffnen Sie das Projekt noch einmal, dann sehen Sie es sich an: Seine Einstellungen werden beim Öffnen gelesen.',
  'In the process that holds the project nothing starts by itself.':
    'In dem Prozess, der das Projekt geöffnet hat, startet nichts von selbst.',
  'Wait until it is done, then try again.': 'Warten Sie, bis es fertig ist, dann versuchen Sie es noch einmal.',
  'A queue in memory lasts as long as the process that works on it, and none does.':
    'Eine Warteschlange im Arbeitsspeicher lebt so lange wie der Prozess, der sie abarbeitet, und das tut keiner.',
  "Start one with 'aiworkflow queue worker --type memory', or use the type local.":
    'Starten Sie eine mit „aiworkflow queue worker --type memory“, oder nehmen Sie den Typ local.',
  'Delete the folder in your file manager instead.': 'Löschen Sie den Ordner stattdessen in Ihrem Dateimanager.',
  'This name cannot be removed by the app.': 'Dieser Name kann nicht von der App entfernt werden.',
  'Delete it in your file manager.': 'Löschen Sie es in Ihrem Dateimanager.',
  'Only workflows of this project can be changed here.': 'Nur Workflows dieses Projekts können hier geändert werden.',
  'What was removed is no longer there.': 'Was entfernt wurde, ist nicht mehr da.',
  'Other calls would cost something else than what was shown.':
    'Andere Aufrufe als die gezeigten würden etwas anderes kosten.',
  'It is another one by now than you have seen.': 'Es ist inzwischen anders, als Sie es gesehen haben.',
  'Look at it again, then ask.': 'Sehen Sie es sich noch einmal an, dann fragen Sie.',
  'Nobody has to trust it: it may run as it is.': 'Niemand muss ihm vertrauen: Es darf laufen, wie es ist.',
  'What would be done has changed since it was asked: the request is closed.':
    'Was getan würde, hat sich geändert, seit darum gebeten wurde: Die Anfrage ist geschlossen.',
  'Whoever wants it can ask anew.': 'Wer es will, kann neu fragen.',
  'Somebody who has it decides, or asks.': 'Jemand, der es hat, entscheidet oder fragt.',
  'Choose another agent for this run.': 'Wählen Sie einen anderen Agenten für diesen Lauf.',
  'The signature says that the computer that holds the key made this pack and that nothing in it was changed since. It does not say who sat at it: whoever can read the key file of the audit can sign. Compare the key with the one of another export of the same project.':
    'Die Signatur sagt, dass der Rechner, der den Schlüssel hat, dieses Paket gemacht hat und dass seither nichts darin geändert wurde. Sie sagt nicht, wer daran saß: Wer die Schlüsseldatei der Prüfspur lesen kann, kann signieren. Vergleichen Sie den Schlüssel mit dem eines anderen Exports desselben Projekts.',
  'Names are the names of users of the project, as they signed in, or of the user of the system. The pack does not prove which person that was.':
    'Namen sind die Namen von Benutzern des Projekts, wie sie sich angemeldet haben, oder des Benutzers des Systems. Das Paket beweist nicht, welcher Mensch das war.',
  'The events are those of the chain from the first about this run, or about a request for its start, to the last, with what others did in between. What was done before and after is not in it.':
    'Die Ereignisse sind die der Kette vom ersten über diesen Lauf, oder über eine Anfrage zu seinem Start, bis zum letzten, mit dem, was andere dazwischen taten. Was davor und danach geschah, steht nicht darin.',
  'Of tools, only calls whose effect cannot simply be repeated stand in the audit; what a tool did outside this computer is what the tool said.':
    'Von Werkzeugen stehen nur Aufrufe in der Prüfspur, deren Wirkung sich nicht einfach wiederholen lässt; was ein Werkzeug außerhalb dieses Rechners tat, ist das, was das Werkzeug sagte.',
  'Inputs and outputs are not in the pack but for what the events say of them; secrets and long values stand there without what they are.':
    'Eingaben und Ausgaben sind nicht im Paket, außer was die Ereignisse davon sagen; Geheimnisse und lange Werte stehen dort ohne ihren Inhalt.',
  'The lines of steps and of the cost are what the journal of the run said when the pack was made; they are sealed with the rest and have no event of their own.':
    'Die Zeilen der Schritte und der Kosten sind, was das Journal des Laufs sagte, als das Paket gemacht wurde; sie sind mit dem Rest versiegelt und haben kein eigenes Ereignis.',
  'Costs are what agents reported or what tokens come to by the price table of that day, not an invoice.':
    'Kosten sind, was Agenten gemeldet haben oder was Tokens nach der Preistabelle jenes Tages ergeben, keine Rechnung.',
  'What was undone is known as far as the events and the lines of steps say so. What somebody undid by hand is not known here.':
    'Was zurückgenommen wurde, ist so weit bekannt, wie die Ereignisse und die Zeilen der Schritte es sagen. Was jemand von Hand zurücknahm, ist hier nicht bekannt.',
  'The run had not ended when the pack was made.': 'Der Lauf war noch nicht beendet, als das Paket gemacht wurde.',
  'The events of this run were cut off with everything up to event {1}: what is said above has no event.':
    'Die Ereignisse dieses Laufs wurden mit allem bis Ereignis {1} abgeschnitten: Was oben steht, hat kein Ereignis.',
  'Run {1} is being rolled back.': 'Lauf {1} wird zurückgenommen.',
  'Resume the run instead, or cancel it first.':
    'Setzen Sie stattdessen den Lauf fort, oder brechen Sie ihn zuerst ab.',
  'Run {1} has not ended ({2}).': 'Lauf {1} ist nicht beendet ({2}).',
  '{1} has a high risk: it starts by itself only once somebody else has approved that.':
    '{1} hat ein hohes Risiko: Er startet erst von selbst, wenn jemand anderes das freigegeben hat.',
  'Ask for an approval of the trigger.': 'Bitten Sie um eine Freigabe des Auslösers.',
  'A schedule that stands in a workflow is removed there.':
    'Ein Zeitplan, der in einem Workflow steht, wird dort entfernt.',
  'Name the id of a workflow of this project.': 'Nennen Sie die Kennung eines Workflows dieses Projekts.',
  '{1} is no schedule.': '{1} ist kein Zeitplan.',
  'More than {1} starts lie between these times.': 'Zwischen diesen Zeiten liegen mehr als {1} Starts.',
  'Take a shorter stretch.': 'Nehmen Sie einen kürzeren Abschnitt.',
  'Nobody is asked about this start.': 'Nach diesem Start wird niemand gefragt.',
  'It has been answered, or was never missed.': 'Er wurde beantwortet oder nie verpasst.',
  '{1} more sign-ins have failed within a minute.': '{1} weitere Anmeldungen sind in einer Minute gescheitert.',
  '{1} has a high risk: here nobody starts it without an approval.':
    '{1} hat ein hohes Risiko: Hier startet es niemand ohne Freigabe.',
  'Ask for one: it starts once it is approved.': 'Bitten Sie um eine: Es startet, sobald es freigegeben ist.',
  'These inputs hold the value of a secret: a message holds none.':
    'Diese Eingaben enthalten den Wert eines Geheimnisses: Eine Nachricht enthält keines.',
  'Let the workflow name the secret: whoever runs it has its own.':
    'Lassen Sie den Workflow das Geheimnis nennen: Wer ihn ausführt, hat sein eigenes.',
  "Input '{1}' is secret: a message holds no secret.":
    'Die Eingabe „{1}“ ist geheim: Eine Nachricht enthält kein Geheimnis.',
  'Start the run by hand, or let the workflow name a stored secret.':
    'Starten Sie den Lauf von Hand, oder lassen Sie den Workflow ein gespeichertes Geheimnis nennen.',
  '{1} {2}: no run by hand has succeeded yet.': '{1} {2}: Noch ist kein Lauf von Hand gelungen.',
  'Run it once by hand: triggers take a new version after that (features.progressive_rollout).':
    'Führen Sie ihn einmal von Hand aus: Danach nehmen Auslöser eine neue Version (features.progressive_rollout).',
  'A step of a run cannot open its own project.': 'Ein Schritt eines Laufs kann sein eigenes Projekt nicht öffnen.',
  'While the app that runs the step is there, it answers with the rights of the run. Now it is gone.':
    'Solange die App, die den Schritt ausführt, da ist, antwortet sie mit den Rechten des Laufs. Jetzt ist sie weg.',
  'Look at the workflow that this step names.': 'Sehen Sie sich den Workflow an, den dieser Schritt nennt.',
};
