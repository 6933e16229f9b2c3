import { expect, it } from 'vitest';
import type { Step } from '../../../shared/model/workflow.ts';
import { fieldsNotIn, laterNeeds } from './later-needs.ts';

const step = (id: string, more: Partial<Step> = {}): Step =>
  ({
    id,
    name: id.toUpperCase(),
    kind: 'action',
    inputs: {},
    conditions: [],
    onError: [],
    groups: [],
    ...more,
  }) as Step;

it('names the later steps that use an output, and the fields that they look for', () => {
  const plan = [
    step('read', { inputs: { note: '{{ paid.never }}' } }),
    step('pay', { outputVariable: 'paid' }),
    step('prepaid', { inputs: { a: '{{ prepaid.x }} {{ x.paid.y }}' } }),
    step('each', { groups: [{ name: 'body', steps: [step('note', { inputs: { text: 'R {{ paid.receipt }}' } })] }] }),
    step('last', { conditions: ['paid.lines | length > 0'], inputs: { all: '{{ steps.pay.output.receipt }}' } }),
  ];
  expect(laterNeeds(plan, 'pay')).toEqual({ steps: ['NOTE', 'LAST'], fields: ['receipt', 'lines'] });
  expect(laterNeeds(plan, 'last')).toEqual({ steps: [], fields: [] });
  expect(laterNeeds(plan, 'gone')).toEqual({ steps: [], fields: [] });
});

it('says which fields that are looked for do not stand in an output', () => {
  const needs = { steps: ['NOTE'], fields: ['receipt', 'lines'] };
  expect(fieldsNotIn({ receipt: 'R-1', lines: null }, needs)).toEqual([]);
  expect(fieldsNotIn({ reciept: 'R-1', lines: [] }, needs)).toEqual(['receipt']);
  expect(fieldsNotIn('R-1', needs)).toEqual(['receipt', 'lines']);
  expect(fieldsNotIn(['lines'], needs)).toEqual(['receipt', 'lines']);
  // That it gave nothing is an answer of its own.
  expect(fieldsNotIn(null, needs)).toEqual([]);
});
