import { describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/json.ts';
import { joinPairs, serializeForHeader, serializeForPath, serializeForQuery } from './serialize-value.ts';
import type { Serialization, Style } from './spec-model.ts';

const how = (style: Style, explode: boolean, more: Partial<Serialization> = {}): Serialization => ({
  ...{ style, explode, allowReserved: false, contentType: null },
  ...more,
});
const LIST: Json = ['blue', 'black', 'brown'];
const MAP: Json = { R: 100, G: 200, B: 150 };

describe('paths, as the table of OpenAPI has them', () => {
  it.each<[Style, boolean, Json, string]>([
    ['simple', false, 'blue', 'blue'],
    ['simple', false, LIST, 'blue,black,brown'],
    ['simple', true, LIST, 'blue,black,brown'],
    ['simple', false, MAP, 'R,100,G,200,B,150'],
    ['simple', true, MAP, 'R=100,G=200,B=150'],
    ['label', false, 'blue', '.blue'],
    ['label', false, LIST, '.blue,black,brown'],
    ['label', true, LIST, '.blue.black.brown'],
    ['label', false, MAP, '.R,100,G,200,B,150'],
    ['label', true, MAP, '.R=100.G=200.B=150'],
    ['matrix', false, '', ';color'],
    ['matrix', false, 'blue', ';color=blue'],
    ['matrix', false, LIST, ';color=blue,black,brown'],
    ['matrix', true, LIST, ';color=blue;color=black;color=brown'],
    ['matrix', false, MAP, ';color=R,100,G,200,B,150'],
    ['matrix', true, MAP, ';R=100;G=200;B=150'],
    ['simple', false, 'a/b;c,d?e#f%g ü', 'a%2Fb%3Bc%2Cd%3Fe%23f%25g%20%C3%BC'],
    ['simple', false, ['a,b', 'c'], 'a%2Cb,c'],
    ['matrix', true, { 'a=b': 'c;d' }, ';a%3Db=c%3Bd'],
  ])('%s, explode %s: %j', (style, explode, value, text) => {
    expect(serializeForPath('color', value, how(style, explode))).toBe(text);
  });
});

describe('queries and cookies, as the table of OpenAPI has them', () => {
  it.each<[Style, boolean, Json, string]>([
    ['form', false, '', 'color='],
    ['form', true, 'blue', 'color=blue'],
    ['form', false, LIST, 'color=blue,black,brown'],
    ['form', true, LIST, 'color=blue&color=black&color=brown'],
    ['form', false, MAP, 'color=R,100,G,200,B,150'],
    ['form', true, MAP, 'R=100&G=200&B=150'],
    ['spaceDelimited', false, LIST, 'color=blue%20black%20brown'],
    ['spaceDelimited', false, MAP, 'color=R%20100%20G%20200%20B%20150'],
    ['spaceDelimited', true, LIST, 'color=blue&color=black&color=brown'],
    ['pipeDelimited', false, LIST, 'color=blue%7Cblack%7Cbrown'],
    ['pipeDelimited', false, MAP, 'color=R%7C100%7CG%7C200%7CB%7C150'],
    ['deepObject', true, MAP, 'color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150'],
    [
      'deepObject',
      true,
      { a: { b: [1, { c: 2 }] }, d: null },
      'color%5Ba%5D%5Bb%5D%5B0%5D=1&color%5Ba%5D%5Bb%5D%5B1%5D%5Bc%5D=2',
    ],
    ['form', true, [], ''],
    ['form', false, [], ''],
    ['form', true, { a: null, b: false }, 'b=false'],
    ['form', true, "a&b=c+d'e(f)", 'color=a%26b%3Dc%2Bd%27e%28f%29'],
    ['form', false, ['a,b', 'c'], 'color=a%2Cb,c'],
    ['form', true, [{ x: 1 }], 'color=%7B%22x%22%3A1%7D'],
  ])('%s, explode %s: %j', (style, explode, value, text) => {
    expect(joinPairs(serializeForQuery('color', value, how(style, explode)))).toBe(text);
  });

  it('leave reserved characters where that is asked, but never those that end a value', () => {
    const [pair] = serializeForQuery('q', "a:/?#[]@!$&'()*+,;=b", how('form', true, { allowReserved: true }));
    expect(pair?.[1]).toBe("a:/?%23%5B%5D@!$%26'()*%2B,;=b");
  });

  it('write JSON where the spec says so', () => {
    const json = how('form', true, { contentType: 'application/json' });
    expect(joinPairs(serializeForQuery('q', { a: ['x'] }, json))).toBe('q=%7B%22a%22%3A%5B%22x%22%5D%7D');
  });
});

describe('headers', () => {
  it.each<[boolean, Json, string]>([
    [false, 'blue', 'blue'],
    [false, 7, '7'],
    [false, LIST, 'blue,black,brown'],
    [false, MAP, 'R,100,G,200,B,150'],
    [true, MAP, 'R=100,G=200,B=150'],
  ])('explode %s: %j', (explode, value, text) => {
    expect(serializeForHeader(value, how('simple', explode))).toBe(text);
  });
});
