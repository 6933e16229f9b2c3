import type en from '../../en/run/elsewhere.ts';

/** Runs that are of two projects. */
export default {
  lost: 'Dieser Lauf ist bei {{worker}}; von dort kam seit einer Weile nichts.',
  resume:
    'Setzen Sie ihn fort, geht er hier weiter: Was dort eine Wirkung hatte und kein Ende hat, ist dann im Zweifel.',
  home: {
    open: 'Dieser Lauf geht bei {{worker}} weiter.',
    ended: 'An diesem Lauf wurde bei {{worker}} gearbeitet.',
    taken: 'Dieser Lauf begann bei {{worker}}, ging dort verloren und ging hier weiter.',
  },
  worker: {
    open: 'An diesem Lauf wird hier für eine andere Zentrale gearbeitet.',
    ended: 'An diesem Lauf wurde hier für eine andere Zentrale gearbeitet.',
    taken: 'Seine Zentrale hat diesen Lauf zurückgenommen: Hier geschieht nichts mehr damit.',
  },
  versionAway:
    'Die Fassung, aus der dieser Lauf entstand, ist gerade nicht lesbar: Ihr Ordner fehlt. Schritte, die nie begonnen haben, werden nicht gezeigt, und wiederholen lässt er sich erst, wenn der Ordner wieder da ist. Öffnen Sie ihn dann noch einmal.',
} satisfies typeof en;
