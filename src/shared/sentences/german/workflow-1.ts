import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const workflow1: Sentences = {
  'Close the block: below its last line, repeat the marks that it begins with.':
    'Schließen Sie den Block: Wiederholen Sie unter seiner letzten Zeile die Zeichen, mit denen er beginnt.',
  "Put the block under '{1}:'.": 'Setzen Sie den Block unter „{1}:“.',
  'Move some of the steps into other workflows.': 'Verschieben Sie einige der Schritte in andere Workflows.',
  "Add 'action' or another kind key, or tag the block 'yaml example'.":
    'Ergänzen Sie „action“ oder einen anderen Schlüssel der Art, oder kennzeichnen Sie den Block mit „yaml example“.',
  'Write one block per step.': 'Schreiben Sie einen Block je Schritt.',
  "Write '{1}'.": 'Schreiben Sie „{1}“.',
  "Put it under a heading such as ## Step 1: Name, or tag the block 'yaml example'.":
    'Setzen Sie ihn unter eine Überschrift wie ## Step 1: Name, oder kennzeichnen Sie den Block mit „yaml example“.',
  'Give the input an enum or a default, so that it can be checked.':
    'Geben Sie der Eingabe ein enum oder einen Vorgabewert, damit sie geprüft werden kann.',
  'Write for example slack.send_message.': 'Schreiben Sie zum Beispiel slack.send_message.',
  'Agents here: {1}.': 'Agenten hier: {1}.',
  'Add a heading such as ## Step 1: Name with a yaml block that has action: tool.operation.':
    'Ergänzen Sie eine Überschrift wie ## Step 1: Name mit einem yaml-Block, der action: tool.operation enthält.',
  'Change the number in the heading, or give the step an id of its own.':
    'Ändern Sie die Nummer in der Überschrift, oder geben Sie dem Schritt eine eigene Kennung.',
  'Give one of them another id.': 'Geben Sie einem davon eine andere Kennung.',
  'Give one of them another output_variable.': 'Geben Sie einem davon eine andere output_variable.',
  'Set it with workflow.set_outputs.': 'Setzen Sie sie mit workflow.set_outputs.',
  'Put a transaction of its own into it.': 'Setzen Sie eine eigene transaction hinein.',
  'Give each of them a name of its own.': 'Geben Sie jedem davon einen eigenen Namen.',
  'Write a code such as tool.failed, an area such as tool.*, timeout, * or a number.':
    'Schreiben Sie einen Code wie tool.failed, einen Bereich wie tool.*, timeout, * oder eine Zahl.',
  'Move data and long texts into other files.': 'Verschieben Sie Daten und lange Texte in andere Dateien.',
  'Save the workflow as UTF-8 text.': 'Speichern Sie den Workflow als UTF-8-Text.',
  'Save the file as UTF-8.': 'Speichern Sie die Datei als UTF-8.',
  'Write steps as headings (## Step 1: Name) with a yaml block.':
    'Schreiben Sie Schritte als Überschriften (## Step 1: Name) mit einem yaml-Block.',
  "Move '{1}' under '{2}:'.": 'Verschieben Sie „{1}“ unter „{2}:“.',
  "Write a value behind '{1}:'.": 'Schreiben Sie einen Wert hinter „{1}:“.',
  'Update the product, or lower min_version.': 'Aktualisieren Sie das Produkt, oder senken Sie min_version.',
  'Write for example name: {type: string}.': 'Schreiben Sie zum Beispiel name: {type: string}.',
  'Write for example - {name: limit, type: integer}.': 'Schreiben Sie zum Beispiel - {name: limit, type: integer}.',
  'Write {1}: {type: array, default: [...]}.': 'Schreiben Sie {1}: {type: array, default: [...]}.',
  'Write the name itself, or leave the key out and choose it at the start with --{1}.':
    'Schreiben Sie den Namen selbst, oder lassen Sie den Schlüssel weg, und wählen Sie ihn beim Start mit --{1}.',
  'Use one of {1}.': 'Nehmen Sie eines von {1}.',
  'Write for example - {error_code: 404, action: continue}.':
    'Schreiben Sie zum Beispiel - {error_code: 404, action: continue}.',
  'Add a line with --- behind the frontmatter.': 'Ergänzen Sie eine Zeile mit --- hinter dem Frontmatter.',
  'Write for example workflow: {id: my-flow}.': 'Schreiben Sie zum Beispiel workflow: {id: my-flow}.',
  'There are {1} more problems in this file. They are shown when these are mended.':
    'In dieser Datei gibt es {1} weitere Probleme. Sie werden gezeigt, wenn diese behoben sind.',
  "Use 'condition' instead of 'if', or put the step under 'then'.":
    'Nehmen Sie „condition“ statt „if“, oder setzen Sie den Schritt unter „then“.',
  "Make two steps, or write 'type'.": 'Machen Sie zwei Schritte daraus, oder schreiben Sie „type“.',
  "Did you mean '{1}'?": 'Meinten Sie „{1}“?',
  'Add one of {1}.': 'Ergänzen Sie eines von {1}.',
  'For a fixed output write on_error: {fallback: value}.':
    'Für eine feste Ausgabe schreiben Sie on_error: {fallback: value}.',
  'Write the inputs as name: value lines.': 'Schreiben Sie die Eingaben als Zeilen name: value.',
  'Write it into config.yaml of the bundle.': 'Schreiben Sie es in config.yaml des Bundles.',
  'Write agent.failover.fallback_agents into aiworkflow.yaml, or fallback_agent into config.yaml.':
    'Schreiben Sie agent.failover.fallback_agents in aiworkflow.yaml, oder fallback_agent in config.yaml.',
  'Move the inner steps into a workflow of their own.':
    'Verschieben Sie die inneren Schritte in einen eigenen Workflow.',
  'Write for example - action: tool.operation.': 'Schreiben Sie zum Beispiel - action: tool.operation.',
  'Put a condition that begins with {{ in quotes.':
    'Setzen Sie eine Bedingung, die mit {{ beginnt, in Anführungszeichen.',
  'Write {1}: and the items below it.': 'Schreiben Sie {1}: und die Einträge darunter.',
  'Write the id of the workflow that is started.': 'Schreiben Sie die Kennung des Workflows, der gestartet wird.',
  'Write for example - type: manual.': 'Schreiben Sie zum Beispiel - type: manual.',
  'Write for example schedule: "0 9 * * MON-FRI".': 'Schreiben Sie zum Beispiel schedule: "0 9 * * MON-FRI".',
  'Use a name such as Europe/Berlin or UTC.': 'Nehmen Sie einen Namen wie Europe/Berlin oder UTC.',
  'Write for example 2026-01-31T09:00:00Z.': 'Schreiben Sie zum Beispiel 2026-01-31T09:00:00Z.',
  "Write an 'ends_at' that is later, or leave it out.":
    'Schreiben Sie ein „ends_at“, das später liegt, oder lassen Sie es weg.',
  'Write for example path: /github.': 'Schreiben Sie zum Beispiel path: /github.',
  'Store the secret and write its name here.': 'Speichern Sie das Geheimnis, und schreiben Sie seinen Namen hierhin.',
  'Write for example name: run.failed.': 'Schreiben Sie zum Beispiel name: run.failed.',
  'Use {1}.': 'Nehmen Sie {1}.',
  "The default of input '{1}' is a secret: write 'secret: true' beside it.":
    'Der Vorgabewert der Eingabe „{1}“ ist ein Geheimnis: Schreiben Sie „secret: true“ daneben.',
  "The secret input '{1}' cannot be used in success conditions: they never see its value.":
    'Die geheime Eingabe „{1}“ ist in Erfolgsbedingungen nicht benutzbar: Sie sehen ihren Wert nie.',
  "The key '{1}' cannot be used on a step of kind '{2}' yet.":
    'Der Schlüssel „{1}“ ist an einem Schritt der Art „{2}“ noch nicht benutzbar.',
  "The key '{1}' cannot be used yet.": 'Der Schlüssel „{1}“ ist noch nicht benutzbar.',
  "'secrets' can only be used in the inputs of a step that calls something.":
    '„secrets“ ist nur in den Eingaben eines Schritts benutzbar, der etwas aufruft.',
  "The key '{1}' cannot be used on a step of kind '{2}': write it on the steps in it.":
    'Der Schlüssel „{1}“ ist an einem Schritt der Art „{2}“ nicht benutzbar: Schreiben Sie ihn an die Schritte darin.',
  "'rollback: {1}' leaves 'compensate' unused: write one of them.":
    '„rollback: {1}“ lässt „compensate“ unbenutzt: Schreiben Sie eines davon.',
  "'rollback: restore' puts files back: name them under 'workspace'.":
    '„rollback: restore“ stellt Dateien zurück: Nennen Sie sie unter „workspace“.',
  "The key '{1}' cannot be used on a step of kind '{2}': write it on a block around it, such as try.":
    'Der Schlüssel „{1}“ ist an einem Schritt der Art „{2}“ nicht benutzbar: Schreiben Sie ihn an einen Block darum, etwa try.',
  "The on_error action '{1}' cannot be used yet.": 'Die Aktion „{1}“ von on_error ist noch nicht benutzbar.',
  "A step of kind '{1}' cannot be tried again by on_error: put it into a block, such as try, that has 'retry'.":
    'Ein Schritt der Art „{1}“ kann nicht von on_error wiederholt werden: Setzen Sie ihn in einen Block wie try, der „retry“ hat.',
  "'rollback_to' of on_error goes with the action 'rollback' alone: nothing goes on after it.":
    '„rollback_to“ von on_error geht nur mit der Aktion „rollback“: Danach geht nichts weiter.',
  "'notify' names no channel: write its name, or {channel, text}.":
    '„notify“ nennt keinen Kanal: Schreiben Sie seinen Namen, oder {channel, text}.',
  "The on_error action 'notify' needs a channel: notify: log, or one that the project names.":
    'Die Aktion „notify“ von on_error braucht einen Kanal: notify: log, oder einen, den das Projekt nennt.',
  "The secret input '{1}' can only be used in the inputs of a step that calls something.":
    'Die geheime Eingabe „{1}“ ist nur in den Eingaben eines Schritts benutzbar, der etwas aufruft.',
  'Something is divided by it, so it is not 0.': 'Etwas wird dadurch geteilt, also ist es nicht 0.',
  'Give every branch a name and a list of steps.': 'Geben Sie jedem Zweig einen Namen und eine Liste von Schritten.',
  'Add the steps to repeat under steps:.': 'Ergänzen Sie die zu wiederholenden Schritte unter steps:.',
  'Write for example wait: 5m.': 'Schreiben Sie zum Beispiel wait: 5m.',
  'Write for example action: tool.operation, in quotes when it holds {{ }}.':
    'Schreiben Sie zum Beispiel action: tool.operation, in Anführungszeichen, wenn es {{ }} enthält.',
  'Write for example action: tool.operation.': 'Schreiben Sie zum Beispiel action: tool.operation.',
  "Write '{1}' in quotes.": 'Schreiben Sie „{1}“ in Anführungszeichen.',
  "Write 'inputs.{1}'.": 'Schreiben Sie „inputs.{1}“.',
  "Add '{1}' to the needs of this step.": 'Nehmen Sie „{1}“ in needs dieses Schritts auf.',
  "It is set later, by step '{1}'.": 'Es wird später gesetzt, von Schritt „{1}“.',
  'Write it as for_each: {1} as {2}.': 'Schreiben Sie es als for_each: {1} as {2}.',
  'This block is never closed: everything below it belongs to it':
    'Dieser Block wird nie geschlossen: Alles darunter gehört zu ihm',
  "Unknown key '{1}' in a section for {2}": 'Unbekannter Schlüssel „{1}“ in einem Abschnitt für {2}',
  "Step numbers have at most two parts: this is step {1} with the name '{2}'":
    'Schrittnummern haben höchstens zwei Teile: Das ist Schritt {1} mit dem Namen „{2}“',
  'This part is HTML or commented out: the steps in it do not run':
    'Dieser Teil ist HTML oder auskommentiert: Die Schritte darin laufen nicht',
  'A workflow has at most {1} steps': 'Ein Workflow hat höchstens {1} Schritte',
};
