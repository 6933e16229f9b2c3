import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const agents: Sentences = {
  "There is no agent '{1}'.": 'Es gibt keinen Agenten „{1}“.',
  "The agent '{1}' is listed but cannot be used.": 'Der Agent „{1}“ ist aufgeführt, kann aber nicht benutzt werden.',
  'Calls to the agent {1} are held back: it failed too often of late.':
    'Aufrufe des Agenten {1} werden zurückgehalten: Er ist zuletzt zu oft fehlgeschlagen.',
  'The run was stopped.': 'Der Lauf wurde angehalten.',
  'An agent of this project, reached by its profile.': 'Ein Agent dieses Projekts, erreicht über sein Profil.',
  'This version has not been run with {1}; a CLI profile in .aiworkflow/agents/profiles/{2}.yaml makes it available.':
    'Diese Version wurde nicht mit {1} ausgeführt; ein CLI-Profil in .aiworkflow/agents/profiles/{2}.yaml macht ihn verfügbar.',
  "'{1}' gave {2}.": '„{1}“ ergab {2}.',
  'Try again, or give the model a higher limit of tokens.':
    'Versuchen Sie es noch einmal, oder geben Sie dem Modell eine höhere Grenze an Tokens.',
  'The agent {1} was stopped at its budget: it has spent ${2} of ${3}.':
    'Der Agent {1} wurde an seinem Budget angehalten: Er hat {2} $ von {3} $ ausgegeben.',
  'Choose an agent: aiworkflow agent set-primary NAME, or agent: in the workflow.':
    'Wählen Sie einen Agenten: aiworkflow agent set-primary NAME, oder agent: im Workflow.',
  'The answer does not meet the output schema ({1}). One repair is asked for.':
    'Die Antwort entspricht nicht dem Ausgabeschema ({1}). Um eine Nachbesserung wird gebeten.',
  'Make output_schema or the task of the step plainer, or use another agent.':
    'Machen Sie output_schema oder die Aufgabe des Schritts einfacher, oder nehmen Sie einen anderen Agenten.',
  'Use an agent that holds it, or write enforce: best_effort under permissions.':
    'Nehmen Sie einen Agenten, der es einhält, oder schreiben Sie enforce: best_effort unter permissions.',
  'The profile {1} is not used: there is an agent of that name already.':
    'Das Profil {1} wird nicht benutzt: Einen Agenten dieses Namens gibt es schon.',
  "Set {1}={2} in the environment of the app, or use the provider's own variable. api_key is the name of a variable, never the key.":
    'Setzen Sie {1}={2} in der Umgebung der App, oder nehmen Sie die eigene Variable des Anbieters. api_key ist der Name einer Variable, nie der Schlüssel.',
  "Set {1}=NAME in the environment of the app, or use the provider's own variable. api_key is the name of a variable, never the key.":
    'Setzen Sie {1}=NAME in der Umgebung der App, oder nehmen Sie die eigene Variable des Anbieters. api_key ist der Name einer Variable, nie der Schlüssel.',
  "The tool '{1}' cannot be given to the agent {2}.": 'Das Werkzeug „{1}“ kann dem Agenten {2} nicht gegeben werden.',
  'The agent {1} has spent {2} without anything new.': 'Der Agent {1} hat {2} ausgegeben, ohne dass etwas Neues kam.',
  "Look at its conversation. 'aiworkflow runs resume RUN' begins the step anew, 'aiworkflow runs cancel RUN' stops the run.":
    'Sehen Sie sich sein Gespräch an. „aiworkflow runs resume RUN“ beginnt den Schritt neu, „aiworkflow runs cancel RUN“ hält den Lauf an.',
  "A routing rule is a map of 'if', a condition, and 'prefer', the name of an agent.":
    'Eine Regel der Wahl ist eine Tabelle aus „if“, einer Bedingung, und „prefer“, dem Namen eines Agenten.',
  'Claude Code on the command line: reads and edits files, runs commands within the limits of a step.':
    'Claude Code auf der Befehlszeile: liest und ändert Dateien, führt Befehle aus, in den Grenzen eines Schritts.',
  'OpenCode on the command line or as a local server, with the models of many providers.':
    'OpenCode auf der Befehlszeile oder als lokaler Server, mit den Modellen vieler Anbieter.',
  'Aider on the command line.': 'Aider auf der Befehlszeile.',
  'See https://aider.chat/docs/install.html.': 'Siehe https://aider.chat/docs/install.html.',
  'Codex on the command line.': 'Codex auf der Befehlszeile.',
  'Gemini on the command line.': 'Gemini auf der Befehlszeile.',
  'GitHub Copilot on the command line.': 'GitHub Copilot auf der Befehlszeile.',
  'Models on this machine, served by Ollama.': 'Modelle auf diesem Rechner, angeboten von Ollama.',
  'Install it from https://ollama.com and start it, then pull a model: ollama pull llama3.':
    'Installieren Sie es von https://ollama.com und starten Sie es, dann holen Sie ein Modell: ollama pull llama3.',
  'Any service that speaks the chat completions of OpenAI.':
    'Jeder Dienst, der die Chat Completions von OpenAI spricht.',
  'Set OPENAI_API_KEY; for another service also agent.configs.openai.api_base_url.':
    'Setzen Sie OPENAI_API_KEY; für einen anderen Dienst auch agent.configs.openai.api_base_url.',
  'Claude models over their API.': 'Claude-Modelle über ihre API.',
  'Fills forms from the data of a step, offline and always the same way. Its answers say demo.':
    'Füllt Formulare aus den Daten eines Schritts, ohne Netz und immer gleich. Seine Antworten sagen demo.',
  'The output schema asks for more values than the demo agent fills.':
    'Das Ausgabeschema verlangt mehr Werte, als der Demo-Agent füllt.',
  'Make fewer of its fields required, or use another agent.':
    'Machen Sie weniger seiner Felder zur Pflicht, oder nehmen Sie einen anderen Agenten.',
  "The answer came in a form that is not understood: '{1}' is {2}.":
    'Die Antwort kam in einer Form, die nicht verstanden wird: „{1}“ ist {2}.',
  'Use a model that answers with text, or another agent.':
    'Nehmen Sie ein Modell, das mit Text antwortet, oder einen anderen Agenten.',
  'Write it as a map, or as JSON.': 'Schreiben Sie es als Tabelle oder als JSON.',
  'No agent is healthy.': 'Kein Agent ist gesund.',
  'Wait for its pause to end, or close it by hand on the screen Agents. In a terminal: aiworkflow agent check {1}':
    'Warten Sie, bis seine Pause endet, oder beenden Sie sie von Hand in der Ansicht Agenten. Im Terminal: aiworkflow agent check {1}',
  "{1}: this answer is made of the step's own data, by no model":
    '{1}: Diese Antwort ist aus den eigenen Daten des Schritts gemacht, von keinem Modell',
  'No agent adapter configured': 'Kein Agent ist eingerichtet',
  'Unknown agent operation: {1}': 'Unbekannte Operation eines Agenten: {1}',
  'The answer of {1} does not meet the output schema: {2}':
    'Die Antwort von {1} entspricht nicht dem Ausgabeschema: {2}',
  'The agent {1} cannot hold the limit of permissions: {2}':
    'Der Agent {1} kann die Grenze der Rechte nicht einhalten: {2}',
  "'{1}' of aiworkflow.yaml: {2}": '„{1}“ in aiworkflow.yaml: {2}',
  "The agent goes without the tool '{1}': {2}": 'Der Agent arbeitet ohne das Werkzeug „{1}“: {2}',
  'Health check timed out after {1}s': 'Die Prüfung antwortete nicht binnen {1} s',
  'The agent {1} is not healthy{2}': 'Der Agent {1} ist nicht gesund{2}',
  'Check it: aiworkflow agent check': 'Prüfen Sie ihn: aiworkflow agent check',
  'Workflow not compatible with agent: {1}': 'Der Workflow passt nicht zum Agenten: {1}',
  "The agent {1} lacks the feature '{2}', which the workflow requires":
    'Dem Agenten {1} fehlt das Merkmal „{2}“, das der Workflow verlangt',
  "The agent {1} lacks the feature '{2}', which the workflow recommends":
    'Dem Agenten {1} fehlt das Merkmal „{2}“, das der Workflow empfiehlt',
  "{1}: the agent '{2}' cannot be used": '{1}: Der Agent „{2}“ ist nicht benutzbar',
  '{1}: a rule is a map of condition and agent, or of default':
    '{1}: Eine Regel ist eine Tabelle aus Bedingung und Agent, oder aus default',
  'Kept back ({1}): {2}': 'Zurückgehalten ({1}): {2}',
  'structured output': 'strukturierte Ausgabe',
  'function calling': 'Aufruf von Funktionen',
  'needs an API key': 'braucht einen API-Schlüssel',
  'code review': 'Code durchsehen',
  'editing files': 'Dateien bearbeiten',
  'editing a git repository': 'ein Git-Repository bearbeiten',
  'MCP tools': 'Werkzeuge über MCP',
  'long tasks': 'lange Aufgaben',
  'large context': 'großer Kontext',
  'many providers': 'viele Anbieter',
  'work around GitHub': 'Arbeit rund um GitHub',
  'needs an account or an API key': 'braucht ein Konto oder einen API-Schlüssel',
  'what it can do depends on the model': 'was er kann, hängt vom Modell ab',
  'nothing leaves this machine': 'nichts verlässt diesen Rechner',
  'no cost for each call': 'kein Aufruf kostet etwas',
  'small models follow a schema less well': 'kleine Modelle halten sich weniger gut an ein Schema',
  'npm install -g {1}, then run {2} once to log in.':
    'npm install -g {1}, dann {2} einmal ausführen, um sich anzumelden.',
  'npm install -g {1}, then run {2}.': 'npm install -g {1}, dann {2} ausführen.',
  offline: 'ohne Netz',
  deterministic: 'immer gleich',
  'no key': 'kein Schlüssel',
  'does not think': 'denkt nicht',
};
