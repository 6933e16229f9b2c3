import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of recordings, in German. */
export const cassettes: Sentences = {
  'It is a replay.': 'Er ist eine Wiedergabe.',
  'It was called off before it was answered.': 'Er wurde abgesagt, bevor er beantwortet war.',
  'Run {1} is a replay: it did no work.': 'Der Lauf {1} ist eine Wiedergabe: Er hat nichts getan.',
  'Do it with the run that was recorded.': 'Tun Sie es mit dem aufgezeichneten Lauf.',
  'Record a run with less data.': 'Zeichnen Sie einen Lauf mit weniger Daten auf.',
  'The recording of this run is larger than 8 MiB.': 'Die Aufzeichnung dieses Laufs ist größer als 8 MiB.',
  'Get the file once more, or record a run anew.':
    'Holen Sie die Datei noch einmal, oder zeichnen Sie einen Lauf neu auf.',
  'This is no recording that can be replayed: {1}.': 'Das ist keine Aufzeichnung, die sich wiedergeben lässt: {1}.',
  'Record the run that it replays.': 'Zeichnen Sie den Lauf auf, den er wiedergibt.',
  'Record a run that ended by itself.': 'Zeichnen Sie einen Lauf auf, der von selbst geendet hat.',
  'Wait for its end.': 'Warten Sie sein Ende ab.',
  'This run cannot be recorded: {1}.': 'Dieser Lauf lässt sich nicht aufzeichnen: {1}.',
  '{1} did not take over in the recording.': '{1} hat in der Aufzeichnung nicht übernommen.',
  'Look at the difference. If it is wanted, record a run of the workflow as it is now.':
    'Sehen Sie sich den Unterschied an. Ist er gewollt, zeichnen Sie einen Lauf des Workflows auf, wie er jetzt ist.',
  "'{1}' asks something else than was recorded.": '„{1}“ fragt etwas anderes als aufgezeichnet.',
  "'{1}' is not in the recording.": '„{1}“ steht nicht in der Aufzeichnung.',
  "Start one with 'aiworkflow runs replay RUN --cassette'.":
    'Starten Sie einen mit „aiworkflow runs replay RUN --cassette“.',
  'This run was not answered from a recording.': 'Dieser Lauf bekam seine Antworten nicht aus einer Aufzeichnung.',
  "The recording has no step '{1}'.": 'Die Aufzeichnung hat keinen Schritt „{1}“.',
  'Replay it as a whole, or start the workflow anew.':
    'Geben Sie sie als Ganzes wieder, oder starten Sie den Workflow neu.',
  "The secret '{1}' is not in the recording.": 'Das Geheimnis „{1}“ steht nicht in der Aufzeichnung.',
  "'aiworkflow workflow test WORKFLOW' replays all that there are.":
    '„aiworkflow workflow test WORKFLOW“ gibt alle wieder, die es gibt.',
  "There is no test '{1}' of this workflow.": 'Dieser Workflow hat keinen Test „{1}“.',
  'Put a folder in the place of the link.': 'Setzen Sie an die Stelle des Verweises einen Ordner.',
  'The tests of this workflow lie outside of it.': 'Die Tests dieses Workflows liegen außerhalb von ihm.',
  'Give it another name, or replace it.': 'Geben Sie ihm einen anderen Namen, oder ersetzen Sie ihn.',
  "There is a test '{1}' of this workflow already.": 'Dieser Workflow hat schon einen Test „{1}“.',
  'Replay the run itself, or move the workflow into the library.':
    'Geben Sie den Lauf selbst wieder, oder verschieben Sie den Workflow in die Bibliothek.',
};
