import type en from '../en/everywhere.ts';

export default {
  retry: 'Erneut versuchen',
  signIn: { act: 'Mit Passwort anmelden', keeps: 'Was Sie hier eingegeben haben, bleibt stehen.' },
  keys: { ctrl: 'Strg' },
  needs: 'Braucht {{permission}}',
  preview: {
    denied: 'Die Rolle {{role}} darf das nicht: Ihr fehlt {{permission}}.',
    nothing: 'Sie sehen sich nur um: Es wurde nichts getan.',
    leaveFirst: 'Verlassen Sie die Vorschau, um es selbst zu tun.',
  },
  write: 'Schreiben Sie',
  details: 'Einzelheiten',
  said: {
    stderr: 'Letzte Zeilen der Fehlerausgabe',
    stdout: 'Letzte Zeilen der Ausgabe',
    body: 'Antwort des Dienstes',
    copy: 'Kopieren: {{name}}',
    copied: 'Kopiert',
  },
  hint: {
    run: {
      not_found: 'Er wurde gelöscht oder gehört zu einem anderen Projekt. Alle Läufe stehen unter „Läufe“.',
      file_unknown: '„Für eine andere Zentrale speichern“ steht im Menü eines Laufs, auf dessen Seite.',
      engine_died_twice:
        'Sehen Sie sich den Schritt an, bei dem er stand, und was danach kommt. Setzen Sie den Lauf dann fort oder brechen Sie ihn ab.',
    },
    trust: {
      needed:
        'Sehen Sie sich an, was es tun könnte, und vertrauen Sie ihm, wenn Sie das wollen: Die Zeile oben führt dorthin.',
    },
    workflow: {
      not_found:
        'Er wurde entfernt oder umbenannt oder gehört zu einem anderen Projekt. Alle stehen unter „Workflows“.',
      breaker_open: 'Sehen Sie sich die fehlgeschlagenen Läufe an. Von Hand kann er jederzeit gestartet werden.',
    },
    queue: {
      message_not_found: 'Sie wurde entfernt oder verworfen oder ist älter als der Verlauf der Warteschlange.',
      not_dead: 'Sie wartet, läuft, ist erledigt, oder jemand hat sie erneut gesendet.',
      no_worker: 'Nehmen Sie eine Warteschlange des Projekts, bei der niemand da sein muss.',
    },
    cassette: {
      not_found: 'Ein Lauf wird über das Menü auf seiner Seite als Test gespeichert oder wiedergegeben.',
    },
    approval: {
      not_found: 'Der Lauf wurde gelöscht oder gehört zu einem anderen Projekt. Alle stehen unter „Freigaben“.',
    },
    agent: {
      not_configured:
        'Wählen Sie einen Agenten unter „Agenten & Werkzeuge“, oder legen Sie im Workflow fest, wer die Arbeit macht.',
      unhealthy: 'Prüfen Sie ihn unter „Agenten & Werkzeuge“.',
      no_progress: 'Sehen Sie sich das Gespräch an und lassen Sie den Schritt auf der Seite des Laufs neu beginnen.',
      breaker_open: 'Warten Sie das Ende der Pause ab, oder beenden Sie sie von Hand unter „Agenten & Werkzeuge“.',
    },
    cost: {
      paused: 'Erhöhen Sie das Budget auf der Seite des Laufs oder unter „Heute“. Dann geht es weiter.',
      blocked: 'Erhöhen Sie das Budget unter „Kosten“ und wiederholen Sie dann den Schritt.',
      limit_not_found: 'Alle Budgets stehen unter „Kosten“.',
      not_asked: 'Vielleicht geht er schon weiter: Sehen Sie auf seiner Seite nach.',
    },
    file: { not_found: 'Alle Sicherungen stehen unter „Verwaltung“, „Speicher“.' },
    store: {
      corrupt:
        'Stellen Sie die neueste Sicherung in einem neuen Ordner oder hier wieder her: Die beschädigte Datei bleibt erhalten.',
    },
    user: { not_found: 'Alle Benutzer stehen unter „Verwaltung“.' },
    role: { unknown_permission: 'Alle Rechte stehen unter „Verwaltung“, neben den Rollen.' },
    secret: {
      not_found: 'Hinterlegen Sie es unter „Verwaltung“, „Geheimnisse“.',
      not_allowed: 'Erlauben Sie es unter „Verwaltung“, „Geheimnisse“, wenn Sie das wollen.',
      locked: 'Entsperren Sie sie unter „Verwaltung“, „Geheimnisse“.',
    },
    engine: {
      wait_timed_out: 'Sehen Sie unter „Auslöser“, „Eingänge“ nach, was kam, oder erhöhen Sie die Wartezeit.',
    },
    tool: {
      changed: 'Sehen Sie sich die Änderung unter „Agenten & Werkzeuge“ an und nehmen Sie sie dort an.',
      not_configured: 'Öffnen Sie das Werkzeug unter „Agenten & Werkzeuge“ und lesen Sie es neu ein.',
      not_found: 'Alle Werkzeuge stehen unter „Agenten & Werkzeuge“.',
      unknown_operation: 'Alle Operationen des Werkzeugs stehen unter „Agenten & Werkzeuge“.',
    },
  },
  loading: 'Wird geladen',
  close: 'Schließen',
  undo: 'Rückgängig',
  cancel: 'Abbrechen',
  busy: 'Es ist unterwegs.',
  pin: {
    pin: 'Unabhängig vom Alter behalten',
    unpin: 'Mit dem Alter gehen lassen',
    pinned: 'Der Lauf bleibt, bis er losgelassen oder gelöscht wird',
    unpinned: 'Der Lauf geht, wenn er alt genug ist',
  },
  evidence: {
    save: 'Nachweispaket speichern',
    saved: 'Gespeichert als {{name}}',
  },
  saved: 'Gespeichert als {{name}}',
  sortBy: 'Sortieren nach {{name}}',
  optional: 'optional',
  notifications: 'Meldungen',
  status: {
    pending: 'Steht an',
    running: 'Läuft',
    paused: 'Pausiert',
    completed: 'Abgeschlossen',
    partial: 'Teilweise',
    failed: 'Fehlgeschlagen',
    cancelled: 'Abgebrochen',
    waiting: 'Wartet',
    in_doubt: 'Unklar',
    skipped: 'Übersprungen',
    demo: 'Demo',
  },
  time: {
    milliseconds: '{{value}} ms',
    seconds: '{{value}} s',
    minutes: '{{minutes}} min {{seconds}} s',
    hours: '{{hours}} h {{minutes}} min',
    days: '{{days}} d {{hours}} h',
    period: { ms: '{{value}} ms', s: '{{value}} s', m: '{{value}} min', h: '{{value}} h' },
    now: 'gerade eben',
    agoSeconds: 'vor {{value}} s',
    agoMinutes: 'vor {{value}} min',
    agoHours: 'vor {{value}} h',
    inSeconds: 'in {{value}} s',
    inMinutes: 'in {{value}} min',
    inHours: 'in {{value}} h',
  },
  json: {
    more: '{{count}} weitere von {{total}} zeigen',
    items_one: '[{{count}} Eintrag]',
    items_other: '[{{count}} Einträge]',
    fields_one: '{{count}} Feld',
    fields_other: '{{count}} Felder',
    showAll: 'Alle {{count}} Zeichen zeigen',
  },
  cost: {
    unpriced: 'Ohne Preis',
    calls_one: '({{count}} Aufruf)',
    calls_other: '({{count}} Aufrufe)',
    besides_one: '+ {{count}} ohne Preis',
    besides_other: '+ {{count}} ohne Preis',
  },
  filter: { remove: 'Filter {{name}} entfernen', clear: 'Filter entfernen' },
  bars: {
    summary_one: '{{completed}} von {{count}} Lauf abgeschlossen. Öffnen',
    summary_other: '{{completed}} der {{count}} neuesten Läufe abgeschlossen. Den neuesten öffnen',
    completed: '{{completed}} von {{count}}',
    run: '{{status}}: Lauf {{runId}}',
  },
} satisfies typeof en;
