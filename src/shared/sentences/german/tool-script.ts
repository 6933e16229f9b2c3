import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const toolScript: Sentences = {
  'Use names of letters, digits, - and _.': 'Nehmen Sie Namen aus Buchstaben, Ziffern, - und _.',
  "Parameter '{1}' contains {2}, which no argument can carry.":
    'Der Parameter „{1}“ enthält {2}, was kein Argument tragen kann.',
  'Remove the character, or pass the value inside a list or map.':
    'Entfernen Sie das Zeichen, oder übergeben Sie den Wert in einer Liste oder Tabelle.',
  "Add '{1}' to the step's inputs.": 'Ergänzen Sie „{1}“ in den Eingaben des Schritts.',
  'The variable {1} cannot be passed to a script.': 'Die Variable {1} kann keinem Skript übergeben werden.',
  'Variable names must not be empty or hold "=", and neither names nor values may hold a NUL character.':
    'Namen von Variablen dürfen nicht leer sein oder „=“ enthalten, und weder Namen noch Werte dürfen ein NUL-Zeichen enthalten.',
  'Runs the script {1}.': 'Führt das Skript {1} aus.',
  '{1} cannot be read.': '{1} ist nicht lesbar.',
  '{1} is larger than 1 MiB.': '{1} ist größer als 1 MiB.',
  '{1} is not UTF-8 text.': '{1} ist kein UTF-8-Text.',
  "Tool '{1}' has no script: there is no script of this name, and the entry has no key 'script'.":
    'Das Werkzeug „{1}“ hat kein Skript: Es gibt kein Skript dieses Namens, und der Eintrag hat keinen Schlüssel „script“.',
  'Put it into the bundle.': 'Legen Sie es ins Bundle.',
  'Begin it with a line such as #!/usr/bin/env bash.': 'Beginnen Sie es mit einer Zeile wie #!/usr/bin/env bash.',
  "Give the step or the tool a longer 'timeout', or find out what the script waits for.":
    'Geben Sie dem Schritt oder dem Werkzeug mit „timeout“ mehr Zeit, oder finden Sie heraus, worauf das Skript wartet.',
  'The script wrote more than 10 MiB to stdout and was stopped.':
    'Das Skript schrieb mehr als 10 MiB nach stdout und wurde angehalten.',
  'Write large results to a file in $AIWORKFLOW_RUN_DIR and print its name.':
    'Schreiben Sie große Ergebnisse in eine Datei in $AIWORKFLOW_RUN_DIR, und drucken Sie ihren Namen.',
  'The script was stopped because the run was cancelled.':
    'Das Skript wurde angehalten, weil der Lauf abgebrochen wurde.',
  '{1} was stopped: {2}.': '{1} wurde angehalten: {2}.',
  "Raise the limit under 'limits' of the tool, or let it do less at a time.":
    'Erhöhen Sie die Grenze unter „limits“ des Werkzeugs, oder lassen Sie es auf einmal weniger tun.',
  'The script or the interpreter that it names does not exist.':
    'Das Skript oder der Interpreter, den es nennt, ist nicht da.',
  'The script may not be executed. Check its permissions.':
    'Das Skript darf nicht ausgeführt werden. Prüfen Sie seine Rechte.',
  'Arguments or environment are too large for the system.': 'Argumente oder Umgebung sind zu groß für das System.',
  'The disk is full.': 'Der Datenträger ist voll.',
  'The process that starts scripts ended before this one began. Trying again starts a new one.':
    'Der Prozess, der Skripte startet, endete, bevor dieses begann. Ein neuer Versuch startet einen neuen.',
  'Begin the script with a line such as #!/usr/bin/env bash, or give it a known extension.':
    'Beginnen Sie das Skript mit einer Zeile wie #!/usr/bin/env bash, oder geben Sie ihm eine bekannte Endung.',
  'No interpreter for the script {1} was found (looked for {2}).':
    'Für das Skript {1} wurde kein Interpreter gefunden (gesucht: {2}).',
  'Install {1} or make it reachable through PATH.': 'Installieren Sie {1}, oder machen Sie es über PATH erreichbar.',
  "Tool '{1}' stands twice in {2}.": 'Das Werkzeug „{1}“ steht zweimal in {2}.',
  'Remove one of them.': 'Entfernen Sie eines davon.',
  "{1} must be a map with the key 'tools'.": '{1} muss eine Tabelle mit dem Schlüssel „tools“ sein.',
  "A tool must be a map with a 'name'.": 'Ein Werkzeug muss eine Tabelle mit einem „name“ sein.',
  "A tool needs a 'name'.": 'Ein Werkzeug braucht einen „name“.',
  "Operation '{1}' must be a map.": 'Die Operation „{1}“ muss eine Tabelle sein.',
  "Parameter '{1}' must be a map.": 'Der Parameter „{1}“ muss eine Tabelle sein.',
  "Parameter '{1}' has an unknown type '{2}'. Types: {3}.":
    'Der Parameter „{1}“ hat einen unbekannten Typ „{2}“. Typen: {3}.',
  'A parameter name cannot be passed to a script: {1}': 'Ein Parametername kann keinem Skript übergeben werden: {1}',
  "Add '{1}' to the step's inputs: {2}": 'Ergänzen Sie „{1}“ in den Eingaben des Schritts: {2}',
  "Unknown parameter '{1}' is empty and was dropped": 'Der unbekannte Parameter „{1}“ ist leer und wurde weggelassen',
  "Parameter '{1}' must be {2}": 'Der Parameter „{1}“ muss {2} sein',
  "Parameter '{1}' must be one of the listed values{2}":
    'Der Parameter „{1}“ muss einer der aufgeführten Werte sein{2}',
  "Two scripts have the name '{1}': {2}": 'Zwei Skripte haben den Namen „{1}“: {2}',
  'Rename one, or name the right one in tools.yaml: {name: {1}, script: {2}}':
    'Benennen Sie eines um, oder nennen Sie das richtige in tools.yaml: {name: {1}, script: {2}}',
  "The script of tool '{1}' must be a path inside the bundle: {2}":
    'Das Skript des Werkzeugs „{1}“ muss ein Pfad im Bundle sein: {2}',
  "The script of tool '{1}' lies outside the bundle: {2}":
    'Das Skript des Werkzeugs „{1}“ liegt außerhalb des Bundles: {2}',
  "Script of tool '{1}' not found: {2}": 'Das Skript des Werkzeugs „{1}“ wurde nicht gefunden: {2}',
  'Script timed out after {1} seconds': 'Das Skript wurde nach {1} Sekunden angehalten',
  'The script could not be started: {1}': 'Das Skript ließ sich nicht starten: {1}',
  'The script could not be started: unknown reason': 'Das Skript ließ sich nicht starten: unbekannter Grund',
  'Script failed with exit code {1}: {2}': 'Das Skript ist mit Exitcode {1} fehlgeschlagen: {2}',
  'The output holds bytes that are no UTF-8 text; � stands for each of them':
    'Die Ausgabe enthält Bytes, die kein UTF-8-Text sind; � steht für jedes davon',
  'The output looks like JSON, but {1}: it is kept as text':
    'Die Ausgabe sieht wie JSON aus, aber {1}: Sie bleibt als Text',
  'The script cannot be read: {1}': 'Das Skript ist nicht lesbar: {1}',
  "A tool's name must not hold a dot: {1}": 'Der Name eines Werkzeugs darf keinen Punkt enthalten: {1}',
  "'env.{1}' is not the name of a variable": '„env.{1}“ ist nicht der Name einer Variable',
  'Unknown parameter: {1}': 'Unbekannter Parameter: {1}',
  'The script': 'Das Skript',
  '{1} is set': '{1} ist gesetzt',
  '{1} within {2} seconds': '{1} binnen {2} Sekunden',
  'The MCP server': 'Der MCP-Server',
  "'{1}' is a text": '„{1}“ ist ein Text',
};
