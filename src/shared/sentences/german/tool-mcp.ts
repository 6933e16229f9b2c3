import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const toolMcp: Sentences = {
  'The connection to the MCP server ended before its answer came.':
    'Die Verbindung zum MCP-Server endete, bevor seine Antwort kam.',
  'Whether the tool did its work is not known. Look before you call it again.':
    'Ob das Werkzeug seine Arbeit getan hat, ist nicht bekannt. Sehen Sie nach, bevor Sie es noch einmal aufrufen.',
  'What the MCP server answered {1}.': 'Was der MCP-Server antwortete, {1}.',
  "Look at 'server.url': it must be the address of a streamable HTTP endpoint.":
    'Sehen Sie nach „server.url“: Es muss die Adresse eines Streamable-HTTP-Endpunkts sein.',
  "Look at the parameters of the operation with 'tools show'.":
    'Sehen Sie sich die Parameter der Operation mit „tools show“ an.',
  'The parameters of {1} cannot be checked: {2}.': 'Die Parameter von {1} lassen sich nicht prüfen: {2}.',
  'The schema of the server is wrong. Look for another version of it.':
    'Das Schema des Servers ist falsch. Suchen Sie eine andere Version davon.',
  'The call was ended because the run was cancelled.': 'Der Aufruf wurde beendet, weil der Lauf abgebrochen wurde.',
  "Give the step or the tool a longer 'timeout', or find out what the server waits for.":
    'Geben Sie dem Schritt oder dem Werkzeug mit „timeout“ mehr Zeit, oder finden Sie heraus, worauf der Server wartet.',
  "The tool '{1}' may not be given the path {2}.": 'Dem Werkzeug „{1}“ darf der Pfad {2} nicht gegeben werden.',
  "Its 'security.allowed_paths' in the registry name the folders that it may work in.":
    'Sein „security.allowed_paths“ im Verzeichnis nennt die Ordner, in denen es arbeiten darf.',
  'The MCP server has forgotten the session.': 'Der MCP-Server hat die Sitzung vergessen.',
  'Trying again opens a new one.': 'Ein neuer Versuch öffnet eine neue.',
  "It wants a login: write 'headers' in its file, or 'authentication' in the registry.":
    'Er will eine Anmeldung: Schreiben Sie „headers“ in seine Datei, oder „authentication“ ins Verzeichnis.',
  'The login is not allowed to do this.': 'Die Anmeldung darf das nicht.',
  "There is no MCP server at 'server.url'.": 'Bei „server.url“ gibt es keinen MCP-Server.',
  "The tool '{1}' of the server is left out: {2}.": 'Das Werkzeug „{1}“ des Servers bleibt weg: {2}.',
  '{1} This is an error of the server.': '{1} Das ist ein Fehler des Servers.',
  "Look at the tools that '{1}' lists.": 'Sehen Sie nach, welche Werkzeuge „{1}“ nennt.',
  "The MCP server of '{1}' cannot be used: {2}.": 'Der MCP-Server von „{1}“ ist nicht benutzbar: {2}.',
  'This is an error of the server. Look for another version of it.':
    'Das ist ein Fehler des Servers. Suchen Sie eine andere Version davon.',
  "The MCP server of '{1}' gave no valid answer to {2}: {3}.":
    'Der MCP-Server von „{1}“ gab keine gültige Antwort auf {2}: {3}.',
  'Start it by hand in the same way to see what it needs.':
    'Starten Sie ihn auf dieselbe Weise von Hand, um zu sehen, was er braucht.',
  "The MCP server of '{1}' was lost: {2}.": 'Der MCP-Server von „{1}“ ging verloren: {2}.',
  'It is started anew. Whether the tool did its work is not known: look before you call it again.':
    'Er wird neu gestartet. Ob das Werkzeug seine Arbeit getan hat, ist nicht bekannt: Sehen Sie nach, bevor Sie es noch einmal aufrufen.',
  "The MCP server of '{1}' lists its tools without an end.":
    'Der MCP-Server von „{1}“ nennt seine Werkzeuge ohne Ende.',
  'The project is being closed.': 'Das Projekt wird geschlossen.',
  'The MCP server was lost: {1}.': 'Der MCP-Server ging verloren: {1}.',
  'The MCP server was lost: the connection ended.': 'Der MCP-Server ging verloren: Die Verbindung endete.',
  'The MCP server was ended: {1}.': 'Der MCP-Server wurde beendet: {1}.',
  "Give it a longer 'timeout', or start it by hand in the same way to see what it waits for.":
    'Geben Sie ihm mit „timeout“ mehr Zeit, oder starten Sie ihn auf dieselbe Weise von Hand, um zu sehen, worauf er wartet.',
  'It is started again after a pause that grows with every failure; stopping it by hand ends the pause.':
    'Er wird nach einer Pause, die mit jedem Fehler wächst, neu gestartet; wird er von Hand angehalten, endet die Pause.',
  'The MCP server did not list its tools in time.': 'Der MCP-Server nannte seine Werkzeuge nicht rechtzeitig.',
  'The MCP server answered with more than 10 MiB.': 'Der MCP-Server antwortete mit mehr als 10 MiB.',
  'Ask for less at a time: most tools take a limit, a page or a range.':
    'Verlangen Sie auf einmal weniger: Die meisten Werkzeuge nehmen eine Grenze, eine Seite oder einen Bereich.',
  'The MCP server gave an answer that cannot be understood: {1}.':
    'Der MCP-Server gab eine Antwort, die nicht zu verstehen ist: {1}.',
  'The tool may have done its work all the same. Look before you call it again.':
    'Das Werkzeug kann seine Arbeit trotzdem getan haben. Sehen Sie nach, bevor Sie es noch einmal aufrufen.',
  "The working folder of the MCP tool '{1}' does not exist.":
    'Den Arbeitsordner des MCP-Werkzeugs „{1}“ gibt es nicht.',
  "Correct 'server.cwd': it counts from the folder of the registry, then from the project.":
    'Berichtigen Sie „server.cwd“: Es zählt vom Ordner des Verzeichnisses, dann vom Projekt.',
  "The header {1} of the MCP tool '{2}' cannot be sent.":
    'Die Kopfzeile {1} des MCP-Werkzeugs „{2}“ kann nicht gesendet werden.',
  'Its value holds a line end. Look at the variable from which it comes.':
    'Ihr Wert enthält ein Zeilenende. Sehen Sie sich die Variable an, aus der er kommt.',
  "The MCP tool '{1}' cannot log in with {2} as it is written.":
    'Das MCP-Werkzeug „{1}“ kann sich mit {2}, wie es geschrieben ist, nicht anmelden.',
  "An MCP server takes 'bearer_token', 'basic', or 'api_key' with a 'header'.":
    'Ein MCP-Server nimmt „bearer_token“, „basic“ oder „api_key“ mit einem „header“.',
  "'server' {1} 'command', 'package' and 'url'.": '„server“ {1} „command“, „package“ und „url“.',
  "'headers' belong to a server with a 'url'.": '„headers“ gehören zu einem Server mit einer „url“.',
  "'server.command' is empty.": '„server.command“ ist leer.',
  "'{1}' does not name an exact version.": '„{1}“ nennt keine genaue Version.',
  "'{1}' belongs to a server that is started here.": '„{1}“ gehört zu einem Server, der hier gestartet wird.',
  'The header {1} cannot be sent.': 'Die Kopfzeile {1} kann nicht gesendet werden.',
  "'server.url' must be an http or https address without a login; log in by 'headers'.":
    '„server.url“ muss eine http- oder https-Adresse ohne Anmeldung sein; melden Sie sich über „headers“ an.',
  'The variable {1} cannot be passed to a process.': 'Die Variable {1} kann keinem Prozess übergeben werden.',
  "'{1}' is set by the app.": '„{1}“ wird von der App gesetzt.',
  'No text of a command may hold a NUL character.': 'Kein Text eines Befehls darf ein NUL-Zeichen enthalten.',
  "Variables count in 'env' and 'headers' only: a command line is open to everybody on the computer.":
    'Variablen gelten nur in „env“ und „headers“: Eine Befehlszeile ist für alle auf dem Rechner offen.',
  "The MCP tool '{1}' needs {2}, which is not set.": 'Das MCP-Werkzeug „{1}“ braucht {2}, was nicht gesetzt ist.',
  'Set this variable in the environment in which the app is started.':
    'Setzen Sie diese Variable in der Umgebung, in der die App gestartet wird.',
  'Set these variables in the environment in which the app is started.':
    'Setzen Sie diese Variablen in der Umgebung, in der die App gestartet wird.',
  'The MCP server {1}; nothing was sent.': 'Der MCP-Server {1}; nichts wurde gesendet.',
  "Look at 'server.command' ({1}) and 'server.cwd' ({2}).":
    'Sehen Sie nach „server.command“ ({1}) und „server.cwd“ ({2}).',
  "The program of 'server.command' may not be executed. Check its permissions.":
    'Das Programm von „server.command“ darf nicht ausgeführt werden. Prüfen Sie seine Rechte.',
  'Arguments or variables of the server are too large for the system.':
    'Argumente oder Variablen des Servers sind zu groß für das System.',
  'On Windows name the program itself, such as node and the path of a script: a .cmd file cannot be started.':
    'Nennen Sie unter Windows das Programm selbst, etwa node und den Pfad eines Skripts: Eine .cmd-Datei lässt sich nicht starten.',
  "The MCP server gave no valid answer to '{1}': {2}.": 'Der MCP-Server gab keine gültige Antwort auf „{1}“: {2}.',
  'Invalid parameters for {1}: {2}': 'Ungültige Parameter für {1}: {2}',
  "MCP tool '{1}' timed out after {2} seconds": 'Das MCP-Werkzeug „{1}“ wurde nach {2} Sekunden aufgegeben',
  "MCP tool '{1}' timed out after {2} seconds.{3}": 'Das MCP-Werkzeug „{1}“ wurde nach {2} Sekunden aufgegeben.{3}',
  'The MCP server answered with HTTP status {1}': 'Der MCP-Server antwortete mit HTTP-Status {1}',
  'MCP tool not found: {1}': 'MCP-Werkzeug nicht gefunden: {1}',
  'MCP tool call failed: {1}': 'Der Aufruf des MCP-Werkzeugs ist fehlgeschlagen: {1}',
  "The MCP server of '{1}' did not start: {2}.{3}": 'Der MCP-Server von „{1}“ ist nicht gestartet: {2}.{3}',
  "The MCP server of '{1}' {2}.{3}": 'Der MCP-Server von „{1}“ {2}.{3}',
  "The MCP server of '{1}' does not run.{2}": 'Der MCP-Server von „{1}“ läuft nicht.{2}',
  'The MCP server could not be started: {1}': 'Der MCP-Server ließ sich nicht starten: {1}',
  "'{1}' declares an output schema and answered without structured content: its parts count":
    '„{1}“ gibt ein Ausgabeschema an und antwortete ohne strukturierten Inhalt: Seine Teile zählen',
  "'{1}' declares an output schema and answered without structured content: its text counts":
    '„{1}“ gibt ein Ausgabeschema an und antwortete ohne strukturierten Inhalt: Sein Text zählt',
  "'{1}' declares an output schema and answered without structured content: its text counts as it is":
    '„{1}“ gibt ein Ausgabeschema an und antwortete ohne strukturierten Inhalt: Sein Text zählt, wie er ist',
  "'params' that are no map": '„params“, die keine Tabelle sind',
  "'error: {1}' beside a result": '„error: {1}“ neben einem Ergebnis',
};
