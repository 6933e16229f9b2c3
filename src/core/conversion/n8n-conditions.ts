import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import { type NodeScope, n8nExpression } from './n8n-expressions.ts';

/** Operators of two values, by n8n's names of both its versions, in our language. */
const BINARY: Readonly<Record<string, string>> = {
  ...{ equals: '==', equal: '==', notEquals: '!=', notEqual: '!=' },
  ...{ gt: '>', larger: '>', lt: '<', smaller: '<', gte: '>=', largerEqual: '>=', lte: '<=', smallerEqual: '<=' },
};
const UNARY: Readonly<Record<string, (value: string) => string>> = {
  exists: (value) => `${value} is defined`,
  notExists: (value) => `${value} is undefined`,
  empty: (value) => `not ${value}`,
  isEmpty: (value) => `not ${value}`,
  notEmpty: (value) => `${value}`,
  isNotEmpty: (value) => `${value}`,
  true: (value) => `${value} == true`,
  false: (value) => `${value} == false`,
};

/** The condition of an If or a Filter; null where a part of it is more than comparing. */
export function n8nCondition(parameters: JsonMap, scope: NodeScope): string | null {
  const { conditions } = parameters;
  if (!isJsonMap(conditions)) return null;
  const isNew = Array.isArray(conditions['conditions']);
  const list = isNew
    ? (conditions['conditions'] as readonly Json[])
    : Object.values(conditions).flatMap((group) => (Array.isArray(group) ? (group as readonly Json[]) : []));
  const word = isNew ? conditions['combinator'] : parameters['combineOperation'];
  const parts = list.map((one) => (isJsonMap(one) ? comparison(one, scope) : null));
  if (parts.length === 0 || parts.includes(null)) return null;
  return parts
    .map((part) => (parts.length === 1 ? part : `(${part})`))
    .join(word === 'or' || word === 'any' ? ' or ' : ' and ');
}

function comparison(one: JsonMap, scope: NodeScope): string | null {
  const { leftValue, value1, rightValue, value2, operator, operation } = one;
  const name = isJsonMap(operator) ? operator['operation'] : operation;
  const left = operand(leftValue ?? value1 ?? null, scope);
  const right = operand(rightValue ?? value2 ?? null, scope);
  const word = typeof name === 'string' ? name : 'equals';
  if (left === null) return null;
  const unary = UNARY[word];
  if (unary !== undefined) return unary(left);
  if (right === null) return null;
  if (word === 'contains') return `${right} in ${left}`;
  if (word === 'notContains') return `${right} not in ${left}`;
  if (word === 'startsWith' || word === 'endsWith') return `${left} | ${word.toLowerCase()}(${right})`;
  const symbol = BINARY[word];
  return symbol === undefined ? null : `${left} ${symbol} ${right}`;
}

/** A value as a piece of a condition. */
function operand(value: Json, scope: NodeScope): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return null;
  const expression = /^=\s*\{\{([\s\S]*?)\}\}\s*$/.exec(value);
  if (expression !== null) return n8nExpression((expression[1] ?? '').trim(), scope);
  return value.startsWith('=') ? null : JSON.stringify(value);
}
