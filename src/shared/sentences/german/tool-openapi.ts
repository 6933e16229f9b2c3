import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const toolOpenapi: Sentences = {
  "The tool '{1}' has no client id and secret for its login.":
    'Das Werkzeug „{1}“ hat keine Client-ID und kein Geheimnis für seine Anmeldung.',
  'Give the secret in the form client-id:client-secret.':
    'Geben Sie das Geheimnis in der Form client-id:client-secret.',
  "The login of '{1}' answered without an access token.": 'Die Anmeldung von „{1}“ antwortete ohne Zugriffstoken.',
  'Check the client id, the client secret and the scopes of the tool.':
    'Prüfen Sie die Client-ID, das Client-Geheimnis und die Scopes des Werkzeugs.',
  "The tool '{1}' {2}.": 'Das Werkzeug „{1}“ {2}.',
  "Complete 'authentication' of the tool in the registry.":
    'Vervollständigen Sie „authentication“ des Werkzeugs im Verzeichnis.',
  "Write 'base_url' for the tool '{1}', for example https://api.example.com/v1.":
    'Schreiben Sie „base_url“ für das Werkzeug „{1}“, zum Beispiel https://api.example.com/v1.',
  "The server of '{1}' is neither http nor https.": 'Der Server von „{1}“ ist weder http noch https.',
  "The spec of '{1}' does not say where its server is.": 'Die Beschreibung von „{1}“ sagt nicht, wo sein Server ist.',
  'Remove line breaks and the like.': 'Entfernen Sie Zeilenumbrüche und dergleichen.',
  'Give the name of what is meant.': 'Nennen Sie den Namen dessen, was gemeint ist.',
  "The spec of '{1}' does not say where a token is fetched.":
    'Die Beschreibung von „{1}“ sagt nicht, wo ein Token geholt wird.',
  "Use 'bearer_token' with a token of your own.": 'Nehmen Sie „bearer_token“ mit einem eigenen Token.',
  "There are more than {1} pages; the rest was not fetched. 'max_pages' allows more.":
    'Es gibt mehr als {1} Seiten; der Rest wurde nicht geholt. „max_pages“ erlaubt mehr.',
  'The parameters of the operation cannot be checked: {1}.':
    'Die Parameter der Operation lassen sich nicht prüfen: {1}.',
  "Parameter '{1}' {2}.": 'Parameter „{1}“: {2}.',
  'What is meant to stand there is not there: look at the template, or leave the field out.':
    'Was dort stehen soll, ist nicht da: Sehen Sie sich die Vorlage an, oder lassen Sie das Feld weg.',
  "It is a text. Write it without quotes; on the command line: '-p {1}:=…'.":
    'Es ist ein Text. Schreiben Sie ihn ohne Anführungszeichen; auf der Befehlszeile: „-p {1}:=…“.',
  'Correct the OpenAPI file, or ask its author for one that follows OpenAPI 3.0 or 3.1.':
    'Berichtigen Sie die OpenAPI-Datei, oder bitten Sie ihren Autor um eine, die OpenAPI 3.0 oder 3.1 folgt.',
  '{1} and its files hold {2}.': '{1} und seine Dateien enthalten {2}.',
  'Use a spec with only the operations that you need.':
    'Nehmen Sie eine Beschreibung mit nur den Operationen, die Sie brauchen.',
  "Parameter '{1}' has an unknown type '{2}': any value is taken.":
    'Der Parameter „{1}“ hat einen unbekannten Typ „{2}“: Jeder Wert wird genommen.',
  '{1} holds more than {2} operations.': '{1} enthält mehr als {2} Operationen.',
  "'paths' of {1} is not a map.": '„paths“ von {1} ist keine Tabelle.',
  'Convert it to OpenAPI 3.0, for example with swagger2openapi.':
    'Wandeln Sie es in OpenAPI 3.0 um, zum Beispiel mit swagger2openapi.',
  '{1} is not an OpenAPI 3.0 or 3.1 spec{2}.': '{1} ist keine Beschreibung nach OpenAPI 3.0 oder 3.1{2}.',
  "A file: its text, or a map with 'text' or 'base64', and optionally 'filename' and 'content_type'.":
    'Eine Datei: ihr Text, oder eine Tabelle mit „text“ oder „base64“ und wahlweise „filename“ und „content_type“.',
  '{1} cannot be read: {2}.': '{1} ist nicht lesbar: {2}.',
  '{1} holds a value that JSON cannot hold.': '{1} enthält einen Wert, den JSON nicht halten kann.',
  '{1} nests values more than {2} levels deep.': '{1} verschachtelt Werte mehr als {2} Ebenen tief.',
  '{1} holds too many values for one tool.': '{1} enthält zu viele Werte für ein Werkzeug.',
  'Use a spec that lists only the operations that you need.':
    'Nehmen Sie eine Beschreibung, die nur die Operationen nennt, die Sie brauchen.',
  'The service says that its answer is JSON, but it is not.':
    'Der Dienst sagt, seine Antwort sei JSON, aber sie ist es nicht.',
  'Look at the answer of the service.': 'Sehen Sie sich die Antwort des Dienstes an.',
  'The service answered {1} where its spec promises JSON: the answer is kept as text.':
    'Der Dienst antwortete {1}, wo seine Beschreibung JSON verspricht: Die Antwort wird als Text behalten.',
  'Check the login of the tool and what it may do.': 'Prüfen Sie die Anmeldung des Werkzeugs und was es darf.',
  'Check that what the parameters name exists.': 'Prüfen Sie, ob es gibt, was die Parameter nennen.',
  'The service takes fewer calls at a time. Try again later.':
    'Der Dienst nimmt weniger Aufrufe auf einmal. Versuchen Sie es später noch einmal.',
  'The service has a problem of its own. Try again later.':
    'Der Dienst hat ein eigenes Problem. Versuchen Sie es später noch einmal.',
  'The service redirects to somewhere else than it may.': 'Der Dienst leitet anderswohin um, als er darf.',
  'Correct the parameters as the service says.': 'Berichtigen Sie die Parameter, wie der Dienst es sagt.',
  'An operation has more than {1} parameters.': 'Eine Operation hat mehr als {1} Parameter.',
  "A parameter of the spec has no name or no place ('in').":
    'Ein Parameter der Beschreibung hat keinen Namen oder keinen Ort („in“).',
  'The step may not reach {1}.': 'Der Schritt darf {1} nicht erreichen.',
  'Its permissions name the hosts that it may reach: add this one if that is meant.':
    'Seine Rechte nennen die Hosts, die er erreichen darf: Ergänzen Sie diesen, wenn das gewollt ist.',
  'The call timed out after {1} seconds.': 'Der Aufruf wurde nach {1} Sekunden aufgegeben.',
  'A value holds half of a character.': 'Ein Wert enthält die Hälfte eines Zeichens.',
  'A list holds null, which a URL or a form cannot carry.':
    'Eine Liste enthält null, was eine URL oder ein Formular nicht tragen kann.',
  'The reference {1} leads only to itself.': 'Der Verweis {1} führt nur zu sich selbst.',
  "A '$ref' may name a place in the same file, or a file beside it inside the project.":
    'Ein „$ref“ darf eine Stelle derselben Datei nennen, oder eine Datei daneben im Projekt.',
  'The reference {1} {2}.': 'Der Verweis {1} {2}.',
  'The reference {1} may not be followed.': 'Dem Verweis {1} darf nicht gefolgt werden.',
  'The reference {1} names nothing.': 'Der Verweis {1} nennt nichts.',
  "The tool '{1}' names no spec.": 'Das Werkzeug „{1}“ nennt keine Beschreibung.',
  "Write 'spec_path' or 'spec_url' in the registry.": 'Schreiben Sie „spec_path“ oder „spec_url“ ins Verzeichnis.',
  "The spec of '{1}' was not fetched yet.": 'Die Beschreibung von „{1}“ wurde noch nicht geholt.',
  "'aiworkflow tools show {1}' fetches it.": '„aiworkflow tools show {1}“ holt sie.',
  "Check 'spec_url' of the tool.": 'Prüfen Sie „spec_url“ des Werkzeugs.',
  "The spec of '{1}' is no absolute path.": 'Die Beschreibung von „{1}“ ist kein absoluter Pfad.',
  "The login of '{1}' was refused: HTTP {2}": 'Die Anmeldung von „{1}“ wurde abgelehnt: HTTP {2}',
  '{1}, and null is given': '{1}, und gegeben ist null',
  'Cannot be called: {1}': 'Nicht aufrufbar: {1}',
  'Logs in at {1}': 'Meldet sich bei {1} an',
  'The fetched spec': 'Die geholte Beschreibung',
  "'{1}' was answered with HTTP {2}": '„{1}“ wurde mit HTTP {2} beantwortet',
  "The spec of '{1}' was answered with HTTP {2}": 'Die Beschreibung von „{1}“ wurde mit HTTP {2} beantwortet',
};
