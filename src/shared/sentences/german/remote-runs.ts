import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences about runs of two projects, in German. */
export const remoteRuns: Sentences = {
  'It goes on here.': 'Er geht hier weiter.',
  'Cancel it, or wait for its end.': 'Brechen Sie ihn ab, oder warten Sie auf sein Ende.',
  'The run {1} goes on at a worker elsewhere: that cannot be done from here.':
    'Der Lauf {1} geht bei einem Worker anderswo weiter: Das geht von hier aus nicht.',
  'The run {1} was worked on at {2}: what it left is there.':
    'An dem Lauf {1} wurde bei {2} gearbeitet: Was er hinterließ, ist dort.',
  'The run {1} goes on at {2}.': 'Der Lauf {1} geht bei {2} weiter.',
  'The run {1} goes on at its control center.': 'Der Lauf {1} geht bei seiner Zentrale weiter.',
  'The run {1} is of another control center, which retries it.':
    'Der Lauf {1} gehört zu einer anderen Zentrale, die ihn wiederholt.',
  'It goes on at {1}.': 'Er geht bei {1} weiter.',
  'Its control center retries it.': 'Seine Zentrale wiederholt ihn.',
  'What it left is at {1}.': 'Was er hinterließ, ist bei {1}.',
  'Another goes on with it.': 'Ein anderer setzt ihn fort.',
  'Send the message anew from its control center.': 'Senden Sie die Nachricht von ihrer Zentrale aus neu.',
  "Nobody at {1} trusts version {2} of {3}. There: 'aiworkflow bundle trust {4}', then requeue the message.":
    'Bei {1} vertraut niemand der Version {2} von {3}. Dort: „aiworkflow bundle trust {4}“, dann die Nachricht neu einreihen.',
  'What {1} sent is not the version {2}.': 'Was {1} gesendet hat, ist nicht die Version {2}.',
  'The archive that {1} sent is not what it says: its hash is another.':
    'Das Archiv, das {1} gesendet hat, ist nicht, was es sagt: Seine Prüfsumme ist eine andere.',
  'It is too large for a message: import its bundle at the worker.':
    'Sie ist zu groß für eine Nachricht: Importieren Sie ihr Bündel beim Worker.',
  'This worker does not have the version {1}.': 'Dieser Worker hat die Version {1} nicht.',
  'What a worker told of this run was refused: its events do not follow from each other.':
    'Was ein Worker von diesem Lauf meldete, wurde abgelehnt: Seine Ereignisse folgen nicht aufeinander.',
  'What a worker told of this run was refused: {1}.': 'Was ein Worker von diesem Lauf meldete, wurde abgelehnt: {1}.',
  '{1} has it.': '{1} hat ihn.',
  'Another worker has it.': 'Ein anderer Worker hat ihn.',
  'It goes on, or has ended, at its control center.': 'Er geht bei seiner Zentrale weiter oder ist dort zu Ende.',
  'It is no run of this control center.': 'Es ist kein Lauf dieser Zentrale.',
  'Another goes on with this run.': 'Ein anderer setzt diesen Lauf fort.',
  '{1} is at work on this run.': '{1} arbeitet an diesem Lauf.',
  'Another goes on with this run: nothing of it is done here any more.':
    'Ein anderer setzt diesen Lauf fort: Hier geschieht nichts mehr damit.',
  'Another worker has begun it: it waits for that one, or resume its run at {1}.':
    'Ein anderer Worker hat sie begonnen: Sie wartet auf ihn, oder setzen Sie ihren Lauf bei {1} fort.',
  '{1} goes on with it itself.': '{1} setzt ihn selbst fort.',
  'Another goes on with it: it was silent for too long.': 'Ein anderer setzt ihn fort: Von hier kam zu lange nichts.',
  'It does not fit into a message of 256 KiB and is not sent along: a worker elsewhere needs its bundle at the same place.':
    'Er passt nicht in eine Nachricht von 256 KiB und wird nicht mitgesendet: Ein Worker anderswo braucht sein Bündel an derselben Stelle.',
  'Only {1} may run it: {2}.': 'Nur {1} darf sie ausführen: {2}.',
  'What {1} sent is not the version that its message names.':
    'Was {1} gesendet hat, ist nicht die Version, die seine Nachricht nennt.',
  'Only this project runs it, no worker elsewhere: {1}.':
    'Nur dieses Projekt führt sie aus, kein Worker anderswo: {1}.',
  "step '{1}' asks people of its control center": 'Schritt „{1}“ fragt Menschen seiner Zentrale',
  "step '{1}' runs a workflow that is not sent along":
    'Schritt „{1}“ führt einen Workflow aus, der nicht mitgesendet wird',
  "step '{1}' waits for a webhook": 'Schritt „{1}“ wartet auf einen Webhook',
  "the limit '{1}' is held here": 'die Grenze „{1}“ gilt hier',
};
