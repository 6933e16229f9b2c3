import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const agentCli: Sentences = {
  "Contained by {1}: reads only the system's programs, its own folders{2}; writes only its own folders{3}; {4}.":
    'Begrenzt durch {1}: liest nur die Programme des Systems, seine eigenen Ordner{2}; schreibt nur seine eigenen Ordner{3}; {4}.',
  "'agent.configs.{1}.{2}' cannot be used.": '„agent.configs.{1}.{2}“ ist nicht benutzbar.',
  'Write there: {1}.': 'Schreiben Sie dort: {1}.',
  'The answer came while the app was not running.': 'Die Antwort kam, während die App nicht lief.',
  'The check of {1} was stopped.': 'Die Prüfung von {1} wurde angehalten.',
  '{1} did not end by itself ({2}).': '{1} endete nicht von selbst ({2}).',
  'Start it by hand once and see what it says.': 'Starten Sie es einmal von Hand, und sehen Sie, was es sagt.',
  'The agent {1} did not finish within {2} seconds.': 'Der Agent {1} wurde nicht binnen {2} Sekunden fertig.',
  "Give the step a longer 'timeout' or a smaller task.":
    'Geben Sie dem Schritt mit „timeout“ mehr Zeit oder eine kleinere Aufgabe.',
  'The agent {1} said nothing for {2} minutes and was stopped.':
    'Der Agent {1} sagte {2} Minuten lang nichts und wurde angehalten.',
  'It may have been waiting for an answer that nobody can give. Look at its last lines in the log.':
    'Vielleicht wartete er auf eine Antwort, die niemand geben kann. Sehen Sie sich seine letzten Zeilen im Protokoll an.',
  'The agent {1} was stopped because the run was cancelled.':
    'Der Agent {1} wurde angehalten, weil der Lauf abgebrochen wurde.',
  'The agent {1} wrote more than it may and was stopped.':
    'Der Agent {1} schrieb mehr, als er darf, und wurde angehalten.',
  'Ask for less, or let it write large results to a file.':
    'Verlangen Sie weniger, oder lassen Sie ihn große Ergebnisse in eine Datei schreiben.',
  'The agent {1} was stopped: {2}.': 'Der Agent {1} wurde angehalten: {2}.',
  "Raise it under 'agent.configs.{1}.limits', or ask for less at a time.":
    'Erhöhen Sie es unter „agent.configs.{1}.limits“, oder verlangen Sie auf einmal weniger.',
  'The agent {1} could not be started: {2}.': 'Der Agent {1} ließ sich nicht starten: {2}.',
  'Install it again, or make its program executable.':
    'Installieren Sie ihn neu, oder machen Sie sein Programm ausführbar.',
  'The agent {1} could not be started: unknown reason.': 'Der Agent {1} ließ sich nicht starten: unbekannter Grund.',
  'Try again. If it stays so, look at the log of the app.':
    'Versuchen Sie es noch einmal. Bleibt es so, sehen Sie ins Protokoll der App.',
  'Wait for a while, or let another agent take over.':
    'Warten Sie eine Weile, oder lassen Sie einen anderen Agenten übernehmen.',
  "Check the name of the model and 'api_base_url'.": 'Prüfen Sie den Namen des Modells und „api_base_url“.',
  "Check the connection and 'api_base_url'.": 'Prüfen Sie die Verbindung und „api_base_url“.',
  'The agent {1} ended without a readable answer.': 'Der Agent {1} endete ohne lesbare Antwort.',
  'It printed nothing.': 'Er druckte nichts.',
  'The agent {1} is not installed: {2} was not found.':
    'Der Agent {1} ist nicht installiert: {2} wurde nicht gefunden.',
  "The rule {1} of 'permissions.{2}' cannot be enforced by a command-line agent.":
    'Die Regel {1} von „permissions.{2}“ kann bei einem Agenten der Befehlszeile nicht durchgesetzt werden.',
  'Write paths relative to the working folder and plain beginnings of commands, without brackets, commas or "..".':
    'Schreiben Sie Pfade relativ zum Arbeitsordner und einfache Anfänge von Befehlen, ohne Klammern, Kommas oder „..“.',
  'The MCP server {1} could not be started.': 'Der MCP-Server {1} ließ sich nicht starten.',
  'The provider refused{1} ({2}); attempt {3} of {4} follows.':
    'Der Anbieter hat abgelehnt{1} ({2}); Versuch {3} von {4} folgt.',
  'Run claude once and log in with /login, or set ANTHROPIC_API_KEY.':
    'Führen Sie claude einmal aus, und melden Sie sich mit /login an, oder setzen Sie ANTHROPIC_API_KEY.',
  'Install it with: npm install -g @anthropic-ai/claude-code, then run claude once to log in.':
    'Installieren Sie es mit: npm install -g @anthropic-ai/claude-code, dann führen Sie claude einmal aus, um sich anzumelden.',
  'Install it with: npm install -g opencode-ai, then run opencode auth login.':
    'Installieren Sie es mit: npm install -g opencode-ai, dann führen Sie opencode auth login aus.',
  'OpenCode has a base URL but no model to ask for there.':
    'OpenCode hat eine Basis-URL, aber kein Modell, nach dem es dort fragen kann.',
  "Write 'model' next to 'api_base_url' under 'agent.configs.opencode'.":
    'Schreiben Sie „model“ neben „api_base_url“ unter „agent.configs.opencode“.',
  "OpenCode does not know whose model '{1}' is.": 'OpenCode weiß nicht, wessen Modell „{1}“ ist.',
  'Write it as provider/model, for example openai/{1}.':
    'Schreiben Sie es als provider/model, zum Beispiel openai/{1}.',
  'Run opencode auth login, or set the key of the provider, for example OPENAI_API_KEY.':
    'Führen Sie opencode auth login aus, oder setzen Sie den Schlüssel des Anbieters, zum Beispiel OPENAI_API_KEY.',
  'OpenCode could not open its database: another one of it had locked it.':
    'OpenCode konnte seine Datenbank nicht öffnen: Ein anderes OpenCode hatte sie gesperrt.',
  'The OpenCode server cannot be given {1} for a single step.':
    'Dem OpenCode-Server kann {1} nicht für einen einzelnen Schritt gegeben werden.',
  "Write 'opencode_mode: auto' or 'cli' under 'agent.configs.opencode'.":
    'Schreiben Sie „opencode_mode: auto“ oder „cli“ unter „agent.configs.opencode“.',
  'The OpenCode server opened no session.': 'Der OpenCode-Server hat keine Sitzung geöffnet.',
  'The OpenCode server wants a password.': 'Der OpenCode-Server will ein Passwort.',
  'Set OPENCODE_SERVER_PASSWORD to the one it was started with.':
    'Setzen Sie OPENCODE_SERVER_PASSWORD auf das, mit dem er gestartet wurde.',
  'The OpenCode server answered with something that is not JSON.':
    'Der OpenCode-Server antwortete mit etwas, das kein JSON ist.',
  'Something else may be listening at its address.': 'Vielleicht hört an seiner Adresse etwas anderes.',
  'An event of the OpenCode server is too large.': 'Ein Ereignis des OpenCode-Servers ist zu groß.',
  'The OpenCode server answered with more than 10 MiB.': 'Der OpenCode-Server antwortete mit mehr als 10 MiB.',
  'The OpenCode server at {1} cannot be reached.': 'Der OpenCode-Server bei {1} ist nicht erreichbar.',
  "Start it with: opencode serve, or write 'opencode_mode: cli' under 'agent.configs.opencode'.":
    'Starten Sie ihn mit: opencode serve, oder schreiben Sie „opencode_mode: cli“ unter „agent.configs.opencode“.',
  'The profile of {1} does not say how a model is named.':
    'Das Profil von {1} sagt nicht, wie ein Modell genannt wird.',
  "Write 'model_args' in it, for example [--model, \"{1}\"], or take 'model' away.":
    'Schreiben Sie „model_args“ hinein, zum Beispiel [--model, "{1}"], oder nehmen Sie „model“ weg.',
  'The prompt is too long to be given to {1} as an argument.':
    'Die Aufgabe ist zu lang, um sie {1} als Argument zu geben.',
  "Write 'prompt: stdin' or 'prompt: file' in its profile, if it can read one of them.":
    'Schreiben Sie „prompt: stdin“ oder „prompt: file“ in sein Profil, wenn er eines davon lesen kann.',
  'Run codex login, or set OPENAI_API_KEY.': 'Führen Sie codex login aus, oder setzen Sie OPENAI_API_KEY.',
  'Run gemini once and sign in, or set GEMINI_API_KEY.':
    'Führen Sie gemini einmal aus, und melden Sie sich an, oder setzen Sie GEMINI_API_KEY.',
  'Run copilot once and log in with /login, or set GITHUB_TOKEN.':
    'Führen Sie copilot einmal aus, und melden Sie sich mit /login an, oder setzen Sie GITHUB_TOKEN.',
  'Set the key of the provider, for example OPENAI_API_KEY or ANTHROPIC_API_KEY.':
    'Setzen Sie den Schlüssel des Anbieters, zum Beispiel OPENAI_API_KEY oder ANTHROPIC_API_KEY.',
  'Log in to {1}, or set its key.': 'Melden Sie sich bei {1} an, oder setzen Sie seinen Schlüssel.',
  'The profile is longer than 64 KiB.': 'Das Profil ist länger als 64 KiB.',
  'Install {1} and make it reachable through PATH.': 'Installieren Sie {1}, und machen Sie es über PATH erreichbar.',
  'Not contained: the sandbox that {1} is set up with is not held here. {2}':
    'Nicht begrenzt: Die Sandbox, mit der {1} eingerichtet ist, wird hier nicht eingehalten. {2}',
  'The agent {1} is not well: it said nothing': 'Dem Agenten {1} geht es nicht gut: Er sagte nichts',
  'The agent {1} is not well: {2}': 'Dem Agenten {1} geht es nicht gut: {2}',
  'The provider of {1} limits its requests: {2}': 'Der Anbieter von {1} begrenzt seine Anfragen: {2}',
  'The provider of {1} is overloaded: {2}': 'Der Anbieter von {1} ist überlastet: {2}',
  'The provider of {1} does not know what was asked for: {2}':
    'Der Anbieter von {1} kennt nicht, was gefragt wurde: {2}',
  'The provider of {1} answered with status {2}: {3}': 'Der Anbieter von {1} antwortete mit Status {2}: {3}',
  'The agent {1} could not reach its provider: {2}': 'Der Agent {1} konnte seinen Anbieter nicht erreichen: {2}',
  'The agent {1} failed: {2}': 'Der Agent {1} ist fehlgeschlagen: {2}',
  'The agent {1} is not logged in: {2}': 'Der Agent {1} ist nicht angemeldet: {2}',
  'The agent {1} ended {2}: it said nothing': 'Der Agent {1} endete {2}: Er sagte nichts',
  'The agent {1} ended {2}: {3}': 'Der Agent {1} endete {2}: {3}',
  'The agent {1} used up its turns: {2}': 'Der Agent {1} hat seine Runden verbraucht: {2}',
  'The agent {1} stopped at its budget: {2}': 'Der Agent {1} hat an seinem Budget angehalten: {2}',
  'The agent {1} gave no answer that meets the schema: {2}':
    'Der Agent {1} gab keine Antwort, die dem Schema entspricht: {2}',
  'A step of a workflow': 'Ein Schritt eines Workflows',
  'The provider refused: {1}': 'Der Anbieter hat abgelehnt: {1}',
  'OpenCode does not know this model: {1}': 'OpenCode kennt dieses Modell nicht: {1}',
  'The OpenCode server answered with status {1}: {2}': 'Der OpenCode-Server antwortete mit Status {1}: {2}',
  'The provider refused: ': 'Der Anbieter hat abgelehnt: ',
};
