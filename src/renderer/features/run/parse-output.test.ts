import { expect, it } from 'vitest';
import { outputText, parseOutput } from './parse-output.ts';

it.each([null, '1187', 'posted', ' two \n lines ', '{"a": 1}', 12.5, true, { id: 1187 }, [1, 'b', null]])(
  'an earlier output is typed as it is read back: %j',
  (output) => {
    expect(parseOutput(outputText(output))).toEqual({ ok: true, value: output });
  },
);
