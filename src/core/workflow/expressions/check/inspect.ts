import { AppError } from '../../../../shared/errors.ts';
import { bindArguments } from '../library/arguments.ts';
import { FILTERS } from '../library/filters.ts';
import { TESTS } from '../library/tests.ts';
import type { CallArguments, CallExpr, CompareExpr, Expr, FilterExpr, Node, TestStep } from '../syntax/ast.ts';
import { checkFilterName, checkFunction, checkMethod, checkTestName, NAMED_BY_ARGUMENT } from './library-checks.ts';
import { type Inspection, pathOf, type Reference } from './reference.ts';

interface Look {
  readonly problems: AppError[];
  readonly references: Reference[];
  /** Roots tested with `is defined` or `is undefined` anywhere in the text. */
  readonly tested: Set<string>;
  locals: readonly Set<string>[];
  guarded: boolean;
}

/** Looks at a parsed template: every filter, test, function and method exists, and which names are read. */
export function inspectNodes(nodes: readonly Node[]): Inspection {
  const look: Look = { problems: [], references: [], tested: new Set(), locals: [new Set()], guarded: false };
  visitNodes(look, nodes);
  return finish(look);
}

/** As `inspectNodes`, for one expression. */
export function inspectExpression(expr: Expr): Inspection {
  const look: Look = { problems: [], references: [], tested: new Set(), locals: [], guarded: false };
  visit(look, expr);
  return finish(look);
}

function finish(look: Look): Inspection {
  const references = look.references.map((found) =>
    look.tested.has(found.root) ? { ...found, guarded: true } : found,
  );
  return { problems: look.problems, references };
}

/** More problems than these help nobody, and each costs a search for what was meant. */
const MAX_PROBLEMS = 50;

function note(look: Look, check: () => void): void {
  if (look.problems.length >= MAX_PROBLEMS) return;
  try {
    check();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    look.problems.push(cause);
  }
}

const isLocal = (look: Look, name: string): boolean => look.locals.some((frame) => frame.has(name));

/** Visits in a frame of its own that begins with these names. */
function inFrame(look: Look, names: readonly string[], run: () => void): void {
  const before = look.locals;
  look.locals = [new Set(names), ...before];
  run();
  look.locals = before;
}

function declare(look: Look, names: readonly string[]): void {
  for (const name of names) look.locals[0]?.add(name);
}

function visitNodes(look: Look, nodes: readonly Node[]): void {
  for (const node of nodes) visitNode(look, node);
}

function visitNode(look: Look, node: Node): void {
  switch (node.kind) {
    case 'text':
      return;
    case 'single':
      visitSingle(look, node.path, node.start);
      return;
    case 'output':
      visit(look, node.value);
      return;
    case 'if':
      for (const branch of node.branches) {
        visit(look, branch.test);
        visitNodes(look, branch.body);
      }
      visitNodes(look, node.otherwise);
      return;
    case 'for':
      visit(look, node.source);
      inFrame(look, node.names, () => {
        if (node.condition !== undefined) visit(look, node.condition);
        inFrame(look, ['loop'], () => visitNodes(look, node.body));
      });
      inFrame(look, [], () => visitNodes(look, node.otherwise));
      return;
    default:
      visitBinding(look, node);
      return;
  }
}

function visitBinding(look: Look, node: Extract<Node, { kind: 'set' | 'set-block' | 'with' | 'filter-block' }>): void {
  if (node.kind === 'with') {
    for (const binding of node.bindings) visit(look, binding.value);
    inFrame(
      look,
      node.bindings.map((binding) => binding.name),
      () => visitNodes(look, node.body),
    );
    return;
  }
  if (node.kind === 'set') visit(look, node.value);
  else {
    if (node.filter !== undefined) visit(look, node.filter);
    inFrame(look, [], () => visitNodes(look, node.body));
  }
  if (node.kind === 'filter-block') return;
  if (node.target.kind === 'names') declare(look, node.target.names);
}

function visitSingle(look: Look, path: readonly string[], offset: number): void {
  const [root = '', ...rest] = path;
  if (!isLocal(look, root))
    look.references.push({ root, path: rest, guarded: look.guarded, dialect: 'single', offset });
}

function visitAll(look: Look, exprs: readonly (Expr | undefined)[]): void {
  for (const expr of exprs) if (expr !== undefined) visit(look, expr);
}

