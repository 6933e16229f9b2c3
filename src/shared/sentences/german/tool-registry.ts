import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const toolRegistry: Sentences = {
  'The app is closing.': 'Die App schließt.',
  "List the tools with 'aiworkflow tools list'.": 'Zeigen Sie die Werkzeuge mit „aiworkflow tools list“.',
  "Tool '{1}' has no implementation.": 'Das Werkzeug „{1}“ hat keine Umsetzung.',
  "The tool '{1}' did not list its operations in time.":
    'Das Werkzeug „{1}“ nannte seine Operationen nicht rechtzeitig.',
  "The tool '{1}' may be called {2} times a minute, and its turn does not come in time.":
    'Das Werkzeug „{1}“ darf {2} Mal je Minute aufgerufen werden und kommt nicht rechtzeitig an die Reihe.',
  "Try again later, give the step a longer 'timeout', or raise 'rate_limits' in the registry.":
    'Versuchen Sie es später noch einmal, geben Sie dem Schritt mit „timeout“ mehr Zeit, oder erhöhen Sie „rate_limits“ im Verzeichnis.',
  'The call was cancelled before it began.': 'Der Aufruf wurde abgebrochen, bevor er begann.',
  'The tool has no implementation.': 'Das Werkzeug hat keine Umsetzung.',
  'Different from what was accepted: {1}.': 'Anders als angenommen: {1}.',
  'Not accepted yet: the first use accepts them.': 'Noch nicht angenommen: Der erste Gebrauch nimmt sie an.',
  "The name '{1}' belongs to the app itself.": 'Der Name „{1}“ gehört der App selbst.',
  "'{1}' cannot be the name of a tool.": '„{1}“ kann nicht der Name eines Werkzeugs sein.',
  'Use letters, digits, _ and -, with a letter first.':
    'Nehmen Sie Buchstaben, Ziffern, _ und -, mit einem Buchstaben zuerst.',
  "'token_env' of tool '{1}' must be the name of a variable.":
    '„token_env“ des Werkzeugs „{1}“ muss der Name einer Variable sein.',
  "The authentication of tool '{1}' names no 'token_env', so it has nothing to log in with.":
    'Die Anmeldung des Werkzeugs „{1}“ nennt kein „token_env“, hat also nichts, womit sie sich anmeldet.',
  "The rate limits of tool '{1}' have a 'burst' but no 'requests_per_minute'.":
    'Die Aufrufgrenzen des Werkzeugs „{1}“ haben ein „burst“, aber kein „requests_per_minute“.',
  "Tool '{1}' names allowed hosts, which open the whole network to a process in a sandbox ({2}).":
    'Das Werkzeug „{1}“ nennt erlaubte Hosts, die einem Prozess in einer Sandbox das ganze Netz öffnen ({2}).',
  "An implementation of tool '{1}' must be a map.": 'Eine Umsetzung des Werkzeugs „{1}“ muss eine Tabelle sein.',
  "'{1}' says nothing to a tool of type {2}.": '„{1}“ sagt einem Werkzeug vom Typ {2} nichts.',
  "The registry must be a map with the key 'tools'.":
    'Das Verzeichnis muss eine Tabelle mit dem Schlüssel „tools“ sein.',
  "A category must be a map with a 'name'.": 'Eine Kategorie muss eine Tabelle mit einem „name“ sein.',
  "A category needs a 'name'.": 'Eine Kategorie braucht einen „name“.',
  "Tool '{1}' stands twice in the registry; the first one counts.":
    'Das Werkzeug „{1}“ steht zweimal im Verzeichnis; das erste zählt.',
  'Remove one of them, or make it an implementation of the other.':
    'Entfernen Sie eines davon, oder machen Sie es zu einer Umsetzung des anderen.',
  "List it under 'categories'.": 'Führen Sie es unter „categories“ auf.',
  "The tool '{1}' logs in with {2}, which is not set.":
    'Das Werkzeug „{1}“ meldet sich mit {2} an, was nicht gesetzt ist.',
  'Set {1} in the environment in which the app is started.':
    'Setzen Sie {1} in der Umgebung, in der die App gestartet wird.',
  "The tool '{1}' must log in, but its registry entry names nothing to log in with.":
    'Das Werkzeug „{1}“ muss sich anmelden, aber sein Eintrag nennt nichts dafür.',
  "The tool '{1}' logs in with the secret {2}, and this project keeps no secrets.":
    'Das Werkzeug „{1}“ meldet sich mit dem Geheimnis {2} an, und dieses Projekt hat keine Geheimnisse.',
  "Name a stored secret with 'authentication.secret' in the registry, or a variable of the environment with 'token_env'.":
    'Nennen Sie im Verzeichnis mit „authentication.secret“ ein gespeichertes Geheimnis, oder mit „token_env“ eine Variable der Umgebung.',
  "A script needs 'adapter_path', or 'config_path' with its manifest.":
    'Ein Skript braucht „adapter_path“, oder „config_path“ mit seinem Manifest.',
  '{1}: The file cannot be used.': '{1}: Die Datei ist nicht benutzbar.',
  "Name the folder in 'security.allowed_paths' of the tool.":
    'Nennen Sie den Ordner in „security.allowed_paths“ des Werkzeugs.',
  "An OpenAPI tool needs 'spec_path' or 'spec_url'.": 'Ein OpenAPI-Werkzeug braucht „spec_path“ oder „spec_url“.',
  'There is no adapter at {1}.': 'Bei {1} gibt es keinen Adapter.',
  'Write adapter.js, adapter.mjs, adapter.ts or adapter.py there.':
    'Legen Sie adapter.js, adapter.mjs, adapter.ts oder adapter.py dorthin.',
  "There is no script for the tool '{1}'.": 'Für das Werkzeug „{1}“ gibt es kein Skript.',
  '{1} lies outside the project.': '{1} liegt außerhalb des Projekts.',
  "Put it into the project, or name its folder in 'security.allowed_paths' of the tool.":
    'Legen Sie es ins Projekt, oder nennen Sie seinen Ordner in „security.allowed_paths“ des Werkzeugs.',
  '{1} was not found.': '{1} wurde nicht gefunden.',
  'Paths count from the folder of the registry, then from the project.':
    'Pfade zählen vom Ordner des Verzeichnisses, dann vom Projekt.',
  '{1} cannot be read as UTF-8 text.': '{1} ist nicht als UTF-8-Text lesbar.',
  "The tool '{1}' describes itself differently from what was accepted.":
    'Das Werkzeug „{1}“ beschreibt sich anders als angenommen.',
  "Look at it with 'aiworkflow tools show {1}', then accept it with 'aiworkflow tools show {2} --refresh --accept {3}'.":
    'Sehen Sie es sich mit „aiworkflow tools show {1}“ an, dann nehmen Sie es mit „aiworkflow tools show {2} --refresh --accept {3}“ an.',
  '{1} is not set': '{1} ist nicht gesetzt',
  "Unknown tool type '{1}'": 'Unbekannte Werkzeugart „{1}“',
  "Unknown category '{1}' of tool '{2}'": 'Unbekannte Kategorie „{1}“ des Werkzeugs „{2}“',
  'The working folder of the server lies outside the project: {1}':
    'Der Arbeitsordner des Servers liegt außerhalb des Projekts: {1}',
  "An argument of the server names a path that 'security.allowed_paths' leaves out: {1}":
    'Ein Argument des Servers nennt einen Pfad, den „security.allowed_paths“ auslässt: {1}',
};
