const MIB = 1024 * 1024;

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');
const repeat = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join(',');

const HEAD = 'openapi: 3.0.3\ninfo: {title: x, version: "1"}\n';
export const yaml = (body: string): string => `${HEAD}${body}`;
export const json = (paths: string, schemas = ''): string =>
  `{"openapi":"3.1.0","info":{"title":"x","version":"1"},"servers":[{"url":"https://api.example.com"}],"paths":{${paths}},"components":{"schemas":{${schemas}}}}`;
export const withBody = (schema: string): string =>
  `"/a":{"post":{"operationId":"a","requestBody":{"content":{"application/json":{"schema":${schema}}}}}}`;
const nested = (depth: number, open: string, inner: string, close: string): string =>
  open.repeat(depth) + inner + close.repeat(depth);
/** YAML anchors that double on every line. */
const laughs = (levels: number, width: number): string =>
  `x0: &a0 [${'lol,'.repeat(width)}lol]\n${lines(levels, (i) => `x${i + 1}: &a${i + 1} [${`*a${i},`.repeat(width - 1)}*a${i}]`)}`;

/** Must be refused with `tool.definition_invalid`. */
export const REFUSED: readonly (readonly [string, () => string])[] = [
  ['nothing', () => ''],
  ['blanks', () => ' '.repeat(MIB)],
  ['comments', () => '#\n'.repeat(500_000)],
  ['NUL', () => '\0'.repeat(1000)],
  ['a text', () => 'hello'],
  ['a number', () => '1'],
  ['a list', () => '[]'],
  ['no version', () => '{"paths":{}}'],
  ['Swagger 2.0', () => '{"swagger":"2.0","paths":{}}'],
  ['OpenAPI 4', () => '{"openapi":"4.0.0","paths":{}}'],
  ['a version that is a map', () => '{"openapi":{"toString":"3.0"},"paths":{}}'],
  ['paths that are a list', () => '{"openapi":"3.0.0","paths":[]}'],
  ['paths that are a text', () => '{"openapi":"3.0.0","paths":"x"}'],
  ['21 MiB', () => `{"openapi":"3.0.0","x":"${'x'.repeat(21 * MIB)}"}`],
  ['billion laughs', () => yaml(`${laughs(9, 10)}\npaths: {}`)],
  ['doubling aliases', () => yaml(`${laughs(60, 2)}\npaths: {}`)],
  ['wide aliases', () => yaml(`x: &a [${'y,'.repeat(5000)}y]\nz: [${'*a,'.repeat(500)}*a]\npaths: {}`)],
  ['an alias to itself', () => yaml('paths: &a {x: *a}')],
  ['an alias to its list', () => yaml('paths: {}\nx: &a [*a]')],
  ['an unknown alias', () => yaml('paths: *nowhere')],
  ['many unknown aliases', () => yaml(lines(20_000, (i) => `k${i}: *x${i}`))],
  ['anchors without values', () => yaml('&a '.repeat(200_000))],
  ['tags', () => yaml('!a '.repeat(200_000))],
  ['a language tag', () => yaml('paths: !!js/function "function () { return 1 }"')],
  ['a python tag', () => yaml('paths: !!python/object/apply:os.system ["id"]')],
  ['binary', () => yaml('paths: {}\nx: !!binary aGk=\ny: !!set {a}')],
  ['numbers that are none', () => yaml('paths: {}\nx: [.nan, .inf]')],
  ['deep flow lists', () => yaml(`paths: ${'['.repeat(100_000)}`)],
  ['deep closed flow lists', () => yaml(`paths: {}\nx: ${nested(5000, '[', '', ']')}`)],
  ['deep flow maps', () => yaml('{a: '.repeat(100_000))],
  ['deep lists in a line', () => yaml(`paths: {}\nx:\n  ${'- '.repeat(200_000)}`)],
  ['deep complex keys', () => yaml('? '.repeat(200_000))],
  ['deep indentation', () => yaml(lines(1300, (i) => `${' '.repeat(i)}a:`))],
  ['a million lines', () => yaml(`paths: {}\nx:\n${lines(1_000_000, () => '- 1')}`)],
  ['two million items', () => yaml(`paths: {}\nx: [${'a,'.repeat(2_000_000)}a]`)],
  ['20 MiB of commas', () => `openapi: 3.0.0\nx: [${','.repeat(19 * MIB)}]`],
  ['equal keys', () => yaml('k: 1\n'.repeat(200_000))],
  ['documents', () => '--- 1\n'.repeat(150_000)],
  ['an open quote', () => yaml(`a: "${'x'.repeat(5 * MIB)}`)],
  ['bad escapes', () => yaml(`a: "${'\\q'.repeat(300_000)}"`)],
  ['colons in a row', () => yaml('a: b: '.repeat(150_000))],
  ['deep JSON lists', () => `{"openapi":"3.0.0","paths":{},"x":${nested(500_000, '[', '', ']')}}`],
  ['deep JSON maps', () => `{"openapi":"3.0.0","paths":{},"x":${nested(500_000, '{"a":', '1', '}')}}`],
  ['open JSON', () => `{"openapi":"3.0.0","paths":{},"x":${'['.repeat(2_000_000)}`],
  ['two million JSON values', () => `{"openapi":"3.0.0","paths":{},"x":[${'0,'.repeat(2_000_000)}0]}`],
  ['20 MiB of JSON values', () => `{"openapi":"3.0.0","paths":{},"x":[${'0,'.repeat(9 * MIB)}0]}`],
  ['20 MiB of JSON maps', () => `{"openapi":"3.0.0","paths":{},"x":[${'{},'.repeat(6 * MIB)}{}]}`],
  ['20,000 operations', () => json(repeat(20_000, (i) => `"/p${i}":{"get":{}}`))],
  ['a path that leads to itself', () => '{"openapi":"3.1.0","paths":{"/a":{"$ref":"#/paths/~1a"}}}'],
  ['paths that lead in a circle', () => json('"/a":{"$ref":"#/paths/~1b"},"/b":{"$ref":"#/paths/~1a"}')],
  ['a path elsewhere', () => json('"/a":{"$ref":"http://127.0.0.1:1/spec.json#/a"}')],
  ['a path above the folder', () => json('"/a":{"$ref":"../../../../etc/passwd"}')],
  ['an absolute path', () => json('"/a":{"$ref":"/etc/passwd#/a"}')],
  ['a file URL', () => json('"/a":{"$ref":"file:///etc/passwd"}')],
  ['a path that is a device', () => json('"/a":{"$ref":"%2fdev%2fzero"}')],
  ['a chain of 5,000 references', () => json(repeat(5000, (i) => `"/p${i}":{"$ref":"#/paths/~1p${i + 1}"}`))],
];