/** Visits as guarded: what is undefined in there is handled. */
function visitGuarded(look: Look, expr: Expr): void {
  const before = look.guarded;
  look.guarded = true;
  visit(look, expr);
  look.guarded = before;
}

function visit(look: Look, expr: Expr): void {
  switch (expr.kind) {
    case 'name':
    case 'attribute':
    case 'index':
      visitPath(look, expr);
      return;
    case 'call':
      visitCall(look, expr);
      return;
    case 'filter':
      visitFilter(look, expr);
      return;
    case 'compare':
      visitCompare(look, expr);
      return;
    case 'logic':
      for (const operand of expr.operands) (expr.operator === 'or' ? visitGuarded : visit)(look, operand);
      return;
    default:
      visitAll(look, partsOf(expr));
  }
}

type Composite = Extract<Expr, { kind: 'literal' | 'slice' | 'list' | 'map' | 'unary' | 'chain' | 'ternary' }>;

/** The expressions directly inside one that adds nothing of its own. */
function partsOf(expr: Composite): readonly (Expr | undefined)[] {
  switch (expr.kind) {
    case 'literal':
      return [];
    case 'slice':
      return [expr.target, expr.from, expr.to, expr.step];
    case 'list':
      return expr.items;
    case 'map':
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case 'unary':
      return [expr.operand];
    case 'chain':
      return [expr.first, ...expr.rest.map((step) => step.operand)];
    case 'ternary':
      return [expr.test, expr.yes, expr.no];
  }
}

function visitPath(look: Look, expr: Expr): void {
  for (let at = expr; at.kind === 'attribute' || at.kind === 'index'; at = at.target) {
    if (at.kind === 'index') visit(look, at.index);
    if (at.target.kind !== 'attribute' && at.target.kind !== 'index' && at.target.kind !== 'name')
      visit(look, at.target);
  }
  const found = pathOf(expr);
  if (found === undefined || isLocal(look, found.name.name)) return;
  const { name, dialect, start, word } = found.name;
  const reference = { root: name, path: found.path, guarded: look.guarded || word, dialect, offset: start };
  look.references.push(word ? { ...reference, word } : reference);
}

function visitArguments(look: Look, args: CallArguments): void {
  visitAll(look, [...args.positional, ...args.named.map((one) => one.value)]);
}

function visitCall(look: Look, { callee, args }: CallExpr): void {
  visitArguments(look, args);
  if (callee.kind === 'attribute') {
    visit(look, callee.target);
    note(look, () => checkMethod(callee.name, callee));
    return;
  }
  if (callee.kind !== 'name') {
    visit(look, callee);
    return;
  }
  if (isLocal(look, callee.name)) return;
  note(look, () => checkFunction(callee, args));
}

function visitFilter(look: Look, { input, name, nameStart, args }: FilterExpr): void {
  const known = FILTERS.get(name);
  if (input !== undefined) known?.seesUndefined === true ? visitGuarded(look, input) : visit(look, input);
  visitArguments(look, args);
  note(look, () => {
    checkFilterName(name, nameStart);
    if (known !== undefined) bindArguments(known, args, `The filter '${name}'`, nameStart);
    const [position, check] = NAMED_BY_ARGUMENT.get(name) ?? [];
    const named = position === undefined ? undefined : args.positional[position];
    if (named?.kind === 'literal' && typeof named.value === 'string') check?.(named.value, named.start);
  });
}

function visitCompare(look: Look, { first, rest }: CompareExpr): void {
  const tests = rest.filter((step): step is TestStep => 'name' in step);
  if (tests.some((step) => step.name === 'defined' || step.name === 'undefined')) {
    const root = pathOf(first)?.name.name;
    if (root !== undefined) look.tested.add(root);
    visitGuarded(look, first);
  } else visit(look, first);
  for (const step of rest) {
    if ('operand' in step) visit(look, step.operand);
    else visitTest(look, step);
  }
}

function visitTest(look: Look, { name, nameStart, args }: TestStep): void {
  visitArguments(look, args);
  note(look, () => {
    checkTestName(name, nameStart);
    const known = TESTS.get(name);
    if (known !== undefined) bindArguments(known, args, `The test '${name}'`, nameStart);
  });
}
