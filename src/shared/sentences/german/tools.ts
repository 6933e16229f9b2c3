import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const tools: Sentences = {
  "'aiworkflow tools show {1}' lists them.": '„aiworkflow tools show {1}“ zeigt sie.',
  "Parameter '{1}' is not known to this operation.": 'Den Parameter „{1}“ kennt diese Operation nicht.',
  "Parameter '{1}' is required.": 'Der Parameter „{1}“ ist nötig.',
  "Parameter '{1}.{2}{3}' has an unknown type '{4}'. Types: {5}.":
    'Der Parameter „{1}.{2}{3}“ hat einen unbekannten Typ „{4}“. Typen: {5}.',
  'The call was cancelled.': 'Der Aufruf wurde abgebrochen.',
  'The schema of {1} cannot be used: {2}.': 'Das Schema von {1} ist nicht benutzbar: {2}.',
  "Mend 'schema' of the adapter.": 'Bringen Sie „schema“ des Adapters in Ordnung.',
  'The adapter did not say which operations it has.': 'Der Adapter sagte nicht, welche Operationen er hat.',
  'What the adapter says of itself cannot be used: {1}.': 'Was der Adapter über sich sagt, ist nicht benutzbar: {1}.',
  "The adapter of '{1}' gave a result that is nested too deep.":
    'Der Adapter von „{1}“ gab ein Ergebnis, das zu tief verschachtelt ist.',
  "The adapter of '{1}' gave an answer that is no JSON.": 'Der Adapter von „{1}“ gab eine Antwort, die kein JSON ist.',
  'An adapter must return its result; it must not end the process.':
    'Ein Adapter muss sein Ergebnis zurückgeben; er darf den Prozess nicht beenden.',
  'The log holds the whole of it.': 'Im Protokoll steht alles.',
  'Contained by {1}: {2}; {3}; {4}.': 'Begrenzt durch {1}: {2}; {3}; {4}.',
  'Required parameter not provided: {1}': 'Ein nötiger Parameter fehlt: {1}',
  "Add '{1}' to the step's inputs": 'Ergänzen Sie „{1}“ in den Eingaben des Schritts',
  "'{1}' must be a map": '„{1}“ muss eine Tabelle sein',
  "'{1}' must be a duration, such as 30s": '„{1}“ muss eine Dauer sein, etwa 30s',
  "The adapter of '{1}' ended ({2}) before it answered{3}":
    'Der Adapter von „{1}“ endete ({2}), bevor er antwortete{3}',
  'Invalid parameters for {1}.{2}: {3}': 'Ungültige Parameter für {1}.{2}: {3}',
  "The adapter of '{1}' cannot be loaded: {2}: {3}": 'Der Adapter von „{1}“ lässt sich nicht laden: {2}: {3}',
  'The result of {1}.{2} cannot be written as JSON: {3}':
    'Das Ergebnis von {1}.{2} lässt sich nicht als JSON schreiben: {3}',
  'Not contained: what the tool declares is not held here. {1}':
    'Nicht begrenzt: Was das Werkzeug angibt, wird hier nicht eingehalten. {1}',
};
