import { describe, expect, it } from 'vitest';
import { GERMAN } from './german/index.ts';
import { createWording } from './read-sentence.ts';

const word = createWording(GERMAN.sentences, GERMAN.phrases, 'de');

describe('a sentence of the engine in German', () => {
  it.each([
    ['The run has ended.', 'Der Lauf ist beendet.'],
    ["There is no agent 'claude'.", 'Es gibt keinen Agenten „claude“.'],
    // The place of a value is another one in German.
    ["Input 'count' must be a whole number", 'Die Eingabe „count“ muss eine ganze Zahl sein'],
    // A sentence as the value of another.
    ['The agent demo failed: The disk is full.', 'Der Agent demo ist fehlgeschlagen: Der Datenträger ist voll.'],
    [
      "'type' must be string, integer, number, float, boolean, object or array, not 'intger' (line 7)",
      "'type' muss string, integer, number, float, boolean, object oder array sein, nicht „intger“ (Zeile 7)",
    ],
    [
      "'on_expire' must be fail, skip or continue, it is a list",
      "'on_expire' muss fail, skip oder continue sein, es ist eine Liste",
    ],
    [
      "'max_retries' must be a whole number from 0 to 20, it is a text",
      "'max_retries' muss eine ganze Zahl von 0 bis 20 sein, es ist ein Text",
    ],
    ["Input 'name' must have at least 3 characters", 'Die Eingabe „name“ muss mindestens 3 Zeichen haben'],
    [
      'U+200B in tools/form.py, line 4, place 10: it has no width.',
      'U+200B in tools/form.py, Zeile 4, Stelle 10: es hat keine Breite.',
    ],
    ['The workspace holds more than 200,000 files.', 'Der Arbeitsbereich enthält mehr als 200.000 Dateien.'],
    // Two in a row, the first of which was written without its dot.
    [
      "Run not found: run-1. List the runs with 'aiworkflow runs list'.",
      'Lauf nicht gefunden: run-1. Zeigen Sie die Läufe mit „aiworkflow runs list“.',
    ],
  ])('%s', (english, german) => {
    expect(word(english)).toBe(german);
  });

  it('leaves what a service, a script or a person said as it is', () => {
    const said = 'error: cannot find module express';
    expect(word(said)).toBe(said);
    // A piece of a sentence is none by itself.
    expect(word('a number from 1 on')).toBe('a number from 1 on');
    expect(word(`Script failed with exit code 3: ${said}`)).toBe(
      `Das Skript ist mit Exitcode 3 fehlgeschlagen: ${said}`,
    );
  });

  it('words no name, though it may be a word', () => {
    expect(word("Parameter 'text' is required.")).toBe('Der Parameter „text“ ist nötig.');
  });

  it('keeps what a value says to the letter', () => {
    expect(word("There is no agent '$& {1} $1'.")).toBe('Es gibt keinen Agenten „$& {1} $1“.');
  });

  it('takes a long text of somebody else in one go', () => {
    const long = "Step 'a' ".repeat(20_000);
    expect(word(long)).toBe(long);
  });
});
