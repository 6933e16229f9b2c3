import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const shared: Sentences = {
  'Check who may read and write there, and whether the disk is mounted read-only.':
    'Prüfen Sie, wer dort lesen und schreiben darf und ob der Datenträger nur lesbar eingehängt ist.',
  'Something went wrong inside the app. The run or action was stopped.':
    'In der App ist etwas schiefgegangen. Der Lauf oder die Aktion wurde angehalten.',
  'Replace it with an ordinary space.': 'Ersetzen Sie es durch ein gewöhnliches Leerzeichen.',
  'Name it under requirements.tools, then look at the workflow and trust it again.':
    'Nennen Sie es unter requirements.tools, dann sehen Sie sich den Workflow an, und vertrauen Sie ihm noch einmal.',
  'Write {{ secrets.NAME }} where it is used, then look at the workflow and trust it again.':
    'Schreiben Sie {{ secrets.NAME }}, wo es gebraucht wird, dann sehen Sie sich den Workflow an, und vertrauen Sie ihm noch einmal.',
  "If it may be reached, write it down: 'security.allowed_hosts' of the tool, or the base URL of the agent.":
    'Wenn er erreicht werden darf, schreiben Sie ihn auf: „security.allowed_hosts“ des Werkzeugs, oder die Basis-URL des Agenten.',
  "{1} '{2}': it was kept back{3}.": '{1} „{2}“: Es wurde zurückgehalten{3}.',
  "Count less in the pattern ('{1,1000}'), or limit the length of the text.":
    'Zählen Sie im Muster weniger („{1,1000}“), oder begrenzen Sie die Länge des Textes.',
  "Did you mean '{1}{2}'?": 'Meinten Sie „{1}{2}“?',
  'Seconds are no part of a schedule: leave the first field out.':
    'Sekunden gehören nicht zu einem Zeitplan: Lassen Sie das erste Feld weg.',
  'Write for example 0 9 * * MON-FRI, for 09:00 from Monday to Friday.':
    'Schreiben Sie zum Beispiel 0 9 * * MON-FRI, für 09:00 von Montag bis Freitag.',
  'Use a step of 1 or more.': 'Nehmen Sie eine Schrittweite von 1 oder mehr.',
  'Write {1}-{2}, or two ranges: {3}-{4},{5}-{6}.': 'Schreiben Sie {1}-{2}, oder zwei Bereiche: {3}-{4},{5}-{6}.',
  'Write a weekday and which one of the month, 1 to 5, such as MON#2.':
    'Schreiben Sie einen Wochentag und den wievielten des Monats, 1 bis 5, etwa MON#2.',
  'Use a value from {1} to {2}.': 'Nehmen Sie einen Wert von {1} bis {2}.',
  'Use *, a value from {1} to {2}{3}, a range such as {4}-{5}{6}, or a step such as */2.':
    'Nehmen Sie *, einen Wert von {1} bis {2}{3}, einen Bereich wie {4}-{5}{6}, oder eine Schrittweite wie */2.',
  'Write for example 2026-12-25, or 2026-12-24..2027-01-01.':
    'Schreiben Sie zum Beispiel 2026-12-25, oder 2026-12-24..2027-01-01.',
  'Write for example 0 9 * * MON-FRI, @daily, @every 6h or @at 2026-01-31T09:00.':
    'Schreiben Sie zum Beispiel 0 9 * * MON-FRI, @daily, @every 6h oder @at 2026-01-31T09:00.',
  'A schedule has at most {1} characters. Ranges and steps such as 1-10/2 make it shorter.':
    'Ein Zeitplan hat höchstens {1} Zeichen. Bereiche und Schrittweiten wie 1-10/2 machen ihn kürzer.',
  'Change the day, the month or the weekday.': 'Ändern Sie den Tag, den Monat oder den Wochentag.',
  'Write {1} alone.': 'Schreiben Sie {1} allein.',
  'Write for example @every 30s, @every 15m or @every 1h30m.':
    'Schreiben Sie zum Beispiel @every 30s, @every 15m oder @every 1h30m.',
  'Write for example @at 2026-01-31T09:00, or @at 2026-01-31T09:00:00+01:00.':
    'Schreiben Sie zum Beispiel @at 2026-01-31T09:00, oder @at 2026-01-31T09:00:00+01:00.',
  'The disk is full': 'Der Datenträger ist voll',
  'A file or folder may not be read or written':
    'Eine Datei oder ein Ordner darf nicht gelesen oder geschrieben werden',
  '{1}: {2} is no number that can be kept; it became null':
    '{1}: {2} ist keine Zahl, die sich halten lässt; es wurde null',
  '{1}: {2} is kept as text': '{1}: {2} bleibt als Text',
  '{1} is not set up': '{1} ist nicht eingerichtet',
  'Cannot run here yet: {1}': 'Kann hier noch nicht laufen: {1}',
  'The workflow does not say that it uses the tool': 'Der Workflow sagt nicht, dass er dieses Werkzeug benutzt',
  'The workflow does not say that it uses the secret': 'Der Workflow sagt nicht, dass er dieses Geheimnis benutzt',
  'Nobody said that this reaches the host': 'Niemand hat gesagt, dass dies den Host erreicht',
  "'{1}' is not a duration": '„{1}“ ist keine Dauer',
  "Duration '{1}' is negative": 'Die Dauer „{1}“ ist negativ',
  "Duration '{1}' is longer than 366 days": 'Die Dauer „{1}“ ist länger als 366 Tage',
  'The duration is empty': 'Die Dauer ist leer',
  "'{1}' is not a duration such as 30s, 5m or 1h30m": '„{1}“ ist keine Dauer wie 30s, 5m oder 1h30m',
  'Only letters, digits, blanks and . _ @ + -, the first of them a letter or a digit':
    'Nur Buchstaben, Ziffern, Leerzeichen und . _ @ + -, das erste davon ein Buchstabe oder eine Ziffer',
  'Must be one of {1}': 'Muss eines von {1} sein',
  'There is no input {1}': 'Es gibt keine Eingabe {1}',
  'Must not be empty': 'Darf nicht leer sein',
  'Must have {1} {2} characters': 'Muss {1} {2} Zeichen haben',
  'Must have {1} {2} entries': 'Muss {1} {2} Einträge haben',
  'A schedule has 5 fields (minute hour day month weekday), this one has {1}':
    'Ein Zeitplan hat 5 Felder (Minute Stunde Tag Monat Wochentag), dieser hat {1}',
  "The step of '{1}' in the {2} field is zero": 'Die Schrittweite von „{1}“ im Feld {2} ist null',
  "The range '{1}' in the {2} field is reversed": 'Der Bereich „{1}“ im Feld {2} ist verkehrt herum',
  "'{1}' is not valid in the {2} field": '„{1}“ ist im Feld {2} nicht gültig',
  '{1} is out of range in the {2} field ({3}-{4})': '{1} liegt im Feld {2} außerhalb des Bereichs ({3}-{4})',
  '{1} is neither a date nor a range of dates': '{1} ist weder ein Datum noch ein Bereich von Daten',
  'The range {1} ends before it begins': 'Der Bereich {1} endet, bevor er beginnt',
  'The schedule is empty': 'Der Zeitplan ist leer',
  'The schedule is too long': 'Der Zeitplan ist zu lang',
  'The schedule never fires: no month has that day': 'Der Zeitplan startet nie: Kein Monat hat diesen Tag',
  "Unknown schedule word '{1}'": 'Unbekanntes Wort „{1}“ eines Zeitplans',
  'The time between two starts must be at least one second': 'Zwischen zwei Starts muss mindestens eine Sekunde liegen',
  "'{1}' is not a date and time": '„{1}“ ist kein Datum mit Uhrzeit',
  'Must be {1}': 'Muss {1} sein',
  'Must be {1} {2}': 'Muss {1} {2} sein',
};