/** May be read, if it is cheap and harmless; each has an operation `a`. */
export const HARMLESS: readonly (readonly [string, () => string])[] = [
  ['tabs', () => yaml('\t\n'.repeat(300_000))],
  [
    'a schema that refers to itself',
    () => json(withBody('{"$ref":"#/components/schemas/s"}'), '"s":{"$ref":"#/components/schemas/s"}'),
  ],
  [
    'schemas that refer to each other',
    () =>
      json(
        withBody('{"type":"object","properties":{"x":{"$ref":"#/components/schemas/s"}}}'),
        '"s":{"$ref":"#/components/schemas/t"},"t":{"$ref":"#/components/schemas/s"}',
      ),
  ],
  [
    'a schema whose parts are itself',
    () =>
      json(
        withBody('{"type":"object","properties":{"x":{"$ref":"#/components/schemas/s"}}}'),
        '"s":{"allOf":[{"$ref":"#/components/schemas/s"},{"$ref":"#/components/schemas/s"}]}',
      ),
  ],
  [
    'allOf that doubles',
    () =>
      json(
        withBody('{"$ref":"#/components/schemas/s0"}'),
        repeat(
          60,
          (i) =>
            `"s${i}":{"allOf":[{"$ref":"#/components/schemas/s${(i + 1) % 60}"},{"$ref":"#/components/schemas/s${(i + 1) % 60}"}]}`,
        ),
      ),
  ],
  [
    'anyOf that doubles',
    () =>
      json(
        withBody('{"type":"object","properties":{"x":{"$ref":"#/components/schemas/s0"}}}'),
        repeat(
          60,
          (i) =>
            `"s${i}":{"anyOf":[{"$ref":"#/components/schemas/s${(i + 1) % 60}"},{"$ref":"#/components/schemas/s${(i + 1) % 60}"}]}`,
        ),
      ),
  ],
  [
    'a chain of 5,000 schemas',
    () =>
      json(
        withBody('{"type":"object","properties":{"x":{"$ref":"#/components/schemas/s0"}}}'),
        repeat(
          5000,
          (i) => `"s${i}":{"type":"object","properties":{"x":{"$ref":"#/components/schemas/s${(i + 1) % 5000}"}}}`,
        ),
      ),
  ],
  [
    'a chain of 5,000 allOf',
    () =>
      json(
        withBody('{"$ref":"#/components/schemas/s0"}'),
        repeat(5000, (i) => `"s${i}":{"allOf":[{"$ref":"#/components/schemas/s${(i + 1) % 5000}"}]}`),
      ),
  ],
  [
    'one schema in 3,000 operations',
    () =>
      json(
        `${withBody('{"type":"object","properties":{"x":{"$ref":"#/components/schemas/s0"}}}')},${repeat(3000, (i) => `"/p${i}":{"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/s${i % 300}"}}}}}}`)}`,
        repeat(
          300,
          (i) =>
            `"s${i}":{"type":"object","properties":{"x":{"$ref":"#/components/schemas/s${(i + 1) % 300}"},"y":{"$ref":"#/components/schemas/s${(i * 7) % 300}"}}}`,
        ),
      ),
  ],
  [
    '100,000 properties',
    () => json(withBody(`{"type":"object","properties":{${repeat(100_000, (i) => `"p${i}":{"type":"string"}`)}}}`)),
  ],
  [
    '100,000 words',
    () => json(withBody(`{"type":"object","properties":{"x":{"enum":[${repeat(100_000, (i) => `"w${i}"`)}]}}}`)),
  ],
  [
    '100,000 parameters',
    () =>
      json(`"/a":{"get":{"operationId":"a","parameters":[${repeat(50_000, (i) => `{"name":"p${i}","in":"query"}`)}]}}`),
  ],
  [
    '9,000 equal names',
    () => json(`"/a":{"get":{"operationId":"a"}},${repeat(9000, (i) => `"/p${i}":{"get":{"operationId":"a"}}`)}`),
  ],
  [
    '90,000 references that end alike',
    () => {
      const references = repeat(2300, (i) => `{"$ref":"#/components/schemas/g/${i}/s"}`);
      const body = `{"content":{"application/json":{"schema":{"anyOf":[${references}]}}}}`;
      return json(
        `${withBody('{}')},${repeat(40, (i) => `"/p${i}":{"post":{"requestBody":${body}}}`)}`,
        `"g":{${repeat(2300, (i) => `"${i}":{"s":{"type":"string"}}`)}}`,
      );
    },
  ],
  [
    'a pattern that never ends',
    () =>
      json(
        withBody(
          '{"type":"object","properties":{"x":{"type":"string","pattern":"^(a+)+$"}},"patternProperties":{"^(a+)+$":{}}}',
        ),
      ),
  ],
  [
    'a pattern that is none',
    () => json(withBody('{"type":"object","properties":{"x":{"type":"string","pattern":"("}}}')),
  ],
  [
    'code in a keyword',
    () =>
      json(
        withBody(
          '{"type":"object","properties":{"x":{"minLength":"1);globalThis.polluted=1;(","multipleOf":"process.exit(1)","format":"x\\"+process.exit(1)+\\"","required":"x","type":"string\\u0022"}}}',
        ),
      ),
  ],
  [
    'code in a name',
    () =>
      json(
        withBody(
          '{"type":"object","properties":{"x\\"];globalThis.polluted=1;//":{"type":"string"},"__proto__":{"type":"object","properties":{"polluted":{"default":1}}},"constructor":{}}}',
        ),
      ),
  ],
  [
    '__proto__ everywhere',
    () =>
      json(
        `"__proto__":{"get":{}},"/__proto__":{"get":{"operationId":"__proto__"}},${withBody('{"$ref":"#/components/schemas/__proto__"}')}`,
        '"__proto__":{"type":"object","properties":{"__proto__":{"$ref":"#/components/schemas/constructor"}}},"constructor":{"polluted":true}',
      ),
  ],
  [
    'ids and anchors',
    () =>
      json(
        withBody(
          '{"$id":"http://127.0.0.1:1/s","$schema":"http://127.0.0.1:1/m","$anchor":"x","$dynamicRef":"#x","type":"object"}',
        ),
      ),
  ],
  [
    'a reference into the air',
    () => json(withBody('{"type":"object","properties":{"x":{"$ref":"#/nowhere/at/all"}}}')),
  ],
  [
    'a reference to a host',
    () => json(withBody('{"type":"object","properties":{"x":{"$ref":"http://127.0.0.1:1/s.json"}}}')),
  ],
  [
    'broken pointers',
    () => json(withBody('{"type":"object","properties":{"x":{"$ref":"#/%E0%A4%A"},"y":{"$ref":"#~2"}}}')),
  ],
  ['a path of braces', () => json(`"/${'{'.repeat(50_000)}":{"get":{"operationId":"a"}}`)],
  ['a path of placeholders', () => json(`"/${'{a}'.repeat(50_000)}":{"get":{"operationId":"a"}}`)],
  [
    'servers of braces',
    () => `{"openapi":"3.0.0","paths":{"/a":{"get":{"operationId":"a"}}},"servers":[{"url":"${'{'.repeat(200_000)}"}]}`,
  ],
  [
    'a name of a megabyte',
    () => json(`"/a":{"get":{"operationId":"a"}},"/b":{"get":{"operationId":"${'aB_-'.repeat(MIB / 4)}"}}`),
  ],
  [
    'wrong kinds everywhere',
    () =>
      json(
        '"/a":{"get":{"operationId":"a","parameters":{"x":1},"responses":[1],"requestBody":"x","security":"y","servers":7,"tags":{}},"parameters":"z"}',
      ),
  ],
];
