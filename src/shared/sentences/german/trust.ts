import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const trust: Sentences = {
  'Every question to {1}, with the data in it and the key that it logs in with, is sent to {2}.':
    'Jede Frage an {1}, mit den Daten darin und dem Schlüssel, mit dem er sich anmeldet, geht an {2}.',
  '{1} sets {2}. Programs load other code, or send what they send elsewhere, because of it.':
    '{1} setzt {2}. Programme laden deshalb anderen Code oder senden anderswohin, was sie senden.',
  '{1} {2}, at place {3} of the name.': '{1} {2}, an Stelle {3} des Namens.',
  '{1} in {2}, line {3}, place {4}: it {5}.': '{1} in {2}, Zeile {3}, Stelle {4}: es {5}.',
  '{1} is no text, or too large to be looked through. Nobody can see here what it does.':
    '{1} ist kein Text oder zu groß zum Durchsehen. Niemand kann hier sehen, was es tut.',
  "{1} stands in {2}, line {3}, and in no step's permissions.":
    '{1} steht in {2}, Zeile {3}, und in den Rechten keines Schritts.',
  'It puts a text together and has the shell run it. Whoever can write into that text could run commands here.':
    'Es setzt einen Text zusammen und lässt die Shell ihn ausführen. Wer in diesen Text schreiben kann, könnte hier Befehle ausführen.',
  'It runs a text as a program. What that text will be, reading the file does not show.':
    'Es führt einen Text als Programm aus. Was dieser Text sein wird, zeigt das Lesen der Datei nicht.',
  'The line names a place in which programs keep passwords, keys or sign-ins of yours.':
    'Die Zeile nennt einen Ort, an dem Programme Ihre Passwörter, Schlüssel oder Anmeldungen aufbewahren.',
  'The line deletes a folder with everything in it.': 'Die Zeile löscht einen Ordner mit allem darin.',
  'The line names a place from which the system or a shell starts programs by itself.':
    'Die Zeile nennt einen Ort, von dem das System oder eine Shell von selbst Programme startet.',
  'The line installs or downloads programs; what those do, this sheet does not show.':
    'Die Zeile installiert Programme oder lädt sie herunter; was diese tun, zeigt dieses Blatt nicht.',
  'The line turns coded text back into something else.':
    'Die Zeile macht aus verschlüsseltem Text wieder etwas anderes.',
  'The accepted version was signed by {1}. Nobody has signed this one.':
    'Die angenommene Version war von {1} signiert. Diese hat niemand signiert.',
  'The accepted version was signed by {1}, this one by {2}. Ask whoever made it, on another way than this one came, whether that is right.':
    'Die angenommene Version war von {1} signiert, diese von {2}. Fragen Sie, wer sie gemacht hat, auf einem anderen Weg als dem, auf dem sie kam, ob das stimmt.',
  'Nobody vouches for where it comes from.': 'Niemand bürgt dafür, woher es kommt.',
  '{1} signed it, who also signed {2}.': '{1} hat es signiert, wie auch {2}.',
  '{1} signed it, who is not known here. Once this is trusted, another signer of the next version stands out.':
    '{1} hat es signiert und ist hier nicht bekannt. Ist diesem erst vertraut, fällt ein anderer Signierer der nächsten Version auf.',
  'Look at them again.': 'Sehen Sie sie sich noch einmal an.',
  'Nobody is asked any more': 'Niemand wird mehr gefragt',
  'This version does not ask in {1} any more. The accepted one did: {2}':
    'Diese Version fragt in {1} nicht mehr. Die angenommene tat es: {2}',
  "Set by the project's .env for all that it reaches": 'Von der .env des Projekts für alles gesetzt, was es erreicht',
  'Of this computer: templates of workflows may read it': 'Von diesem Rechner: Vorlagen von Workflows dürfen es lesen',
  'Is told what happens here (alert channel)': 'Erfährt, was hier geschieht (Kanal für Meldungen)',
  'Code of the tools of this project': 'Code der Werkzeuge dieses Projekts',
  'Set up by this project': 'Von diesem Projekt eingerichtet',
  'The agent {1}: it is given what you ask': 'Der Agent {1}: Er bekommt, was Sie fragen',
  'Handed from this computer to the agent {1}': 'Von diesem Rechner an den Agenten {1} gegeben',
  'The agent {1} is asked there': 'Der Agent {1} wird dort gefragt',
  'What you ask an agent goes to an address of this project':
    'Was Sie einen Agenten fragen, geht an eine Adresse dieses Projekts',
  'Handed from this computer to the tool {1}': 'Von diesem Rechner an das Werkzeug {1} gegeben',
  'The tool {1} logs in with it': 'Das Werkzeug {1} meldet sich damit an',
  'Asked where no step names one': 'Wird gefragt, wo kein Schritt einen nennt',
  'Asked when the first one cannot': 'Wird gefragt, wenn der erste es nicht kann',
  'Set for its scripts': 'Für seine Skripte gesetzt',
  'Named by the variable {1}': 'Von der Variable {1} genannt',
  'Put into the variable {1}': 'In die Variable {1} gesetzt',
  'Code that is no tool of its own; others may use it':
    'Code, der kein eigenes Werkzeug ist; andere können ihn benutzen',
  '{1} says that it needs it': '{1} sagt, dass es das braucht',
  'Handed from this computer to {1}': 'Von diesem Rechner an {1} gegeben',
  'A variable decides which code is loaded or who is asked':
    'Eine Variable entscheidet, welcher Code geladen oder wer gefragt wird',
  'A file name holds a character that is not seen': 'Ein Dateiname enthält ein Zeichen, das man nicht sieht',
  'A character that is not seen': 'Ein Zeichen, das man nicht sieht',
  'A program that cannot be read': 'Ein Programm, das nicht lesbar ist',
  'Named in {1}, line {2}': 'Genannt in {1}, Zeile {2}',
  'It names a host that it does not declare': 'Er nennt einen Host, den er nicht angibt',
  'A text becomes a shell command': 'Ein Text wird zu einem Shell-Befehl',
  'A text is run as a program': 'Ein Text wird als Programm ausgeführt',
  'It looks where passwords and keys of yours lie': 'Es sieht dort nach, wo Ihre Passwörter und Schlüssel liegen',
  'It deletes whole folders': 'Es löscht ganze Ordner',
  'It sets something up that stays after the run': 'Es richtet etwas ein, das nach dem Lauf bleibt',
  'It fetches more code': 'Es holt weiteren Code',
  'It unpacks a text that cannot be read as it stands': 'Es packt einen Text aus, der so nicht lesbar ist',
  'Not signed any more': 'Nicht mehr signiert',
  'Somebody else signed it': 'Jemand anderes hat es signiert',
  'Signed by somebody known here': 'Signiert von jemandem, der hier bekannt ist',
  'Signed by somebody new': 'Signiert von jemand Neuem',
  'A tool of this project': 'Ein Werkzeug dieses Projekts',
  'It is given to agents and to steps that choose': 'Es wird Agenten gegeben und Schritten, die wählen',
  'Which tool it is, only a run can tell: one of those that are named here':
    'Welches Werkzeug es ist, zeigt erst ein Lauf: eines der hier genannten',
  'Put into what a step sends': 'In das gesetzt, was ein Schritt sendet',
  'The author says that it needs this': 'Der Autor sagt, dass es das braucht',
  'Checks what a webhook sends': 'Prüft, was ein Webhook sendet',
  'Watched for changes': 'Auf Änderungen überwacht',
  'At times of its own': 'Zu eigenen Zeiten',
  'When something is sent to its address': 'Wenn etwas an seine Adresse gesendet wird',
  'When a file changes': 'Wenn sich eine Datei ändert',
  'After another run': 'Nach einem anderen Lauf',
  '{1}: takes a commit back': '{1}: nimmt einen Commit zurück',
  '{1}: shown to an agent': '{1}: einem Agenten gezeigt',
  'The tool {1}': 'Das Werkzeug {1}',
  'Not signed': 'Nicht signiert',
  '{1}: its result': '{1}: sein Ergebnis',
};
