import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const engine: Sentences = {
  'Wait for that run or cancel it. The workflow says concurrency: skip.':
    'Warten Sie auf diesen Lauf, oder brechen Sie ihn ab. Der Workflow sagt concurrency: skip.',
  'The app ended while this call was under way: its cost is estimated.':
    'Die App endete, während dieser Aufruf lief: Seine Kosten sind geschätzt.',
  "The tool '{1}' is not granted to this step.": 'Das Werkzeug „{1}“ ist diesem Schritt nicht erlaubt.',
  "Name it under 'requirements.tools' of the workflow if the agent is to use it.":
    'Nennen Sie es unter „requirements.tools“ des Workflows, wenn der Agent es benutzen soll.',
  'The agent step ended before this call did.': 'Der Schritt des Agenten endete vor diesem Aufruf.',
  "What '{1}' says of itself is not what it said when this was approved.":
    'Was „{1}“ über sich sagt, ist nicht mehr das, was bei der Freigabe galt.',
  "Between the proposal and this question lies '{1}', which would be done twice.":
    'Zwischen dem Vorschlag und dieser Frage liegt „{1}“, das zweimal getan würde.',
  'No agent has made a proposal before this question.': 'Vor dieser Frage hat kein Agent einen Vorschlag gemacht.',
  'The question was never asked.': 'Die Frage wurde nie gestellt.',
  '{1} It cannot be sent back.': '{1} Er kann nicht zurückgegeben werden.',
  'Approve or reject it instead.': 'Geben Sie ihn stattdessen frei, oder lehnen Sie ihn ab.',
  'The time limit of the run was reached while this step ran.':
    'Die Zeitgrenze des Laufs wurde erreicht, während dieser Schritt lief.',
  "It is not tried again: '{1}' in it may have had its effect already.":
    'Er wird nicht noch einmal versucht: „{1}“ darin kann schon gewirkt haben.',
  "A secret would be said to the agent '{1}'.": 'Ein Geheimnis würde dem Agenten „{1}“ gesagt.',
  "Write 'allow_secrets: true' on the step if a model is to read it.":
    'Schreiben Sie „allow_secrets: true“ an den Schritt, wenn ein Modell es lesen soll.',
  'The step failed inside the app.': 'Der Schritt ist in der App fehlgeschlagen.',
  'Look at the log of the app and report the problem.':
    'Sehen Sie im Protokoll der App nach, und melden Sie das Problem.',
  'Raise its timeout, or look for the step in it that takes long.':
    'Erhöhen Sie seine Zeitgrenze, oder suchen Sie den Schritt darin, der lange braucht.',
  'The app died twice in a row while it worked on this run, so it does not go on by itself.':
    'Die App ist zweimal nacheinander gestorben, während sie an diesem Lauf arbeitete, deshalb geht er nicht von selbst weiter.',
  "Look at its first step, then go on with 'aiworkflow runs resume {1}', or cancel the run.":
    'Sehen Sie sich seinen ersten Schritt an, dann setzen Sie ihn mit „aiworkflow runs resume {1}“ fort, oder brechen Sie den Lauf ab.',
  "Look at step '{1}' and what comes after it, then go on with 'aiworkflow runs resume {2}', or cancel the run.":
    'Sehen Sie sich Schritt „{1}“ und was danach kommt an, dann setzen Sie ihn mit „aiworkflow runs resume {2}“ fort, oder brechen Sie den Lauf ab.',
  'Cancel it first.': 'Brechen Sie ihn zuerst ab.',
  'The run was stopped by an error inside the app.': 'Der Lauf wurde durch einen Fehler in der App angehalten.',
  'The app is closing: nothing new is started.': 'Die App schließt: Nichts Neues wird gestartet.',
  'No step of this run completed.': 'Kein Schritt dieses Laufs wurde fertig.',
  'Open the first failed step and read why.': 'Öffnen Sie den ersten fehlgeschlagenen Schritt, und lesen Sie, warum.',
  '{1} {2} {3} not met.': '{1} {2} {3} nicht erfüllt.',
  'Compare them with the outputs of the run.': 'Vergleichen Sie sie mit den Ausgaben des Laufs.',
  'The run took longer than its limit of {1} seconds.': 'Der Lauf dauerte länger als seine Grenze von {1} Sekunden.',
  'Raise execution.timeout, or look for the step that hangs.':
    'Erhöhen Sie execution.timeout, oder suchen Sie den Schritt, der hängt.',
  'The run was cancelled.': 'Der Lauf wurde abgebrochen.',
  "Output '{1}' was declared but never set.": 'Die Ausgabe „{1}“ wurde angegeben, aber nie gesetzt.',
  "Output '{1}' is not of type {2}.": 'Die Ausgabe „{1}“ ist nicht vom Typ {2}.',
  'Set it with workflow.set_outputs in a step that always runs.':
    'Setzen Sie sie mit workflow.set_outputs in einem Schritt, der immer ausgeführt wird.',
  'The journal of run {1} has a part of {2}, which never began.':
    'Das Journal des Laufs {1} hat einen Teil von {2}, das nie begann.',
  'The journal of run {1} ends {2}, which never began.': 'Das Journal des Laufs {1} beendet {2}, das nie begann.',
  'The journal of run {1} undoes {2}, which never began.':
    'Das Journal des Laufs {1} nimmt {2} zurück, das nie begann.',
  'The journal of run {1} goes on with a rollback that never began.':
    'Das Journal des Laufs {1} setzt eine Rücknahme fort, die nie begann.',
  'The journal of run {1} ends step {2}, which never began.':
    'Das Journal des Laufs {1} beendet Schritt {2}, der nie begann.',
  'The journal of run {1} says what {2} waited for, which it never did.':
    'Das Journal des Laufs {1} sagt, worauf {2} wartete, was nie geschah.',
  'The journal of run {1} lets {2} wait, which never began.':
    'Das Journal des Laufs {1} lässt {2} warten, das nie begann.',
  'The journal of this run does not begin where it must.': 'Das Journal dieses Laufs beginnt nicht, wo es muss.',
  'Restore the state folder from a backup.': 'Stellen Sie den Zustandsordner aus einer Sicherung wieder her.',
  'The journal of run {1} has a gap after event {2}.': 'Das Journal des Laufs {1} hat eine Lücke nach Ereignis {2}.',
  "This run has no loop '{1}' that has begun.": 'Dieser Lauf hat keine Schleife „{1}“, die begonnen hat.',
  'Look at the run for the names of its steps.': 'Sehen Sie im Lauf nach, wie seine Schritte heißen.',
  "This run has no step '{1}'.": 'Dieser Lauf hat keinen Schritt „{1}“.',
  "Step '{1}' before '{2}' {3}, so it cannot be taken over.":
    'Schritt „{1}“ vor „{2}“ {3}, deshalb kann er nicht übernommen werden.',
  "Retry from '{1}' or an earlier step.": 'Wiederholen Sie ab „{1}“ oder einem früheren Schritt.',
  "This workflow has no step '{1}' to go back to.":
    'Dieser Workflow hat keinen Schritt „{1}“, zu dem er zurückgehen kann.',
  "The agent's call of '{1}' leaves the plan: {2}.": 'Der Aufruf von „{1}“ durch den Agenten weicht vom Plan ab: {2}.',
  "'{1}' leaves the plan: {2}.": '„{1}“ weicht vom Plan ab: {2}.',
  'Resume the run to let this step go on, or cancel it.':
    'Setzen Sie den Lauf fort, um diesen Schritt weitergehen zu lassen, oder brechen Sie ihn ab.',
  "List the runs with 'aiworkflow runs list'.": 'Zeigen Sie die Läufe mit „aiworkflow runs list“.',
  'Run {1} {2}.': 'Lauf {1} {2}.',
  "'{1}' is a call of an agent.": '„{1}“ ist ein Aufruf eines Agenten.',
  'Decide about the step of the agent: it cannot go on from the middle.':
    'Entscheiden Sie über den Schritt des Agenten: Er kann nicht aus der Mitte weitergehen.',
  "Step '{1}' is not in doubt.": 'Schritt „{1}“ ist nicht unklar.',
  'It may have been decided already: look again.': 'Vielleicht wurde schon entschieden: Sehen Sie noch einmal nach.',
  'Decide about its request first.': 'Entscheiden Sie zuerst über seine Anfrage.',
  'It goes on when what it waits for comes at the webhook {1}.':
    'Er geht weiter, wenn das, worauf er wartet, am Webhook {1} ankommt.',
  'It goes on by itself.': 'Er geht von selbst weiter.',
  'It goes on by itself at {1}.': 'Er geht um {1} von selbst weiter.',
  'Retry it: a new run does what was undone once more.':
    'Wiederholen Sie ihn: Ein neuer Lauf tut noch einmal, was zurückgenommen wurde.',
  'Wait for it, or cancel it first.': 'Warten Sie auf ihn, oder brechen Sie ihn zuerst ab.',
  'Use retry or replay to run it again.': 'Mit Wiederholen oder neu Ausführen läuft er noch einmal.',
  'Wait for the end of that, or go on with it.': 'Warten Sie auf das Ende davon, oder setzen Sie es fort.',
  'There is nothing left to cancel.': 'Es ist nichts mehr abzubrechen.',
  'Only a running run can be paused.': 'Nur ein laufender Lauf kann pausiert werden.',
  'Cancel it first, or wait for its end.': 'Brechen Sie ihn zuerst ab, oder warten Sie auf sein Ende.',
  'Decide about it first.': 'Entscheiden Sie zuerst darüber.',
  'Its steps left nothing behind.': 'Seine Schritte haben nichts hinterlassen.',
  'Wait for the end of that.': 'Warten Sie auf das Ende davon.',
  'It waits for no decision.': 'Er wartet auf keine Entscheidung.',
  '{1} marked this step as failed after its result was lost.':
    '{1} hat diesen Schritt als fehlgeschlagen markiert, nachdem sein Ergebnis verloren war.',
  'The run has ended.': 'Der Lauf ist beendet.',
  'The run is being cancelled.': 'Der Lauf wird abgebrochen.',
  'It pauses when the running step ends.': 'Er pausiert, wenn der laufende Schritt endet.',
  'The run is running.': 'Der Lauf läuft.',
  'The run has completed.': 'Der Lauf ist fertig.',
  'It is being rolled back.': 'Er wird zurückgenommen.',
  'It was rolled back: retry it.': 'Er wurde zurückgenommen: Wiederholen Sie ihn.',
  'Decide first.': 'Entscheiden Sie zuerst.',
  'Resume the run instead.': 'Setzen Sie stattdessen den Lauf fort.',
  'Not ended yet.': 'Noch nicht beendet.',
  'The version that it ran from cannot be read now.': 'Die Fassung, aus der er entstand, ist gerade nicht lesbar.',
  'Its steps left nothing to undo.': 'Seine Schritte haben nichts hinterlassen, was zurückzunehmen wäre.',
  'The journal of this run lacks what a turn of its loop gave.':
    'Im Journal dieses Laufs fehlt, was ein Durchgang seiner Schleife ergab.',
  '{1} must happen each time.': '{1} muss jedes Mal geschehen.',
  "{1} has an effect that must happen each time. Where it may be left out, write 'idempotent: true' at the step.":
    '{1} hat eine Wirkung, die jedes Mal geschehen muss. Wo sie entfallen darf, schreiben Sie „idempotent: true“ an den Schritt.',
  'The journal of run {1} does not say what its row says.':
    'Das Journal des Laufs {1} sagt nicht, was seine Zeile sagt.',
  "'{1}' was not pinned when this run was started.": '„{1}“ wurde nicht festgehalten, als dieser Lauf startete.',
  'Start the workflow again.': 'Starten Sie den Workflow noch einmal.',
  "Look at its failed runs. Triggers may start it again {1}, or at once after 'aiworkflow workflow reset {2}'.":
    'Sehen Sie sich seine fehlgeschlagenen Läufe an. Auslöser dürfen ihn {1} wieder starten, oder sofort nach „aiworkflow workflow reset {2}“.',
  "Nobody decided in time. Run '{1}' again, or give it a longer expires_in.":
    'Niemand hat rechtzeitig entschieden. Führen Sie „{1}“ noch einmal aus, oder geben Sie ihm ein längeres expires_in.',
  'No reason was given.': 'Es wurde kein Grund genannt.',
  'The request was taken back before anybody decided.': 'Die Anfrage wurde zurückgenommen, bevor jemand entschied.',
  "'for_each' of '{1}' needs a list or a map, it got {2}.":
    '„for_each“ von „{1}“ braucht eine Liste oder eine Tabelle, bekam aber {2}.',
  'Look at the step that gives the list, or write a default: {{ items | default([]) }}.':
    'Sehen Sie sich den Schritt an, der die Liste gibt, oder schreiben Sie einen Vorgabewert: {{ items | default([]) }}.',
  "'for_each' of '{1}' has {2} items, at most {3} are run.":
    '„for_each“ von „{1}“ hat {2} Einträge, höchstens {3} werden ausgeführt.',
  'Raise max_items (up to 10,000), or split the list.':
    'Erhöhen Sie max_items (bis 10.000), oder teilen Sie die Liste.',
  "The branches '{1}' and '{2}' both set '{3}'.": 'Die Zweige „{1}“ und „{2}“ setzen beide „{3}“.',
  'Give the variable another name in one of them.': 'Geben Sie der Variable in einem davon einen anderen Namen.',
  'The run has not come to it: look at the conditions of the step that sets it.':
    'Der Lauf ist nicht dorthin gekommen: Sehen Sie sich die Bedingungen des Schritts an, der es setzt.',
  'Open its run and read why.': 'Öffnen Sie seinen Lauf, und lesen Sie, warum.',
  "'wait' of '{1}' gave up after {2} seconds: {3}.": '„wait“ von „{1}“ gab nach {2} Sekunden auf: {3}.',
  'Raise its timeout, or look at what the condition waits for.':
    'Erhöhen Sie seine Zeitgrenze, oder sehen Sie nach, worauf die Bedingung wartet.',
  "See what came with 'aiworkflow webhook deliveries', or raise its timeout.":
    'Sehen Sie mit „aiworkflow webhook deliveries“ nach, was kam, oder erhöhen Sie seine Zeitgrenze.',
  "'event' of '{1}' needs the path of a webhook.": '„event“ von „{1}“ braucht den Pfad eines Webhooks.',
  'Give it a path such as /deploy/done, as a webhook of the project writes it.':
    'Geben Sie ihm einen Pfad wie /deploy/done, wie ein Webhook des Projekts ihn schreibt.',
  "This form of 'wait' in '{1}' cannot be run yet.": 'Diese Form von „wait“ in „{1}“ lässt sich noch nicht ausführen.',
  "'wait' of '{1}' needs a duration. {2}.": '„wait“ von „{1}“ braucht eine Dauer. {2}.',
  'Give it a value such as 30s, 5m or 1h30m.': 'Geben Sie ihm einen Wert wie 30s, 5m oder 1h30m.',
  "'until' of '{1}' needs a date and time.": '„until“ von „{1}“ braucht Datum und Uhrzeit.',
  'Give it a value such as 2026-01-31T09:00:00Z.': 'Geben Sie ihm einen Wert wie 2026-01-31T09:00:00Z.',
  "The loop '{1}' did not end within {2} turns.": 'Die Schleife „{1}“ endete nicht binnen {2} Durchgängen.',
  'Look at its condition, or raise max_iterations.':
    'Sehen Sie sich ihre Bedingung an, oder erhöhen Sie max_iterations.',
  "'{1}' is already running: {2}": '„{1}“ läuft schon: {2}',
  'The fallback value could not be worked out: {1}': 'Der Ersatzwert ließ sich nicht berechnen: {1}',
  "Step '{1}' timed out after {2} seconds": 'Schritt „{1}“ wurde nach {2} Sekunden aufgegeben',
  'Tool not found: {1}': 'Werkzeug nicht gefunden: {1}',
  '{1} is no block': '{1} ist kein Block',
  '{1} does not rest': '{1} ruht nicht',
  "What came as {1} cannot be held against 'match': {2}":
    'Was als {1} kam, lässt sich nicht mit „match“ vergleichen: {2}',
  "All agents exhausted for step '{1}': {2}": 'Alle Agenten für Schritt „{1}“ sind erschöpft: {2}',
  "Step '{1}' failed with agent '{2}', attempting failover":
    'Schritt „{1}“ ist mit dem Agenten „{2}“ fehlgeschlagen, ein anderer wird versucht',
  "Failing over from '{1}' to '{2}'": 'Wechsel von „{1}“ zu „{2}“',
  'The success condition': 'Die Erfolgsbedingung',
  'The success conditions': 'Die Erfolgsbedingungen',
  'Required output not set: {1}': 'Eine nötige Ausgabe ist nicht gesetzt: {1}',
  'Once per {1} of {2}': 'Je einmal für {1} von {2}',
  "The notice to '{1}' could not be delivered: {2}": 'Die Mitteilung an „{1}“ ließ sich nicht zustellen: {2}',
  '{1} has nothing to undo': '{1} hat nichts zurückzunehmen',
  "'{1}' is not what the plan says": '„{1}“ ist nicht, was der Plan sagt',
  'Run not found: {1}': 'Lauf nicht gefunden: {1}',
  'The output is not kept: {1}': 'Die Ausgabe wird nicht aufbewahrt: {1}',
  '{1}: {2} cannot be stored; it became null': '{1}: {2} lässt sich nicht speichern; es wurde null',
  'Circuit breaker is open - too many recent failures':
    'Der Workflow wird zurückgehalten: zu viele Fehler in letzter Zeit',
  "'{1}' completed in part: run {2}": '„{1}“ wurde nur zum Teil fertig: Lauf {2}',
  'It is no duration': 'Es ist keine Dauer',
  "Step '{1}' failed{2}": 'Schritt „{1}“ ist fehlgeschlagen{2}',
  "Step '{1}' failed: {2}": 'Schritt „{1}“ ist fehlgeschlagen: {2}',
};
