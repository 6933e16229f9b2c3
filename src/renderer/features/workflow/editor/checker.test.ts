import { expect, it } from 'vitest';
import { createChecker } from './checker.ts';

it('asks one question at a time and drops what is said of a text that is another one by now', async () => {
  const asked: { text: string; answer: (value: string | null) => void }[] = [];
  const answers: string[] = [];
  const checker = createChecker<string>(
    (text) => new Promise((answer) => asked.push({ text, answer })),
    (answer) => answers.push(answer),
  );
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  checker.check('a');
  checker.check('ab');
  checker.check('abc');
  asked[0]?.answer('of a');
  await settled();
  asked[1]?.answer('of abc');
  await settled();
  expect([asked.map(({ text }) => text), answers]).toEqual([['a', 'abc'], ['of abc']]);
  checker.check('abcd');
  asked[2]?.answer(null);
  await settled();
  checker.check('abcde');
  checker.stop();
  asked[3]?.answer('too late');
  await settled();
  expect(answers).toEqual(['of abc']);
});
