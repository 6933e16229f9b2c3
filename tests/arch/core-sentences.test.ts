import { expect, it } from 'vitest';
import { GERMAN } from '../../src/shared/sentences/german/index.ts';
import { sentencesOf } from './core-sentences.ts';
import { readSources } from './source-files.ts';

/** Texts that no screen shows: what agents and protocols are told, what monitoring systems read. */
const FOR_OTHERS = [
  /^src\/core\/agents\/prompt\//,
  /^src\/core\/(run-texts|metrics)\//,
  /^src\/server\/socket-door\//,
  // Tables of words themselves.
  /^src\/(shared\/sentences|main\/words)\//,
  /\.(test|test-support)\.ts$/,
];
/** What looks like a sentence and is none: names, headers, pieces of SQL, of YAML and of templates that are written. */
const NONE = [
  /^(January|Monday) |^(RabbitMQ|Redis) queue$|^Prometheus metrics$/,
  /^\{\d\}[.=]|^Content-Disposition|^FROM /,
  /^\{[a-z]+[:,]|^\{\d\}: \{type|^\{\{ (true if|\{\d\} \|)|^\{% raw/,
  /^\{\d\} (not in \{\d\}|is undefined|is defined|the data of this step)$/,
  // Of the command line.
  /^\{\d\} starts, next /,
];
const said = ['src/core', 'src/shared', 'src/server', 'src/main']
  .flatMap(readSources)
  .filter(({ path }) => !FOR_OTHERS.some((pattern) => pattern.test(path)))
  .map((file) => ({ path: file.path, sentences: sentencesOf(file) }));

/** Words of a sentence that is said no more stay: journals still hold it. */
it('every sentence of the engine has its words in src/shared/sentences/german', () => {
  const missing = said.flatMap(({ path, sentences }) =>
    sentences
      .filter((sentence) => !NONE.some((pattern) => pattern.test(sentence)))
      .filter((sentence) => !Object.hasOwn(GERMAN.sentences, sentence))
      .map((sentence) => `${path}: ${sentence}`),
  );
  expect(missing).toEqual([]);
});

it('the words have the places of the sentence', () => {
  const places = (text: string): string => [...new Set(text.match(/\{\d\}/g) ?? [])].sort().join(' ');
  const all = [...Object.entries(GERMAN.sentences), ...Object.entries(GERMAN.phrases)];
  const others = all.filter(([english, german]) => places(english) !== places(german));
  expect(others).toEqual([]);
});
