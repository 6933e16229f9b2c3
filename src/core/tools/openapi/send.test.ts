import { describe, expect, it } from 'vitest';
import type { HttpClient, HttpRequest } from '../../http/index.ts';
import { createSend } from './send.ts';

function sending(only: readonly string[] | null) {
  const asked: HttpRequest[] = [];
  const http = {
    request: (request: HttpRequest) => {
      asked.push(request);
      return Promise.reject(new Error('enough'));
    },
  } as unknown as HttpClient;
  const hosts = { allowedHosts: [], isConfined: false, declaredHosts: undefined };
  const rules = { http, signal: new AbortController().signal, timeoutMs: 1000, ...hosts };
  const send = createSend({ ...rules, only });
  return { asked, to: (url: string) => send({ method: 'GET', url, headers: {}, maxRedirects: 5 }) };
}

describe('permissions.hosts of a step', () => {
  it.each([
    [['api.example.com'], 'https://api.example.com/x'],
    [['API.example.com'], 'https://api.example.com:8443/x'],
    [['api.example.com:8443'], 'https://api.example.com:8443/x'],
    [['*.example.com'], 'https://api.example.com/x'],
  ])('%j lets %s through, and follows no redirect', async (only, url) => {
    const { asked, to } = sending(only);
    await expect(to(url)).rejects.toThrow('enough');
    expect(asked.map(({ maxRedirects }) => maxRedirects)).toEqual([0]);
  });

  it.each([
    [[], 'https://api.example.com/'],
    [['example.com'], 'https://api.example.com/'],
    [['*.example.com'], 'https://example.com/'],
    [['*.example.com'], 'https://badexample.com/'],
    [['api.example.com:8443'], 'https://api.example.com/'],
    [['api.example.com'], 'https://api.example.com.evil.net/'],
  ])('%j refuses %s before anything is sent', async (only, url) => {
    const { asked, to } = sending(only);
    await expect(to(url)).rejects.toMatchObject({ code: 'tool.denied', hint: expect.any(String) });
    expect(asked).toEqual([]);
  });

  it('says nothing where it is not written', async () => {
    const { asked, to } = sending(null);
    await expect(to('https://any.example.net/')).rejects.toThrow('enough');
    expect(asked[0]?.maxRedirects).toBe(5);
  });
});
