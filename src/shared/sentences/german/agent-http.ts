import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const agentHttp: Sentences = {
  'Set agent.configs.{1}.model, or --model, to a model that the service has.':
    'Setzen Sie agent.configs.{1}.model, oder --model, auf ein Modell, das der Dienst hat.',
  'Gives the final answer.': 'Gibt die endgültige Antwort.',
  "'{1}' answered something that is no answer of a model.":
    '„{1}“ antwortete etwas, das keine Antwort eines Modells ist.',
  'Check api_base_url: another service may be listening there.':
    'Prüfen Sie api_base_url: Vielleicht hört dort ein anderer Dienst.',
  "'{1}' broke off before its answer was complete.": '„{1}“ brach ab, bevor die Antwort vollständig war.',
  'Try again; if it stays so, look at the state of the service.':
    'Versuchen Sie es noch einmal; bleibt es so, sehen Sie nach dem Zustand des Dienstes.',
  "The model '{1}' cannot call tools.": 'Das Modell „{1}“ kann keine Werkzeuge aufrufen.',
  'Choose a model that supports tools, or take the tools from the step.':
    'Wählen Sie ein Modell, das Werkzeuge kann, oder nehmen Sie dem Schritt die Werkzeuge.',
  'Now give your answer as JSON that matches the schema.':
    'Geben Sie jetzt Ihre Antwort als JSON, das dem Schema entspricht.',
  'Set agent.configs.{1}.model, or --model, to a model that the service has; check api_base_url.':
    'Setzen Sie agent.configs.{1}.model, oder --model, auf ein Modell, das der Dienst hat; prüfen Sie api_base_url.',
  'Check the key of the agent and what it is allowed to do.': 'Prüfen Sie den Schlüssel des Agenten und was er darf.',
  'Try again in a while.': 'Versuchen Sie es nach einer Weile noch einmal.',
  'Check the step, the model and the options.': 'Prüfen Sie den Schritt, das Modell und die Optionen.',
  'Wait, or ask less often.': 'Warten Sie, oder fragen Sie seltener.',
  'Look at the plan and the billing of the account.': 'Sehen Sie nach dem Tarif und der Abrechnung des Kontos.',
  "The answer of '{1}' is too large.": 'Die Antwort von „{1}“ ist zu groß.',
  "'{1}' did not answer within {2} seconds.": '„{1}“ antwortete nicht binnen {2} Sekunden.',
  "Give the step a longer 'timeout', or choose a faster model.":
    'Geben Sie dem Schritt mit „timeout“ mehr Zeit, oder wählen Sie ein schnelleres Modell.',
  "The answer of '{1}' is larger than {2} MiB.": 'Die Antwort von „{1}“ ist größer als {2} MiB.',
  'Ask for less at once, or set a limit of tokens.':
    'Fragen Sie auf einmal nach weniger, oder setzen Sie eine Grenze der Tokens.',
  "The base URL of '{1}' is not a web address.": 'Die Basis-URL von „{1}“ ist keine Webadresse.',
  'Write api_base_url like {1}.': 'Schreiben Sie api_base_url wie {1}.',
  "'{1}' has no key: {2} is not set.": '„{1}“ hat keinen Schlüssel: {2} ist nicht gesetzt.',
  'Set it in the environment or in a .env file. api_key in the configuration is the name of a variable, never the key.':
    'Setzen Sie ihn in der Umgebung oder in einer Datei .env. api_key in der Konfiguration ist der Name einer Variable, nie der Schlüssel.',
  'The arguments came more than once, and not the same.': 'Die Argumente kamen mehrmals, und nicht gleich.',
  'The arguments are longer than {1} characters.': 'Die Argumente sind länger als {1} Zeichen.',
  'The arguments are not valid JSON.': 'Die Argumente sind kein gültiges JSON.',
  'The arguments must be a JSON object.': 'Die Argumente müssen ein JSON-Objekt sein.',
  'The arguments are nested deeper than {1} levels.': 'Die Argumente sind tiefer als {1} Ebenen verschachtelt.',
  "An argument must not be named '__proto__'.": 'Ein Argument darf nicht „__proto__“ heißen.',
  "The agent '{1}' still calls tools after {2} turns.":
    'Der Agent „{1}“ ruft nach {2} Runden immer noch Werkzeuge auf.',
  'Split the task into several steps, or give the agent fewer tools.':
    'Teilen Sie die Aufgabe in mehrere Schritte, oder geben Sie dem Agenten weniger Werkzeuge.',
  "'{1}' gave an empty answer.": '„{1}“ gab eine leere Antwort.',
  'The answer was cut off at its limit of tokens (max_tokens).':
    'Die Antwort wurde an ihrer Grenze der Tokens abgeschnitten (max_tokens).',
  "The model of '{1}' refuses to answer.": 'Das Modell von „{1}“ weigert sich zu antworten.',
  'Change the task, or use another model.': 'Ändern Sie die Aufgabe, oder nehmen Sie ein anderes Modell.',
  'Only {1} tool calls of one answer are run; {2} more were not.':
    'Nur {1} Werkzeugaufrufe einer Antwort werden ausgeführt; {2} weitere wurden es nicht.',
  'Pull it with: ollama pull {1}': 'Holen Sie es mit: ollama pull {1}',
  "'{1}' refuses the login ({2})": '„{1}“ lehnt die Anmeldung ab ({2})',
  "'{1}' does not know the model '{2}' (404)": '„{1}“ kennt das Modell „{2}“ nicht (404)',
  "'{1}' limits the rate of requests (429)": '„{1}“ begrenzt die Zahl der Anfragen (429)',
  "The account of '{1}' has no quota left (429)": 'Das Konto von „{1}“ hat kein Guthaben mehr (429)',
  "'{1}' refuses the login": '„{1}“ lehnt die Anmeldung ab',
  "'{1}' limits the rate of requests": '„{1}“ begrenzt die Zahl der Anfragen',
  "'{1}' broke off its answer": '„{1}“ brach seine Antwort ab',
  "'{1}' cannot be asked: {2}": '„{1}“ kann nicht gefragt werden: {2}',
  "The model of '{1}' refuses to answer: {2}": 'Das Modell von „{1}“ weigert sich zu antworten: {2}',
  "'{1}' is overloaded": '„{1}“ ist überlastet',
  "'{1}' is overloaded ({2})": '„{1}“ ist überlastet ({2})',
};
