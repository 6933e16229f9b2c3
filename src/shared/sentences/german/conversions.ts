import type { Sentences } from '../read-sentence.ts';

/** Why something of a file of another program did not map: it stands in the report of an import, behind what it is about. */
export const conversions: Sentences = {
  'it has no counterpart here': 'hier gibt es nichts Entsprechendes',
  'only Claude Code fills it in': 'das füllt nur Claude Code aus',
  'write what the step may do under permissions': 'schreiben Sie unter permissions, was der Schritt darf',
  'it runs in the folder of the run, not in that of the project':
    'das läuft im Ordner des Laufs, nicht in dem des Projekts',
  'the agent reads no file that a prompt names: give it under files':
    'der Agent liest keine Datei, die ein Prompt nennt: geben Sie sie unter files an',
  'give the schedule a jitter': 'geben Sie dem Zeitplan eine Streuung (jitter)',
  'write the hours into the schedule': 'schreiben Sie die Stunden in den Zeitplan',
  'it ran as this user there; here as whoever runs the app':
    'dort lief es als dieser Benutzer, hier als der, der die App startet',
  'what it prints is kept with the run and not sent by mail':
    'was es ausgibt, bleibt beim Lauf und geht nicht als Mail hinaus',
  'it is run by sh here': 'hier führt es sh aus',
  'nothing starts when the machine starts': 'nichts startet, wenn der Rechner startet',
  'it has no schedule: {1}': 'es hat keinen Zeitplan: {1}',
  '{1} is no integer': '{1} ist keine ganze Zahl',
  'it names no rule': 'es nennt keine Regel',
  'this rule is not known': 'diese Regel ist nicht bekannt',
  'no token of GitHub is handed to a run': 'ein Lauf bekommt kein Token von GitHub',
  'they run one after the other, in one folder': 'sie laufen nacheinander, in einem Ordner',
  'a workflow of GitHub is not called from here': 'ein Workflow von GitHub wird von hier nicht aufgerufen',
  'it belongs to the workflow that is not called': 'es gehört zu dem Workflow, der nicht aufgerufen wird',
  'the job runs whatever it says': 'der Job läuft, was immer es sagt',
  'it runs on this machine, with what is installed here':
    'es läuft auf diesem Rechner, mit dem, was hier installiert ist',
  'its values are only known there: the job stands here once':
    'seine Werte sind nur dort bekannt: der Job steht hier einmal',
  'only the first value of each was taken': 'nur der erste Wert von jedem wurde übernommen',
  'combinations are not made here': 'Kombinationen werden hier nicht gebildet',
  'the step runs whatever it says': 'der Schritt läuft, was immer es sagt',
  'the folder of a run is empty: get the code with git in a script':
    'der Ordner eines Laufs ist leer: holen Sie den Code in einem Skript mit git',
  'an action of GitHub does not run here': 'eine Action von GitHub läuft hier nicht',
  'scripts are run by bash, sh or Python': 'Skripte führen bash, sh oder Python aus',
  'only a value that stands there is taken': 'nur ein Wert, der dort steht, wird übernommen',
  'nothing sets it here': 'hier setzt es niemand',
  'store it and allow it to this workflow': 'legen Sie es ab und erlauben Sie es diesem Workflow',
  'store each of them and allow it to this workflow': 'legen Sie jedes davon ab und erlauben Sie es diesem Workflow',
  'the expression stands in the script as it is written': 'der Ausdruck steht im Skript, wie er geschrieben ist',
  'every such event starts it': 'jedes solche Ereignis startet ihn',
  'nothing like it starts a run here': 'nichts Derartiges startet hier einen Lauf',
  'GitHub has to send it: store the secret {1} and set up a webhook for it':
    'GitHub muss es senden: legen Sie das Geheimnis {1} ab und richten Sie einen Webhook dafür ein',
  'give the step a retry, and a step after it that checks':
    'geben Sie dem Schritt einen neuen Versuch (retry) und danach einen Schritt, der prüft',
  'they are suggestions for a chat': 'das sind Vorschläge für einen Chat',
  'put what it says into the instructions': 'nehmen Sie, was es sagt, in die Anweisungen auf',
  'the content of a file there is its text here': 'was dort der Inhalt einer Datei ist, ist hier ihr Text',
  'import it and call it by a workflow step; the agent does not call it':
    'importieren Sie es und rufen Sie es in einem workflow-Schritt auf; der Agent ruft es nicht auf',
  'add this MCP server under Agents & tools and name it in requirements.tools':
    'fügen Sie diesen MCP-Server unter Agenten und Werkzeuge hinzu und nennen Sie ihn in requirements.tools',
  'it belongs to Goose: the agent works with the tools that it has here':
    'es gehört zu Goose: der Agent arbeitet mit den Werkzeugen, die er hier hat',
  'choose agent and model of the step': 'wählen Sie Agent und Modell des Schritts',
  'only Goose knows it: write what it means': 'das kennt nur Goose: schreiben Sie, was es bedeutet',
  'nothing starts when somebody signs in': 'nichts startet, wenn sich jemand anmeldet',
  'a run ends and is not started again; a schedule or a watch starts the next one':
    'ein Lauf endet und wird nicht neu gestartet; ein Zeitplan oder eine Überwachung startet den nächsten',
  'nothing starts for a folder that is not empty; a file trigger starts when one comes':
    'nichts startet für einen Ordner, der nicht leer ist; ein Datei-Auslöser startet, wenn eine Datei kommt',
  'nothing starts when a disk is mounted': 'nichts startet, wenn ein Laufwerk eingehängt wird',
  'what it prints is kept with the run': 'was es ausgibt, bleibt beim Lauf',
  'it runs as whoever runs the app': 'es läuft als der, der die App startet',
  'a run that is cancelled is ended after 3 seconds': 'ein Lauf, der abgebrochen wird, ist nach 3 Sekunden zu Ende',
  'it was off there; here nothing is armed either': 'dort war es aus; hier ist auch nichts scharf',
  'it is no dictionary, so there is no schedule': 'es ist keine Tabelle, also gibt es keinen Zeitplan',
  'no such part of an instant is known': 'ein solcher Teil eines Zeitpunkts ist nicht bekannt',
  'it starts when something below the path is made, changed, moved or deleted':
    'es startet, wenn unter dem Pfad etwas entsteht, sich ändert, verschoben oder gelöscht wird',
  "this expression of the node '{1}' stands in the draft as it is written":
    'dieser Ausdruck des Knotens „{1}“ steht im Entwurf, wie er geschrieben ist',
  "nothing here does what '{1}' does": 'hier tut nichts, was „{1}“ tut',
  "nothing here starts a run as '{1}' does": 'hier startet nichts einen Lauf, wie „{1}“ es tut',
  'it waits for a call; use a wait for an event': 'es wartet auf einen Aufruf; nehmen Sie ein Warten auf ein Ereignis',
  'the expressions of its command stand in the script as they are written':
    'die Ausdrücke seines Befehls stehen im Skript, wie sie geschrieben sind',
  'its JSON stands in the step as a text: write the fields':
    'sein JSON steht im Schritt als Text: schreiben Sie die Felder',
  'only the fields that it names are set; the others are in the variables before it':
    'nur die Felder, die es nennt, werden gesetzt; die anderen stehen in den Variablen davor',
  'this part of the request is not made here': 'dieser Teil der Anfrage wird hier nicht gemacht',
  'its condition is more than comparing': 'seine Bedingung ist mehr als ein Vergleich',
  "its code works on items of n8n: write it as a script; it stands in the workflow's text":
    'sein Code arbeitet mit Items von n8n: schreiben Sie ihn als Skript; er steht im Text des Workflows',
  'put these parameters into the address': 'schreiben Sie diese Parameter in die Adresse',
  'another workflow calls this one by a workflow step: declare the inputs that it hands over':
    'ein anderer Workflow ruft diesen in einem workflow-Schritt auf: deklarieren Sie die Eingaben, die er übergibt',
  'a webhook needs a secret here: store N8N_WEBHOOK; the answer is that the run was accepted':
    'ein Webhook braucht hier ein Geheimnis: legen Sie N8N_WEBHOOK ab; die Antwort ist, dass der Lauf angenommen wurde',
  'notes on the canvas are not taken along': 'Notizen auf der Fläche werden nicht übernommen',
  'it runs whatever way is taken there: write its condition':
    'es läuft, welcher Weg dort auch genommen wird: schreiben Sie seine Bedingung',
  'the nodes that stand in a circle run once: use a loop':
    'die Knoten, die im Kreis stehen, laufen einmal: nehmen Sie eine Schleife',
  'a node runs once for each item there; here a step runs once, with all that came':
    'dort läuft ein Knoten je Item einmal; hier läuft ein Schritt einmal, mit allem, was kam',
  'no workflow is started by the failure of another one': 'kein Workflow startet, weil ein anderer scheitert',
  'what it signs in with is not in the file: store it as a secret and name it in the step':
    'womit es sich anmeldet, steht nicht in der Datei: legen Sie es als Geheimnis ab und nennen Sie es im Schritt',
  'too many branches lead to it: write its condition': 'zu viele Zweige führen dorthin: schreiben Sie seine Bedingung',
  'what stands behind its errors is never run: give the step what it is to do then (on_error)':
    'was hinter seinen Fehlern steht, läuft nie: sagen Sie im Schritt, was dann zu tun ist (on_error)',
  'a run does not wait for the network': 'ein Lauf wartet nicht auf das Netz',
  'a run does not wait until nobody works at the machine': 'ein Lauf wartet nicht, bis niemand am Rechner arbeitet',
  'a run starts on batteries, too': 'ein Lauf startet auch im Akkubetrieb',
  'a run goes on when the machine changes to batteries': 'ein Lauf geht weiter, wenn der Rechner auf Akku wechselt',
  'the machine is not woken for it': 'der Rechner wird dafür nicht geweckt',
  'the workflow stays': 'der Workflow bleibt',
  'give the step a retry of its own': 'geben Sie dem Schritt einen eigenen neuen Versuch (retry)',
  'a run never has the rights of an administrator that the app has not':
    'ein Lauf hat nie Rechte eines Administrators, die die App nicht hat',
  'only programs can be started': 'nur Programme können gestartet werden',
  'names between % stand for themselves here: write what they mean':
    'Namen zwischen % stehen hier für sich selbst: schreiben Sie, was sie bedeuten',
  'nothing starts when nobody works at the machine': 'nichts startet, wenn niemand am Rechner arbeitet',
  'nothing starts for an entry in the log of Windows': 'nichts startet für einen Eintrag im Protokoll von Windows',
  'nothing starts when it is made': 'nichts startet, wenn es angelegt wird',
  'nothing starts when a session is locked or opened': 'nichts startet, wenn eine Sitzung gesperrt oder geöffnet wird',
  'the limit of the whole task counts here': 'hier zählt die Grenze der ganzen Aufgabe',
  'it is read by the clock of {1}': 'es wird nach der Uhr von {1} gelesen',
  'it names no instant, so there is no schedule': 'es nennt keinen Zeitpunkt, also gibt es keinen Zeitplan',
  'it is repeated without an end here': 'hier wiederholt es sich ohne Ende',
  'it is no interval that is known': 'das ist kein bekannter Abstand',
  'it is repeated on every day here, not only on those of the calendar':
    'hier wiederholt es sich an jedem Tag, nicht nur an denen des Kalenders',
  'the first start is one interval after it is armed': 'der erste Start kommt einen Abstand nach dem Scharfschalten',
  'it is counted from the first of each month here': 'hier wird vom Ersten jedes Monats an gezählt',
  'it starts every week': 'es startet jede Woche',
  'it says no days': 'es nennt keine Tage',
  'no schedule means the last such weekday of a month':
    'kein Zeitplan meint den letzten solchen Wochentag eines Monats',
};
