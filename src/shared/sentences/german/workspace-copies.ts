import type { Sentences } from '../read-sentence.ts';

/** The engine's sentences of runs that work in a copy of their workspace, in German. */
export const workspaceCopies: Sentences = {
  'What was taken over stands; the rest is asked about once more.':
    'Was übernommen wurde, bleibt; nach dem Rest wird noch einmal gefragt.',
  '{1} of {2} files could not be taken over. {3}: {4}': '{1} von {2} Dateien konnten nicht übernommen werden. {3}: {4}',
  'Take over {1} changed file of {2}': '{1} geänderte Datei von {2} übernehmen',
  'Take over {1} changed files of {2}': '{1} geänderte Dateien von {2} übernehmen',
  'Say for each of them on the page of the run whether it is overwritten or stays, or use runs take.':
    'Sagen Sie auf der Seite des Laufs für jede davon, ob sie überschrieben wird oder bleibt, oder nutzen Sie runs take.',
  'Changed in the project since it was copied: {1}': 'Seit dem Kopieren im Projekt geändert: {1}',
  'What the run would change is another by now: look at it again.':
    'Was der Lauf ändern würde, ist inzwischen etwas anderes: Sehen Sie es sich noch einmal an.',
  'No file was chosen.': 'Es wurde keine Datei ausgewählt.',
  "The run changed nothing at '{1}' in its copy.": 'Der Lauf hat an „{1}“ in seiner Kopie nichts geändert.',
  'Retry the run: a new one gets a new copy.': 'Wiederholen Sie den Lauf: Ein neuer bekommt eine neue Kopie.',
  'The copy of the workspace in which this run worked is gone.':
    'Die Kopie des Arbeitsbereichs, in der dieser Lauf gearbeitet hat, gibt es nicht mehr.',
  'The workspace could not be copied: {1}': 'Der Arbeitsbereich ließ sich nicht kopieren: {1}',
  "Name fewer files under 'workspace', or make room.":
    'Nennen Sie unter „workspace“ weniger Dateien, oder schaffen Sie Platz.',
  'The copy of the workspace needs {1} MiB; the disk has {2} MiB left.':
    'Die Kopie des Arbeitsbereichs braucht {1} MiB; auf dem Datenträger sind noch {2} MiB frei.',
  "Leave it out of the 'paths' of the workspace, or let the run work in the project.":
    'Lassen Sie es in den „paths“ des Arbeitsbereichs weg, oder lassen Sie den Lauf im Projekt arbeiten.',
  'A repository of its own lies in {1}: it cannot be copied with the rest.':
    'In {1} liegt ein eigenes Repository: Es lässt sich nicht mit dem Rest kopieren.',
  "Leave 'paths' out to copy all of it.": 'Lassen Sie „paths“ weg, um alles zu kopieren.',
  "'paths' names nothing, so there is nothing to copy": '„paths“ nennt nichts, also gibt es nichts zu kopieren',
  "'{1}' names places below the project, not '{2}'": '„{1}“ nennt Stellen unterhalb des Projekts, nicht „{2}“',
  'A copy of the workspace is for the whole workflow: write it in the frontmatter.':
    'Eine Kopie des Arbeitsbereichs gilt für den ganzen Workflow: Schreiben Sie sie in den Kopf der Datei.',
  "'{1}' works in the repository itself, not in a copy: leave out 'copy' under 'workspace'.":
    '„{1}“ arbeitet im Repository selbst, nicht in einer Kopie: Lassen Sie „copy“ unter „workspace“ weg.',
  "The key 'workspace' cannot be used on a step of kind 'workflow': write it in the workflow that it runs.":
    'Den Schlüssel „workspace“ gibt es nicht an einem Schritt der Art „workflow“: Schreiben Sie ihn in den Workflow, den er startet.',
};
