import { describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { evaluateCondition, renderText, renderValue, scopeOf } from './index.ts';

/* Payloads published for Jinja2, nunjucks, Handlebars, Twig, EJS, Pug, Liquid, Mako, Velocity, Angular and Vue sandboxes. */

const JS_TARGETS = [
  'constructor',
  's.constructor',
  "d['constructor']",
  'xs.map.constructor',
  'range.constructor',
  'cycler.constructor',
  'joiner.constructor',
  'namespace().constructor',
  'dict().constructor',
  "(s|attr('constructor'))",
  '[].constructor',
  '{}.constructor',
  '(1).constructor',
  '1.5.constructor',
  'd.toString.constructor',
  'fn',
  'fn.constructor',
  'self.constructor',
  'loop.constructor',
  'now.constructor',
  'timedelta.constructor',
  'd.__proto__.constructor',
  "d['__proto__']['constructor']",
  'd.prototype.constructor',
  'd.__defineGetter__',
  'd.__lookupGetter__("a").constructor',
  'd.valueOf.constructor',
  'd.hasOwnProperty.constructor',
  "''.sub.constructor",
  "''.toString.constructor",
  "''.replace.constructor",
  '[].filter.constructor',
  '[].concat.constructor',
  "(xs|map(attribute='constructor')|first)",
  "(d|attr('__proto__')|attr('constructor'))",
  '(xs|first).constructor',
  'd.get.constructor',
  'd.items.constructor',
  'this.constructor',
  'globalThis',
  'global',
  'window',
  'process',
  'require',
  'module',
  'inst.constructor',
  'inst.secret',
  'inst.getSecret',
  'err.constructor',
  'err.stack.constructor',
  'date.constructor',
  'mapped.get.constructor',
];
const CALLS = [
  "('return process')()",
  ".constructor('return process')()",
  '(\'return process.mainModule.require("child_process").execSync("id")\')()',
];

const PUBLISHED = [
  "{{ ''.__class__.__mro__[1].__subclasses__() }}",
  "{{ ''.__class__.mro()[1].__subclasses__()[396]('cat /etc/passwd',shell=True,stdout=-1).communicate() }}",
  '{{ range.__class__ }}',
  '{{ cycler.__init__.__globals__.os.popen("id").read() }}',
  '{{ joiner.__init__.__globals__.os.popen("id").read() }}',
  '{{ namespace.__init__.__globals__.os.popen("id").read() }}',
  '{{ self._TemplateReference__context.cycler.__init__.__globals__.os }}',
  '{{ self.__init__.__globals__.__builtins__ }}',
  "{{ lipsum.__globals__['os'].popen('id').read() }}",
  '{{ lipsum.__globals__ }}',
  '{{ url_for.__globals__ }}',
  '{{ get_flashed_messages.__globals__ }}',
  '{{ config.items() }}',
  "{{ config.__class__.__init__.__globals__['os'].popen('ls').read() }}",
  "{{ request.application.__globals__.__builtins__.__import__('os').popen('id').read() }}",
  "{{ request|attr('application')|attr('\\x5f\\x5fglobals\\x5f\\x5f') }}",
  "{{ request['application']['__globals__'] }}",
  "{{ (s|attr('\\x5f\\x5fclass\\x5f\\x5f')) }}",
  "{{ s|attr(['__','class','__']|join) }}",
  "{{ s|attr('__cl'~'ass__') }}",
  "{{ s['__cl' 'ass__'] }}",
  "{{ s['\\u005f\\u005fproto\\u005f\\u005f'] }}",
  "{{ d[('__pro','to__')|join] }}",
  "{{ d[('%s%s'|format('__pro','to__'))] }}",
  "{{ d['{}{}'.format('constr','uctor')] }}",
  "{% set c = 'constr' ~ 'uctor' %}{{ s[c][c]('return process')().pid }}",
  '{% set x = d.__proto__ %}{{ x.polluted }}',
  "{{ '{0.__class__.__init__.__globals__}'.format(s) }}",
  "{{ '{0[__proto__]}'.format(d) }}",
  "{{ '%(__proto__)s' | format(a=1) }}",
  '{% for c in [].__class__.__base__.__subclasses__() %}{{ c }}{% endfor %}',
  "{% for x in ().__class__.__base__.__subclasses__() %}{% if 'warning' in x.__name__ %}{{ x()._module.__builtins__ }}{% endif %}{% endfor %}",
  "{% set _ = d.__proto__.update({'polluted': 1}) %}",
  "{{ d.update({'__proto__': {'polluted': 1}}) }}",
  '{% set ns = namespace() %}{% set ns.__proto__ = d %}',
  "{% set ns = namespace() %}{% set ns.constructor = 'y' %}",
  '{% set ns = namespace(__proto__=d) %}{{ ns.polluted }}',
  "{{ dict(__proto__={'polluted': 1}).polluted }}",
  "{{ dict([['__proto__', {'polluted': 1}]]).polluted }}",
  "{{ {'__proto__': {'polluted': 1}}.polluted }}",
  '{{ (\'{"__proto__": {"polluted": 1}}\' | fromjson).polluted }}',
  '{{ (d | merge(\'{"__proto__": {"polluted": 1}}\' | fromjson)).polluted }}',
  "{{ (d | pick('__proto__', 'constructor')) }}",
  "{{ xs | map('constructor') | list }}",
  "{{ xs | map('__proto__') }}",
  "{{ xs | map('toString') }}",
  "{{ xs | select('constructor') | list }}",
  "{{ xs | select('hasOwnProperty') | list }}",
  "{{ xs | sort(attribute='__proto__') }}",
  "{{ xs | groupby('constructor') }}",
  "{{ [d] | map(attribute='__proto__.constructor') | list }}",
  "{{ [d] | sum(attribute='constructor') }}",
  "{{ [d] | join(',', attribute='constructor.name') }}",
  "{{ [d] | selectattr('constructor') | list }}",
  '{{ s | constructor }}',
  '{{ s | toString }}',
  '{{ s is constructor }}',
  '{{ toString() }}',
  '{{ valueOf() }}',
  "{{ hasOwnProperty('a') }}",
  "{{ constructor('x') }}",
  '{{ __proto__ }}',
  "{{ eval('process') }}",
  "{{ Function('return process')() }}",
  "{{ require('child_process').execSync('id') }}",
  "{{ global.process.mainModule.require('child_process').execSync('id') }}",
  '{{ process.env }}',
  "{{ import('fs') }}",
  "{% include '/etc/passwd' %}",
  "{% import 'os' as os %}",
  "{% extends '/etc/passwd' %}",
  '{% macro m() %}{{ caller.__globals__ }}{% endmacro %}',
  '{% call(x) m() %}{% endcall %}',
  '{{#with "s" as |string|}}{{#with "e"}}{{#with split as |conslist|}}{{this.pop}}{{this.push (lookup string.sub "constructor")}}{{/with}}{{/with}}{{/with}}',
  '{{#each this}}{{@key}}{{/each}}',
  '{{ this.__lookupGetter__ "__proto__" }}',
  "{{ $on.constructor('alert(1)')() }}",
  "{{ 'a'.constructor.prototype.charAt=[].join;$eval('x=1') }}",
  '{{ toString.constructor.prototype.toString=toString.constructor.prototype.call;["a","alert(1)"].sort(toString.constructor) }}',
  "{{ _c.constructor('alert(1)')() }}",
  "{{ _openBlock.constructor('alert(1)')() }}",
  '<%= process.env %>{{ 1 }}',
  '#{process.env}{{ 1 }}',
  '${process.env}{{ 1 }}',
  "{{_self.env.registerUndefinedFilterCallback('exec')}}{{_self.env.getFilter('id')}}",
  "{{['id']|filter('system')}}",
  "{{['id']|map('system')|join}}",
  "{{['id',1]|sort('system')|join}}",
  "{{ app.request.server.all|join(',') }}",
  "{{ 'id'|passthru }}",
  '{{ dump(app) }}',
  '{{ xs.constructor.from([1]) }}',
  '{{ d.constructor.keys(d) }}',
  "{{ d.constructor.assign(d.__proto__, {'polluted': 1}) }}",
  "{{ d.constructor.defineProperty(d.__proto__, 'polluted', {'value': 1}) }}",
  "{{ fn('x') }}",
  '{{ fn }}{{ fn.name }}{{ fn.length }}{{ [fn] | tojson }}',
  '{{ inst }}{{ inst | items }}{{ inst.secret }}',
  '{{ (loop or self).__class__ }}',
  '{% for x in xs %}{{ loop.constructor }}{{ loop.__proto__ }}{{ loop.cycle.constructor }}{% endfor %}',
  '{% set c = cycler(1) %}{{ c.constructor }}{{ c.items }}{{ c.next.constructor }}',
  '{% set j = joiner() %}{{ j.call }}{{ j.constructor }}{{ j.name }}',
  '{{ now.epochMs }}{{ now.zone }}{{ now.constructor }}',
];
const BUILT = JS_TARGETS.flatMap((target) => CALLS.map((call) => `{{ ${target}${call} }}`));
const PAYLOADS = [...PUBLISHED, ...BUILT];

class Host {
  readonly open = 1;
  #hidden = 'PRIVATE';
  get secret(): string {
    return `GETTER ${this.#hidden}`;
  }
  getSecret(): string {
    return this.#hidden;
  }
}

let calls = 0;
const data = (): Record<string, unknown> => ({
  s: 'text',
  d: { a: 1, b: [true] },
  xs: [1, 2],
  fn: () => {
    calls += 1;
    return 'HOST CALLED';
  },
  inst: new Host(),
  err: new Error('x'),
  date: new Date(0),
  mapped: new Map([['a', 1]]),
  process: undefined,
});

const LEAKS = [
  /native code/,
  /\[object/,
  /function\s*\(/,
  /=>/,
  /HOST CALLED/,
  /GETTER/,
  /PRIVATE/,
  new RegExp(String(process.pid).padStart(7, '#')),
  /node:internal/,
];

/** What a payload gives: its text, or the code of a typed error. Anything else is thrown on. */
function attempt(run: () => unknown): string {
  try {
    const value = run();
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch (cause) {
    if (cause instanceof AppError && cause.code.startsWith('template.')) return '';
    throw cause;
  }
}

function holdsHostThing(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (value === Object.prototype || value === Function.prototype || value === Array.prototype) return true;
  return Object.values(value).some(holdsHostThing);
}

test(`there are at least 100 payloads (${PAYLOADS.length})`, () => expect(PAYLOADS.length).toBeGreaterThanOrEqual(100));

describe('no payload reaches a function, an object or a prototype of the host', () => {
  test.each(PAYLOADS)('%s', (payload) => {
    const inner = payload.startsWith('{{') ? payload.slice(2, payload.lastIndexOf('}}')) : payload;
    const before = Object.getOwnPropertyNames(Object.prototype).length;
    const outputs = [
      attempt(() => renderText(payload, scopeOf(data()), { now: 0 }).text),
      attempt(() => {
        const { value } = renderValue({ lone: payload }, scopeOf(data()), { now: 0 });
        expect(holdsHostThing(value)).toBe(false);
        return value;
      }),
      attempt(() => String(evaluateCondition(inner, scopeOf(data()), { now: 0 }).value)),
      attempt(() => String(evaluateCondition(payload, scopeOf(data()), { now: 0 }).value)),
    ];
    for (const leak of LEAKS) for (const output of outputs) expect(output.replaceAll(payload, '')).not.toMatch(leak);
    expect(calls).toBe(0);
    expect(Object.getOwnPropertyNames(Object.prototype).length).toBe(before);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

test('fields of data that begin with one underscore are readable in every way (SPEC 2.3)', () => {
  const hit = { _id: '5f1', _source: { title: 'Bill' }, _links: { next: { href: '/2' } }, _: 1 };
  const scope = scopeOf({ hit, hits: [hit, { ...hit, _id: '5f2' }], _meta: { n: 3 } });
  const rows: readonly (readonly [string, string])[] = [
    ["{{ hit._id }} {{ hit['_id'] }} {{ hit | attr('_id') }} {{ hit.get('_id') }}", '5f1 5f1 5f1 5f1'],
    ['{hit._id} {hit._source.title} {_meta.n}', '5f1 Bill 3'],
    ['{{ hit._source.title }} {{ hit._links.next.href }} {{ hit._ }} {{ _meta.n }}', 'Bill /2 1 3'],
    [
      "{{ hits | map(attribute='_id') | join(',') }} {{ hits | map(attribute='_source.title') | first }}",
      '5f1,5f2 Bill',
    ],
    ["{{ hits | selectattr('_id', 'eq', '5f2') | length }} {{ hits | rejectattr('_id') | length }}", '1 0'],
    ["{{ hits | groupby('_id') | length }} {{ hits | groupby('_source.title') | length }}", '2 1'],
    ["{{ (hits | sort(attribute='_id', reverse=true))[0]._id }} {{ hits | unique(attribute='_') | length }}", '5f2 1'],
    ["{{ hits | sum(attribute='_') }} {{ hits | join('+', attribute='_id') }}", '2 5f1+5f2'],
    [
      "{{ (hits | max(attribute='_id'))._id }} {{ hit | pick('_id') }} {{ hit | omit('_source', '_links', '_') }}",
      '5f2 {"_id": "5f1"} {"_id": "5f1"}',
    ],
    ['{% for key, value in hit.items() %}{{ key }} {% endfor %}', '_id _source _links _ '],
    ['{% set ns = namespace(_n=1) %}{% set ns._n = ns._n + 1 %}{{ ns._n }} {{ dict(_a=1)._a }}', '2 1'],
    ["{{ (hits | map('pick', '_id') | list) }}", '[{"_id": "5f1"}, {"_id": "5f2"}]'],
  ];
  for (const [source, expected] of rows)
    expect([source, renderText(source, scope, { now: 0 }).text]).toEqual([source, expected]);
  expect(evaluateCondition("{hit._id} == '5f1' and hits.filter(_id='5f2')", scope, { now: 0 }).value).toBe(true);
});

test('hidden keys of data are undefined even when they are own keys', () => {
  const scope = scopeOf({
    d: JSON.parse('{"__proto__": {"x": 1}, "__private": 2, "constructor": 3, "prototype": 4, "ok": 5}') as unknown,
  });
  const source =
    "{{ d.__proto__ }}{{ d['__private'] }}{{ d.constructor }}{{ d | attr('prototype') }}{{ d.get('__private') }}{{ d.ok }}";
  expect(renderText(source, scope, { now: 0 }).text).toBe('5');
});
