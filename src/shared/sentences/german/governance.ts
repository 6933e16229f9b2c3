import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const governance: Sentences = {
  'The session or the token is not known here, or its time is over.':
    'Die Sitzung oder das Token ist hier nicht bekannt, oder ihre Zeit ist um.',
  'Sign in again, or have a new token made.': 'Melden Sie sich noch einmal an, oder lassen Sie ein neues Token machen.',
  "There is no user '{1}'.": 'Es gibt keinen Benutzer „{1}“.',
  "See 'aiworkflow user list'.": 'Siehe „aiworkflow user list“.',
  'The last active admin cannot be removed, disabled or lose that role.':
    'Der letzte aktive Verwalter kann nicht entfernt oder gesperrt werden und diese Rolle nicht verlieren.',
  'Make somebody else admin before.': 'Machen Sie vorher jemand anderen zum Verwalter.',
  "There is no permission '{1}'.": 'Es gibt kein Recht „{1}“.',
  "See 'aiworkflow role show admin' for all of them.": 'Alle zeigt „aiworkflow role show admin“.',
  "There is a role '{1}' already.": 'Eine Rolle „{1}“ gibt es schon.',
  "The role '{1}' is in use.": 'Die Rolle „{1}“ wird benutzt.',
  'Take it away before from: {1}.': 'Nehmen Sie sie vorher weg von: {1}.',
  "The role '{1}' cannot be changed or removed.": 'Die Rolle „{1}“ kann nicht geändert oder entfernt werden.',
  'Make a role of your own that inherits from it.': 'Machen Sie eine eigene Rolle, die von ihr erbt.',
  "There is no role '{1}'.": 'Es gibt keine Rolle „{1}“.',
  "The role '{1}' would inherit from itself.": 'Die Rolle „{1}“ würde von sich selbst erben.',
  'Leave out one of: {1}.': 'Lassen Sie eine weg: {1}.',
  'Too many people sign in at once.': 'Zu viele melden sich zugleich an.',
  'Try again in a minute.': 'Versuchen Sie es in einer Minute noch einmal.',
  'The user name or the password is not right.': 'Der Benutzername oder das Passwort stimmt nicht.',
  'After {1} wrong passwords a name is locked for {2} minutes.':
    'Nach {1} falschen Passwörtern ist ein Name {2} Minuten gesperrt.',
  'There is no such session, or it has ended.': 'Diese Sitzung gibt es nicht, oder sie ist beendet.',
  'There were too many wrong passwords for this name.': 'Für diesen Namen gab es zu viele falsche Passwörter.',
  'Try again in {1} minutes.': 'Versuchen Sie es in {1} Minuten noch einmal.',
  'There is no such token.': 'Dieses Token gibt es nicht.',
  "There is a user '{1}' already.": 'Einen Benutzer „{1}“ gibt es schon.',
  'An audit that is not whole proves nothing.': 'Eine Prüfspur, die nicht ganz ist, beweist nichts.',
  'Nothing is removed from an audit that is not whole.':
    'Aus einer Prüfspur, die nicht ganz ist, wird nichts entfernt.',
  'Event {1} is missing: the next one that is there is event {2}.':
    'Ereignis {1} fehlt: Das nächste, das da ist, ist Ereignis {2}.',
  'Event {1} stands where none was written.': 'Ereignis {1} steht, wo keines geschrieben wurde.',
  'Event {1} is not what was written: its hash does not fit.':
    'Ereignis {1} ist nicht, was geschrieben wurde: Sein Hash passt nicht.',
  'Event {1} is not what was written: event {2} follows another one.':
    'Ereignis {1} ist nicht, was geschrieben wurde: Ereignis {2} folgt einem anderen.',
  'This export is no longer open.': 'Dieser Export ist nicht mehr offen.',
  'Begin it again.': 'Beginnen Sie ihn noch einmal.',
  'The chain was written anew: event {1} is not the one that was signed on {2}.':
    'Die Kette wurde neu geschrieben: Ereignis {1} ist nicht das, das am {2} signiert wurde.',
  'The chain is whole. A cut was interrupted and goes on when the project is opened again.':
    'Die Kette ist ganz. Ein Abschneiden wurde unterbrochen und geht weiter, wenn das Projekt wieder geöffnet wird.',
  'Nothing was written yet.': 'Noch wurde nichts geschrieben.',
  'The chain is whole.': 'Die Kette ist ganz.',
  'Event {1} is not the one up to which a cut was signed.':
    'Ereignis {1} ist nicht das, bis zu dem ein Abschneiden signiert wurde.',
  'The audit is empty, but {1} events were written.': 'Die Prüfspur ist leer, aber {1} Ereignisse wurden geschrieben.',
  'The end is missing: events {1}{2} to {3} were written.':
    'Das Ende fehlt: Ereignisse {1}{2} bis {3} wurden geschrieben.',
  'The audit is older than the signed head: it ends with event {1}, but event {2} was signed on {3}. A backup may have been restored.':
    'Die Prüfspur ist älter als ihr signierter Kopf: Sie endet mit Ereignis {1}, aber Ereignis {2} wurde am {3} signiert. Vielleicht wurde eine Sicherung zurückgeholt.',
  'The evidence pack is whole and signed.': 'Das Nachweispaket ist ganz und signiert.',
  'Line {1} says of event {2} what the event does not say.':
    'Zeile {1} sagt von Ereignis {2}, was das Ereignis nicht sagt.',
  'Events {1} to {2} were sealed, not all are there.': 'Ereignisse {1} bis {2} wurden versiegelt, nicht alle sind da.',
  'Line {1}: {2}.': 'Zeile {1}: {2}.',
  'Line {1} is no event of an audit.': 'Zeile {1} ist kein Ereignis einer Prüfspur.',
  'Event {1} stands in the wrong place.': 'Ereignis {1} steht an der falschen Stelle.',
  'Every event fits. Without its manifest nobody can tell whether later events were taken away.':
    'Jedes Ereignis passt. Ohne sein Manifest kann niemand sagen, ob spätere Ereignisse weggenommen wurden.',
  'The file is whole and signed.': 'Die Datei ist ganz und signiert.',
  'Every event fits and the file is signed. It was filtered: what it leaves out cannot be checked.':
    'Jedes Ereignis passt, und die Datei ist signiert. Sie wurde gefiltert: Was sie weglässt, lässt sich nicht prüfen.',
  'The manifest is not what was signed.': 'Das Manifest ist nicht, was signiert wurde.',
  'The file ends with event {1}, but event {2} was exported.':
    'Die Datei endet mit Ereignis {1}, aber Ereignis {2} wurde exportiert.',
  'The file is not what was exported: its sum does not fit.':
    'Die Datei ist nicht, was exportiert wurde: Ihre Summe passt nicht.',
  "The key of this project's secrets is not in {1}.": 'Der Schlüssel der Geheimnisse dieses Projekts ist nicht in {1}.',
  'It was removed, or the folder was moved or copied from another computer. Nothing was changed: put the key back, or remove the secrets and set them anew.':
    'Er wurde entfernt, oder der Ordner wurde verschoben oder von einem anderen Rechner kopiert. Nichts wurde geändert: Legen Sie den Schlüssel zurück, oder entfernen Sie die Geheimnisse, und setzen Sie sie neu.',
  "The key of this project's secrets is sealed by the desktop app.":
    'Der Schlüssel der Geheimnisse dieses Projekts ist von der Desktop-App versiegelt.',
  'Nothing was changed. Open the project in the desktop app, in the session of the desktop: while it is open there, commands use its secrets too.':
    'Nichts wurde geändert. Öffnen Sie das Projekt in der Desktop-App, in der Sitzung des Desktops: Solange es dort offen ist, benutzen auch Befehle seine Geheimnisse.',
  'This is not the passphrase of the vault.': 'Das ist nicht die Passphrase des Tresors.',
  'Nothing was changed. Type it again; a lost passphrase cannot be found again.':
    'Nichts wurde geändert. Tippen Sie sie noch einmal; eine verlorene Passphrase lässt sich nicht wiederfinden.',
  'The head of the vault is damaged.': 'Der Kopf des Tresors ist beschädigt.',
  'Nothing was changed. Take state.db from a backup, or remove the secrets and set them anew.':
    'Nichts wurde geändert. Nehmen Sie state.db aus einer Sicherung, oder entfernen Sie die Geheimnisse, und setzen Sie sie neu.',
  'The passphrase has fewer than {1} characters.': 'Die Passphrase hat weniger als {1} Zeichen.',
  'No vault was made. Choose a longer one: a sentence is easy to keep in mind.':
    'Es wurde kein Tresor gemacht. Wählen Sie eine längere: Ein Satz ist leicht zu merken.',
  'The vault of this project is locked.': 'Der Tresor dieses Projekts ist verschlossen.',
  "Unlock it: 'aiworkflow secrets unlock', Admin → Secrets, or AIWORKFLOW_MASTER_KEY in the environment of the app.":
    'Öffnen Sie ihn: „aiworkflow secrets unlock“, Verwaltung → Geheimnisse, oder AIWORKFLOW_MASTER_KEY in der Umgebung der App.',
  'The keychain of this system is locked.': 'Der Schlüsselbund dieses Systems ist verschlossen.',
  'Unlock it (log in to the desktop, or open its own settings), then try again.':
    'Öffnen Sie ihn (melden Sie sich am Desktop an, oder öffnen Sie seine Einstellungen), dann versuchen Sie es noch einmal.',
  'This system has no keychain that can be reached.': 'Dieses System hat keinen erreichbaren Schlüsselbund.',
  'Where a key already lies in one, open the project in the session of the desktop. Otherwise secrets are kept in a vault with a passphrase.':
    'Wo schon ein Schlüssel in einem liegt, öffnen Sie das Projekt in der Sitzung des Desktops. Sonst liegen Geheimnisse in einem Tresor mit einer Passphrase.',
  "The key in this place is not the one of this project's secrets.":
    'Der Schlüssel an dieser Stelle ist nicht der der Geheimnisse dieses Projekts.',
  'Somebody replaced it. Nothing was changed: put the old key back, or remove the secrets and set them anew.':
    'Jemand hat ihn ersetzt. Nichts wurde geändert: Legen Sie den alten Schlüssel zurück, oder entfernen Sie die Geheimnisse, und setzen Sie sie neu.',
  'The value of a secret input of this run is not there any more.':
    'Der Wert einer geheimen Eingabe dieses Laufs ist nicht mehr da.',
  'Start the workflow anew and give it again.': 'Starten Sie den Workflow neu, und geben Sie ihn noch einmal ein.',
  'The secret input {1} was changed outside of the app and cannot be opened.':
    'Die geheime Eingabe {1} wurde außerhalb der App geändert und lässt sich nicht öffnen.',
  'Start the workflow anew and give it again, or take state.db from a backup.':
    'Starten Sie den Workflow neu, und geben Sie sie noch einmal ein, oder nehmen Sie state.db aus einer Sicherung.',
  'There is no secret {1} in this project.': 'In diesem Projekt gibt es kein Geheimnis {1}.',
  "The {1} '{2}' may not use the secret {3}.": '{1} „{2}“ darf das Geheimnis {3} nicht benutzen.',
  'The secret {1} was changed outside of the app and cannot be opened.':
    'Das Geheimnis {1} wurde außerhalb der App geändert und lässt sich nicht öffnen.',
  'Set it anew, or take state.db from a backup.': 'Setzen Sie es neu, oder nehmen Sie state.db aus einer Sicherung.',
  'This system has no keychain: secrets need a vault with a passphrase first.':
    'Dieses System hat keinen Schlüsselbund: Geheimnisse brauchen zuerst einen Tresor mit einer Passphrase.',
  "Choose one: 'aiworkflow secrets unlock', Admin → Secrets, or AIWORKFLOW_MASTER_KEY in the environment of the app.":
    'Wählen Sie eine: „aiworkflow secrets unlock“, Verwaltung → Geheimnisse, oder AIWORKFLOW_MASTER_KEY in der Umgebung der App.',
  'Sees workflows, runs, logs and costs': 'Sieht Workflows, Läufe, Protokolle und Kosten',
  'Makes and changes workflows and tools': 'Macht und ändert Workflows und Werkzeuge',
  'Decides requests and reads the audit log': 'Entscheidet über Anfragen und liest die Prüfspur',
  'May do everything': 'Darf alles',
  'Store it: aiworkflow secrets set {1}': 'Speichern Sie es: aiworkflow secrets set {1}',
  'Allow it if you want that: aiworkflow secrets edit {1} --allow {2}':
    'Erlauben Sie es, wenn Sie das wollen: aiworkflow secrets edit {1} --allow {2}',
  'Runs workflows': 'Führt Workflows aus',
};
