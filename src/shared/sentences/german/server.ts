import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const server: Sentences = {
  'The call is larger than {1} MiB.': 'Der Aufruf ist größer als {1} MiB.',
  'The call is not valid JSON.': 'Der Aufruf ist kein gültiges JSON.',
  "A call is an object with 'name' and 'input'.": 'Ein Aufruf ist ein Objekt mit „name“ und „input“.',
  "A call has no other fields than 'name' and 'input'.": 'Ein Aufruf hat keine anderen Felder als „name“ und „input“.',
  'The name of a call is a short text.': 'Der Name eines Aufrufs ist ein kurzer Text.',
  'The call is nested deeper than {1} levels.': 'Der Aufruf ist tiefer als {1} Ebenen verschachtelt.',
  'The call holds a value that is not plain JSON.': 'Der Aufruf enthält einen Wert, der kein einfaches JSON ist.',
  'The call holds a key that is not allowed.': 'Der Aufruf enthält einen Schlüssel, der nicht erlaubt ist.',
  'The call holds a number that is not finite.': 'Der Aufruf enthält eine Zahl, die nicht endlich ist.',
  '{1}: port {2} is already in use.': '{1}: Port {2} ist schon belegt.',
  "End the program that uses it, or choose another port with '{1}' in aiworkflow.yaml or '--port'.":
    'Beenden Sie das Programm, das ihn benutzt, oder wählen Sie einen anderen Port mit „{1}“ in aiworkflow.yaml oder „--port“.',
  '{1}: this user may not open port {2}.': '{1}: Dieser Benutzer darf Port {2} nicht öffnen.',
  'Choose a port above 1023.': 'Wählen Sie einen Port über 1023.',
  "{1} at '{2}': it is no address of this computer.": '{1} bei „{2}“: Das ist keine Adresse dieses Rechners.',
  "Use '127.0.0.1' or an address of this computer.": 'Nehmen Sie „127.0.0.1“ oder eine Adresse dieses Rechners.',
  'The browser door opens on {1} only.': 'Die Browsertür öffnet nur auf {1}.',
  'Port {1} is already in use.': 'Port {1} ist schon belegt.',
  'Port {1} cannot be opened.': 'Port {1} lässt sich nicht öffnen.',
  "Give another one with '--port'; 0 takes any that is free.":
    'Geben Sie mit „--port“ einen anderen an; 0 nimmt irgendeinen freien.',
  'There is nothing at this address.': 'An dieser Adresse gibt es nichts.',
  'The call is too large.': 'Der Aufruf ist zu groß.',
  'A call is sent as application/json.': 'Ein Aufruf wird als application/json gesendet.',
  'The request cannot be read.': 'Die Anfrage ist nicht lesbar.',
  "Open the app again with a fresh link ('npm start').":
    'Öffnen Sie die App noch einmal mit einem frischen Link („npm start“).',
  'This address is not served here.': 'Diese Adresse wird hier nicht bedient.',
  'Calls are only taken from the own page.': 'Aufrufe werden nur von der eigenen Seite genommen.',
  'You are not signed in here, or the session has ended.':
    'Sie sind hier nicht angemeldet, oder die Sitzung ist beendet.',
  'The token of the session is missing or wrong.': 'Das Token der Sitzung fehlt oder ist falsch.',
  'The screens of the app have not been built.': 'Die Ansichten der App sind nicht gebaut.',
  "Run 'npm run build'.": 'Führen Sie „npm run build“ aus.',
  'Another process holds this project: nobody can sign in here now.':
    'Ein anderer Prozess hat dieses Projekt geöffnet: Hier kann sich jetzt niemand anmelden.',
  'Sign in where the project is held, or end that process.':
    'Melden Sie sich dort an, wo das Projekt geöffnet ist, oder beenden Sie jenen Prozess.',
  'The input of project.switch is not valid.': 'Die Eingabe von project.switch ist nicht gültig.',
  'The app that held the project is gone, and it cannot be opened here.':
    'Die App, die das Projekt geöffnet hatte, ist weg, und hier lässt es sich nicht öffnen.',
  'The folder of the app was not found.': 'Der Ordner der App wurde nicht gefunden.',
  'The control center stopped unexpectedly.': 'Die Steuerzentrale endete unerwartet.',
  'Restart the app: open runs are resumed or shown as in doubt.':
    'Starten Sie die App neu: Offene Läufe werden fortgesetzt oder als unklar gezeigt.',
  'Would be missed until {1}: 1 start': 'Bis {1} würde verpasst: 1 Start',
  'Would be missed until {1}: {2} starts': 'Bis {1} würden verpasst: {2} Starts',
  'Metrics cannot be served': 'Messwerte können nicht angeboten werden',
  'Webhooks cannot be received': 'Webhooks können nicht empfangen werden',
  'Headers too large': 'Kopfzeilen zu groß',
  'Request timed out': 'Die Anfrage hat zu lange gedauert',
  'Nothing was done.': 'Nichts wurde getan.',
  'The link leads nowhere in this app.': 'Der Link führt in dieser App nirgendwohin.',
  'The run has no such file.': 'Der Lauf hat keine solche Datei.',
  'A file is named by its run and its path.': 'Eine Datei wird mit ihrem Lauf und ihrem Pfad genannt.',
  'The file cannot be opened.': 'Die Datei lässt sich nicht öffnen.',
  'Show it in its folder and look at it there.': 'Zeigen Sie sie in ihrem Ordner, und sehen Sie sie dort an.',
  'A file of this kind is not opened from here.': 'Eine Datei dieser Art wird von hier nicht geöffnet.',
  'The desktop app has no such action.': 'Die Desktop-App hat keine solche Aktion.',
  'An action has a name and an input.': 'Eine Aktion hat einen Namen und eine Eingabe.',
  'A call has a name and an input.': 'Ein Aufruf hat einen Namen und eine Eingabe.',
  'The keychain of this system was emptied or exchanged, or another user or computer has sealed it. Nothing was changed: bring the keychain back, or remove the secrets and set them anew.':
    'Der Schlüsselbund dieses Systems wurde geleert oder ausgetauscht, oder ein anderer Benutzer oder Rechner hat ihn versiegelt. Nichts wurde geändert: Holen Sie den Schlüsselbund zurück, oder entfernen Sie die Geheimnisse, und setzen Sie sie neu.',
  "What sealed the key of this project's secrets is not here any more.":
    'Was den Schlüssel der Geheimnisse dieses Projekts versiegelt hat, ist nicht mehr hier.',
  'A bundle holds at most {1} MiB.': 'Ein Bundle enthält höchstens {1} MiB.',
  '{1} is too large for a bundle.': '{1} ist zu groß für ein Bundle.',
  'Open a folder or an archive with a workflow in it.':
    'Öffnen Sie einen Ordner oder ein Archiv mit einem Workflow darin.',
  'There is nothing to import in {1}.': 'In {1} gibt es nichts zu importieren.',
  'Ask whoever looks after this computer.': 'Fragen Sie, wer sich um diesen Rechner kümmert.',
  'An administrator has set this for this computer.': 'Ein Administrator hat das für diesen Rechner festgelegt.',
  'This is no setting of the desktop app.': 'Das ist keine Einstellung der Desktop-App.',
  'Install the .deb package, or start the file itself.':
    'Installieren Sie das .deb-Paket, oder starten Sie die Datei selbst.',
  'An AppImage has no lasting place for a command-line tool.':
    'Ein AppImage hat keinen dauerhaften Ort für ein Befehlszeilenwerkzeug.',
  'Runs went on meanwhile.': 'Läufe gingen inzwischen weiter.',
  'The window failed and was loaded anew.': 'Das Fenster ist ausgefallen und wurde neu geladen.',
};
