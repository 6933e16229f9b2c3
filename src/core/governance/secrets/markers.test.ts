import { expect, it } from 'vitest';
import { fillMarkers, fillWritten, markerOf, namesMarkedIn, namesWrittenIn, withoutSigns } from './markers.ts';

const KEY = 'key of the project';

it('a marker holds in its run and for its name, anywhere in a value', () => {
  const marker = markerOf('TOKEN', 'run-1', KEY);
  const inputs = { header: `Bearer ${marker}`, deep: [{ [marker]: 1 }], plain: 'x' };
  expect([...namesMarkedIn(inputs, 'run-1', KEY)]).toEqual(['TOKEN']);
  expect(fillMarkers(inputs, new Map([[marker, '$& va"lue']]))).toEqual({
    header: 'Bearer $& va"lue',
    deep: [{ '$& va"lue': 1 }],
    plain: 'x',
  });
});

it('text that only looks like a marker is none: nobody makes one up from outside', () => {
  const marker = markerOf('TOKEN', 'run-1', KEY);
  const forged = [
    '[secret:TOKEN]',
    `[secret:TOKEN:${'0'.repeat(32)}]`,
    marker.replace('TOKEN', 'OTHER'),
    marker.slice(1),
  ];
  expect([...namesMarkedIn(forged, 'run-1', KEY)]).toEqual([]);
  expect([...namesMarkedIn([marker], 'run-2', KEY)]).toEqual([]);
  expect([...namesMarkedIn([marker], 'run-1', 'another key')]).toEqual([]);
});

it('variables of a bundle name secrets as its inputs do; what nobody knows stays as it is written', () => {
  const env = { ONE: 'x {{ secrets.A }} {{secrets.B}}', TWO: '{{ secrets.a }} {{ env.A }}' };
  expect([...namesWrittenIn(env)]).toEqual(['A', 'B']);
  expect(fillWritten(env, new Map([['A', '$1']]))).toEqual({ ONE: 'x $1 {{secrets.B}}', TWO: env.TWO });
});

it('people see the name of a secret and never its sign; what holds no marker stays the very same', () => {
  const marker = markerOf('TOKEN', 'run-1', KEY);
  expect(withoutSigns({ header: `Bearer ${marker}`, deep: [{ [marker]: `${marker}${marker}` }] })).toEqual({
    header: 'Bearer [secret:TOKEN]',
    deep: [{ '[secret:TOKEN]': '[secret:TOKEN][secret:TOKEN]' }],
  });
  const plain = { text: 'see [secret:TOKEN] and [secret:token:1]', count: 1, none: null };
  expect(withoutSigns(plain)).toBe(plain);
});
