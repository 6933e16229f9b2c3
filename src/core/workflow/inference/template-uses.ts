import { isJsonMap, type Json } from '../../../shared/json.ts';
import type { Node } from '../expressions/syntax/ast.ts';
import { parseCondition } from '../expressions/syntax/parse-expression.ts';
import { parseTemplate } from '../expressions/syntax/parse-template.ts';
import { follow, testedBy } from './expression-uses.ts';
import { either, itemOf, type Known, listOf, member, NUMBER, OTHER, TEXT } from './known-value.ts';
import { innerScope, lookUp, need, testedScope, type UseScope } from './use-scope.ts';

/** What a value of the file gives, texts with their templates (SPEC §2.1): a text that is one expression gives its value. */
export function followValue(value: Json, scope: UseScope): Known {
  if (typeof value === 'string') return followText(value, scope);
  if (Array.isArray(value)) return listOf(either(...(value as readonly Json[]).map((one) => followValue(one, scope))));
  if (isJsonMap(value))
    return { kind: 'map', entries: new Map(Object.entries(value).map(([key, one]) => [key, followValue(one, scope)])) };
  return typeof value === 'number' ? NUMBER : OTHER;
}

function followText(text: string, scope: UseScope): Known {
  if (!text.includes('{')) return TEXT;
  const { nodes } = parseTemplate(text);
  const said = nodes.filter((node) => node.kind !== 'text' || node.text.trim() !== '');
  const [only] = said;
  if (said.length === 1 && only?.kind === 'output') return follow(only.value, scope);
  if (said.length === 1 && only?.kind === 'single') return followPath(only.path, scope);
  followNodes(nodes, innerScope(scope));
  return TEXT;
}

/** A condition: what it tests may be anything, what it compares is told by the other side. */
export function followCondition(condition: string | boolean, scope: UseScope): void {
  if (typeof condition === 'boolean' || condition.trim() === '') return;
  try {
    follow(parseCondition(condition), scope);
  } catch {
    // A condition that cannot be read is an error of the file, which its reader has told.
  }
}

function followPath([root = '', ...path]: readonly string[], scope: UseScope): Known {
  return path.reduce((at, name) => need(member(at, name), scope), need(lookUp(scope, root), scope));
}

function followNodes(nodes: readonly Node[], scope: UseScope): void {
  for (const node of nodes) followNode(node, scope);
}

function followNode(node: Node, scope: UseScope): void {
  switch (node.kind) {
    case 'text':
      return;
    case 'single':
      followPath(node.path, scope);
      return;
    case 'output':
      follow(node.value, scope);
      return;
    case 'if':
      for (const { test, body } of node.branches) {
        follow(test, scope);
        followNodes(body, testedScope(scope, testedBy(test, scope)));
      }
      followNodes(node.otherwise, innerScope(scope));
      return;
    case 'for':
      followLoop(node, scope);
      return;
    case 'with':
      followNodes(
        node.body,
        innerScope(
          scope,
          node.bindings.map(({ name, value }) => [name, follow(value, scope)]),
        ),
      );
      return;
    case 'set':
      if (node.target.kind === 'names') bind(node.target.names, follow(node.value, scope), scope);
      else follow(node.value, scope);
      return;
    case 'set-block':
      followNodes(node.body, innerScope(scope));
      if (node.target.kind === 'names') bind(node.target.names, TEXT, scope);
      return;
    case 'filter-block':
      followNodes(node.body, innerScope(scope));
  }
}

const LOOP: Known = {
  kind: 'map',
  entries: new Map(['index', 'index0', 'length', 'depth'].map((name) => [name, NUMBER])),
};

function followLoop(node: Extract<Node, { kind: 'for' }>, scope: UseScope): void {
  const item = itemOf(follow(node.source, scope));
  const body = innerScope(scope, [['loop', LOOP]]);
  bind(node.names, item, body);
  if (node.condition !== undefined) follow(node.condition, body);
  followNodes(node.body, testedScope(body, node.condition === undefined ? [] : testedBy(node.condition, body)));
  followNodes(node.otherwise, innerScope(scope));
}

/** Several names take a value apart; the last one of a pair is the value of a map. */
function bind(names: readonly string[], value: Known, scope: UseScope): void {
  const [only] = names;
  if (names.length === 1 && only !== undefined) scope.names.set(only, value);
  else for (const [place, name] of names.entries()) scope.names.set(name, place === 0 ? TEXT : itemOf(value));
}
