import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const operationsAM1: Sentences = {
  'It was handed to {1}, who decides instead.': 'Sie wurde an {1} übergeben, der stattdessen entscheidet.',
  'The workflow names others who decide this.': 'Der Workflow nennt andere, die darüber entscheiden.',
  'It takes the permission {1}, which whoever asked does not have: somebody who has it decides.':
    'Es braucht das Recht {1}, das nicht hat, wer gefragt hat: Jemand mit diesem Recht entscheidet.',
  'Whoever started the run does not approve it: somebody else has to.':
    'Wer den Lauf gestartet hat, gibt ihn nicht frei: Das muss jemand anderes tun.',
  '{1} more approval is needed, but nobody is left who may give one.':
    '{1} weitere Freigabe ist nötig, aber niemand ist übrig, der sie geben darf.',
  '{1} more approval is needed, but only {2} is left who may give one.':
    '{1} weitere Freigabe ist nötig, aber nur {2} ist übrig, der sie geben darf.',
  '{1} more approval is needed, but only {2} are left who may give one.':
    '{1} weitere Freigabe ist nötig, aber nur {2} sind übrig, die sie geben dürfen.',
  '{1} more approvals are needed, but nobody is left who may give one.':
    '{1} weitere Freigaben sind nötig, aber niemand ist übrig, der sie geben darf.',
  '{1} more approvals are needed, but only {2} is left who may give one.':
    '{1} weitere Freigaben sind nötig, aber nur {2} ist übrig, der sie geben darf.',
  '{1} more approvals are needed, but only {2} are left who may give one.':
    '{1} weitere Freigaben sind nötig, aber nur {2} sind übrig, die sie geben dürfen.',
  'It was handed to you: who takes a request over does not hand it on.':
    'Sie wurde Ihnen übergeben: Wer eine Anfrage übernimmt, gibt sie nicht weiter.',
  'It is yours already.': 'Sie haben sie schon.',
  '{1} may not approve.': '{1} darf nicht freigeben.',
  '{1} does not have the permission {2}.': '{1} hat das Recht {2} nicht.',
  '{1} has asked for it: somebody else has to decide.': '{1} hat darum gebeten: Jemand anderes muss entscheiden.',
  '{1} has approved it already.': '{1} hat schon freigegeben.',
  '{1} has handed it over.': '{1} hat sie übergeben.',
  'There is nobody else here.': 'Hier ist sonst niemand.',
  'The request cannot be handed over.': 'Die Anfrage kann nicht übergeben werden.',
  "'min_approvals: {1}' cannot be met: {2} can decide here.":
    '„min_approvals: {1}“ ist nicht erfüllbar: {2} können hier entscheiden.',
  'Ask for fewer approvals, name other approvers, or give more users the role approver.':
    'Verlangen Sie weniger Freigaben, nennen Sie andere, die freigeben, oder geben Sie mehr Benutzern die Rolle approver.',
  'Somebody may have decided already: look at it again.':
    'Vielleicht hat schon jemand entschieden: Sehen Sie noch einmal nach.',
  'What would be done has changed since you looked at it.':
    'Was getan würde, hat sich geändert, seit Sie es angesehen haben.',
  'Open the request again and decide about what it shows now.':
    'Öffnen Sie die Anfrage noch einmal, und entscheiden Sie über das, was sie jetzt zeigt.',
  'The journal does not hold the request {1}.': 'Im Journal steht die Anfrage {1} nicht.',
  'Whoever asked can take the request back, or somebody who may manage users.':
    'Wer gefragt hat, kann die Anfrage zurücknehmen, oder jemand, der Benutzer verwalten darf.',
  'No agent has made this proposal. It cannot be sent back.':
    'Diesen Vorschlag hat kein Agent gemacht. Er kann nicht zurückgegeben werden.',
  "List the requests with 'aiworkflow approvals list'.": 'Zeigen Sie die Anfragen mit „aiworkflow approvals list“.',
  'This proposal was sent back {1} times.': 'Dieser Vorschlag wurde {1} Mal zurückgegeben.',
  'Approve or reject it.': 'Geben Sie ihn frei, oder lehnen Sie ihn ab.',
  'No agent has made a proposal.': 'Kein Agent hat einen Vorschlag gemacht.',
  'There is nobody else who could decide in your place.':
    'Es gibt niemanden sonst, der an Ihrer Stelle entscheiden könnte.',
  'It has been decided already.': 'Es ist schon entschieden.',
  'You do not have the permission {1}.': 'Sie haben das Recht {1} nicht.',
  'You have approved it: now others decide.': 'Sie haben freigegeben: Jetzt entscheiden andere.',
  "The cost limit '{1}' has no room for this call: {2} of {3} are spent or held{4}.":
    'Die Kostengrenze „{1}“ hat keinen Platz für diesen Aufruf: {2} von {3} sind ausgegeben oder vorgemerkt{4}.',
  '{1}. Then the run goes on by itself.': '{1}. Dann geht der Lauf von selbst weiter.',
  '{1}. Then retry the step.': '{1}. Dann wiederholen Sie den Schritt.',
  "No price is known for {1}, so the cost limit '{2}' could not hold: nothing was asked.":
    'Für {1} ist kein Preis bekannt, also könnte die Kostengrenze „{2}“ nicht halten: Nichts wurde gefragt.',
  'Add its price to .aiworkflow/prices.yaml, or let the limit allow calls without a price.':
    'Tragen Sie den Preis in .aiworkflow/prices.yaml ein, oder lassen Sie die Grenze Aufrufe ohne Preis zu.',
  'The run {1} waits for no limit of spending.': 'Der Lauf {1} wartet auf keine Kostengrenze.',
  "'aiworkflow costs questions' lists the runs that do.": '„aiworkflow costs questions“ zeigt die Läufe, die es tun.',
  "The limit '{1}' or what the run asks for is another now.":
    'Die Grenze „{1}“ oder was der Lauf verlangt, ist inzwischen anders.',
  'Look at it as it is now, then decide.': 'Sehen Sie sich an, wie es jetzt ist, dann entscheiden Sie.',
  "The limit '{1}' stands in aiworkflow.yaml and is changed there.":
    'Die Grenze „{1}“ steht in aiworkflow.yaml und wird dort geändert.',
  "Change it under 'costs.limits', then open the project again. A run that waits can be given more once.":
    'Ändern Sie sie unter „costs.limits“, dann öffnen Sie das Projekt noch einmal. Einem Lauf, der wartet, kann einmal mehr gegeben werden.',
  'It needs ${1} more at least.': 'Es braucht mindestens {1} $ mehr.',
  "There is no cost limit '{1}'.": 'Es gibt keine Kostengrenze „{1}“.',
  "'aiworkflow costs limits list' shows them.": '„aiworkflow costs limits list“ zeigt sie.',
  "What is left of '{1}' cannot be told day by day.": 'Was von „{1}“ übrig ist, lässt sich nicht Tag für Tag sagen.',
  'It slides along, or is one of runs.': 'Sie gleitet mit der Zeit, oder sie zählt Läufe.',
  'A calendar has 1 to {1} days.': 'Ein Kalender hat 1 bis {1} Tage.',
  '{1} holds {2}: the bundle was not exported.': '{1} enthält {2}: Das Bundle wurde nicht exportiert.',
  'Write {{ secrets.NAME }} in its place, or move it to the file .env, which is never exported.':
    'Schreiben Sie stattdessen {{ secrets.NAME }}, oder verschieben Sie es in die Datei .env, die nie exportiert wird.',
  'The files were changed while they were read.': 'Die Dateien wurden beim Lesen geändert.',
  "Set up '{1}' in .aiworkflow/tools/registry.yaml, or put its script into the tools folder of the bundle.":
    'Richten Sie „{1}“ in .aiworkflow/tools/registry.yaml ein, oder legen Sie sein Skript in den Werkzeugordner des Bundles.',
  'Look at the inputs of the workflow.': 'Sehen Sie sich die Eingaben des Workflows an.',
  'Change what is named, leave this step out, or use a newer version of the app.':
    'Ändern Sie, was genannt ist, lassen Sie diesen Schritt weg, oder nehmen Sie eine neuere Version der App.',
  'Mend the workflow file and try again.':
    'Bringen Sie die Workflow-Datei in Ordnung, und versuchen Sie es noch einmal.',
  'No earlier run of {1} has worked.': 'Kein früherer Lauf von {1} hat funktioniert.',
  'Name another run to compare with.': 'Nennen Sie einen anderen Lauf zum Vergleichen.',
  'Choose another name, or use --force to write over it.':
    'Wählen Sie einen anderen Namen, oder überschreiben Sie mit --force.',
  'There is no such operation.': 'Diese Operation gibt es nicht.',
  'This operation needs an open project.': 'Diese Operation braucht ein geöffnetes Projekt.',
  'Ask an admin of this project for a role that has it.':
    'Bitten Sie einen Verwalter dieses Projekts um eine Rolle, die es hat.',
  'The input of {1} is nested too deeply.': 'Die Eingabe von {1} ist zu tief verschachtelt.',
  "It is used where the settings say 'queue: {type: {1}}'.":
    'Sie wird benutzt, wo die Einstellungen „queue: {type: {1}}“ sagen.',
  'Tools that declare what they need get nothing else. Those that declare nothing run with your rights.':
    'Werkzeuge, die sagen, was sie brauchen, bekommen nichts anderes. Die nichts sagen, laufen mit Ihren Rechten.',
  'Node.js is recent enough.': 'Node.js ist neu genug.',
  'Node.js 24 or newer is needed.': 'Node.js 24 oder neuer wird gebraucht.',
  'Tools written in Python will not run.': 'In Python geschriebene Werkzeuge laufen nicht.',
  'Python tools can run.': 'Python-Werkzeuge können laufen.',
  'Python {1} or newer {2}.': 'Python {1} oder neuer {2}.',
  'A monitoring system can read them.': 'Ein Überwachungssystem kann sie lesen.',
  "They are served by 'aiworkflow metrics start', and by the app with 'monitoring: {enabled: true}'.":
    'Sie werden mit „aiworkflow metrics start“ angeboten, und von der App mit „monitoring: {enabled: true}“.',
  'It cannot be reached.': 'Es ist nicht erreichbar.',
  'No secret has been stored yet.': 'Noch ist kein Geheimnis gespeichert.',
  'Secrets are sealed and can be used.': 'Geheimnisse sind versiegelt und benutzbar.',
  "Get new values and replace them: 'aiworkflow secrets list' and Admin → Secrets say which.":
    'Besorgen Sie neue Werte, und ersetzen Sie sie: „aiworkflow secrets list“ und Verwaltung → Geheimnisse sagen, welche.',
  'The project folder is complete.': 'Der Projektordner ist vollständig.',
  'The config file was found.': 'Die Konfigurationsdatei wurde gefunden.',
  'Workflows that use git will fail.': 'Workflows, die git benutzen, werden fehlschlagen.',
  'Git was found.': 'Git wurde gefunden.',
  'Cannot be used: {1}. Open Agents & tools to see why.':
    'Nicht benutzbar: {1}. Öffnen Sie Agenten & Werkzeuge, um zu sehen, warum.',
  "The primary agent '{1}' is not installed.": 'Der Hauptagent „{1}“ ist nicht installiert.',
  "The primary agent is '{1}'.": 'Der Hauptagent ist „{1}“.',
  'The store passed its check.': 'Der Speicher hat seine Prüfung bestanden.',
  'The index of the search passed its check.': 'Der Index der Suche hat seine Prüfung bestanden.',
  'It was damaged ({1}), is set aside and is made anew: until it is whole a search takes longer.':
    'Er war beschädigt ({1}), ist beiseitegelegt und wird neu gemacht: Bis er vollständig ist, dauert eine Suche länger.',
  "There is none yet: 'aiworkflow backup' makes one.": 'Noch gibt es keine: „aiworkflow backup“ macht eine.',
  'Checked when it was made; brought back for a trial: {1}.': 'Beim Erstellen geprüft; zur Probe zurückgeholt: {1}.',
  'There is enough space.': 'Es ist genug Platz.',
  'Little space is left: runs may stall.': 'Wenig Platz ist übrig: Läufe können stehen bleiben.',
  "What the app says about itself; 'aiworkflow diagnostics' packs it for whoever helps you.":
    'Was die App über sich sagt; „aiworkflow diagnostics“ packt es für alle, die Ihnen helfen.',
  '{1} copies the database while it is written, which can damage it: move the project to a folder that is not synced.':
    '{1} kopiert die Datenbank, während sie geschrieben wird, was sie beschädigen kann: Verschieben Sie das Projekt in einen Ordner, der nicht abgeglichen wird.',
  'Only you can read the state folder.': 'Nur Sie können den Zustandsordner lesen.',
  'Others can read the state folder; doctor --fix repairs it.':
    'Andere können den Zustandsordner lesen; doctor --fix behebt das.',
  'Edit it in your editor instead.': 'Bearbeiten Sie es stattdessen in Ihrem Editor.',
  'The file of this workflow lies outside of its bundle.': 'Die Datei dieses Workflows liegt außerhalb seines Bundles.',
  'Mend the YAML between the lines of ---, then save it again.':
    'Bringen Sie das YAML zwischen den Zeilen --- in Ordnung und speichern Sie dann erneut.',
  'The part above the steps cannot be read, so the copy cannot be named.':
    'Der Teil über den Schritten ist nicht lesbar, darum kann die Kopie keinen Namen bekommen.',
  'The published text was changed meanwhile.': 'Der veröffentlichte Text wurde inzwischen geändert.',
  'Look at the difference, then take that text or keep yours.':
    'Sehen Sie sich den Unterschied an, dann nehmen Sie jenen Text, oder behalten Sie Ihren.',
  'The draft is kept: mend what is wrong in it, then publish it.':
    'Der Entwurf bleibt: Bringen Sie in Ordnung, was darin falsch ist, dann veröffentlichen Sie ihn.',
  'No run failed for this reason.': 'Aus diesem Grund ist kein Lauf fehlgeschlagen.',
  'Look at the list again.': 'Sehen Sie sich die Liste noch einmal an.',
  'It was cut short, and nobody knows what it left.': 'Er wurde abgebrochen, und niemand weiß, was er hinterließ.',
  'To make room, what was kept to undo {1} older run(s) was removed.':
    'Um Platz zu schaffen, wurde entfernt, was zum Zurücknehmen von {1} älteren Läufen aufbewahrt war.',
  'not configured': 'nicht eingerichtet',
  'cannot be used': 'nicht benutzbar',
  'damaged file': 'beschädigte Datei',
  'not found': 'nicht gefunden',
  'not served by this process': 'von diesem Prozess nicht angeboten',
  'vault with a passphrase': 'Tresor mit einer Passphrase',
  'not checked': 'nicht geprüft',
  'made anew': 'neu gemacht',
  '{1} GiB free': '{1} GiB frei',
  '{1} found': '{1} gefunden',
};
