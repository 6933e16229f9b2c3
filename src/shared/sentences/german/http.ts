import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of this area, in German. */
export const http: Sentences = {
  'The address {1} is neither http nor https.': 'Die Adresse {1} ist weder http noch https.',
  'Write an address that begins with https://.': 'Schreiben Sie eine Adresse, die mit https:// beginnt.',
  'The address holds a user name or a password.': 'Die Adresse enthält einen Benutzernamen oder ein Passwort.',
  "Configure the login as 'authentication' instead.": 'Richten Sie die Anmeldung stattdessen als „authentication“ ein.',
  'The host name "{1}" ends with a dot.': 'Der Hostname „{1}“ endet mit einem Punkt.',
  'Write the host name without the dot.': 'Schreiben Sie den Hostnamen ohne den Punkt.',
  'The address {1} is written in an unusual way.': 'Die Adresse {1} ist ungewöhnlich geschrieben.',
  'Write {1}.': 'Schreiben Sie {1}.',
  'The address is not a valid URL.': 'Die Adresse ist keine gültige URL.',
  'Write an address like https://api.example.com/v1.': 'Schreiben Sie eine Adresse wie https://api.example.com/v1.',
  'The app is closing and sends no more requests.': 'Die App schließt und sendet keine Anfragen mehr.',
  'The request timed out after {1} seconds.': 'Die Anfrage wurde nach {1} Sekunden aufgegeben.',
  "Give the step or the tool a longer 'timeout', or find out why the service is slow.":
    'Geben Sie dem Schritt oder dem Werkzeug mit „timeout“ mehr Zeit, oder finden Sie heraus, warum der Dienst langsam ist.',
  'The request was stopped because the run was cancelled.':
    'Die Anfrage wurde angehalten, weil der Lauf abgebrochen wurde.',
  'The service may have begun the work: look there before you try again.':
    'Der Dienst kann die Arbeit begonnen haben: Sehen Sie dort nach, bevor Sie es noch einmal versuchen.',
  'The connection to {1} was lost.': 'Die Verbindung zu {1} ging verloren.',
  'Cannot connect to {1} ({2}).': 'Keine Verbindung zu {1} ({2}).',
  'Cannot connect to {1} (no answer).': 'Keine Verbindung zu {1} (keine Antwort).',
  'Check the certificate of the service.': 'Prüfen Sie das Zertifikat des Dienstes.',
  'Check that the service runs and can be reached.': 'Prüfen Sie, ob der Dienst läuft und erreichbar ist.',
  'The service redirects, which is not expected here.': 'Der Dienst leitet um, was hier nicht erwartet wird.',
  '{1} redirects from https to http.': '{1} leitet von https auf http um.',
  'Ask the service for an https address.': 'Bitten Sie den Dienst um eine https-Adresse.',
  '{1} redirects more than {2} times.': '{1} leitet öfter als {2} Mal um.',
  'Check the address: it may lead in a circle.': 'Prüfen Sie die Adresse: Sie führt vielleicht im Kreis.',
  '{1} is not the name of a header.': '{1} ist kein Name einer Kopfzeile.',
  'The header "{1}" holds characters that a header may not hold.':
    'Die Kopfzeile „{1}“ enthält Zeichen, die dort nicht stehen dürfen.',
  '{1} is not a method that can be sent.': '{1} ist keine Methode, die gesendet werden kann.',
  'Remove line breaks and letters outside Latin-1.': 'Entfernen Sie Zeilenumbrüche und Zeichen außerhalb von Latin-1.',
  'The host {1} is not one of the allowed hosts.': 'Der Host {1} gehört nicht zu den erlaubten Hosts.',
  "Add it to 'security.allowed_hosts' of the tool if it may be reached.":
    'Nehmen Sie ihn in „security.allowed_hosts“ des Werkzeugs auf, wenn er erreicht werden darf.',
  'The host {1} leads to a {2} address and is not asked.':
    'Der Host {1} führt zu einer Adresse der Art {2} und wird nicht gefragt.',
  "If that is meant, write \"{1}\" into the tool's 'security.allowed_hosts'.":
    'Wenn das gewollt ist, schreiben Sie „{1}“ in „security.allowed_hosts“ des Werkzeugs.',
  'The host {1} was not found.': 'Der Host {1} wurde nicht gefunden.',
  'Check the address and the connection to the network.': 'Prüfen Sie die Adresse und die Verbindung zum Netz.',
  'The answer of {1} is larger than {2}.': 'Die Antwort von {1} ist größer als {2}.',
  'Ask for less at once, for example a page or a range.':
    'Fragen Sie auf einmal nach weniger, zum Beispiel nach einer Seite oder einem Bereich.',
  'The answer of {1} broke off.': 'Die Antwort von {1} brach ab.',
  'Try again; if it stays so, look at the log of the service.':
    'Versuchen Sie es noch einmal; bleibt es so, sehen Sie ins Protokoll des Dienstes.',
};
