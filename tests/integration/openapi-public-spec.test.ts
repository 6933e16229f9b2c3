import { copyFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createOpenApiLab } from '../support/openapi-lab.ts';
import { fetchGithubSpec } from '../support/public-spec.ts';

it('reads the description of GitHub’s API (13 MB) and calls an operation of it', async () => {
  const published = await fetchGithubSpec();
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"full_name": "octo/cat"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const lab = await createOpenApiLab();
  try {
    const specFile = join(lab.folder, 'github.json');
    await copyFile(published, specFile);
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const tool = await lab.tool({ specFile, baseUrl });
    const begin = performance.now();
    const { operations } = await tool.describe(new AbortController().signal);
    console.log(
      `${operations.length} operations of GitHub's API are read: ${Math.round(performance.now() - begin)} ms`,
    );
    expect(operations.length).toBeGreaterThan(1000);
    const get = operations.find((one) => one.name === 'repos_get');
    expect(get?.parameters).toMatchObject({ required: ['owner', 'repo'] });
    expect(operations.filter((one) => one.description.startsWith('Cannot be called'))).toEqual([]);
    const { output } = await lab.call(tool, 'repos_get', { owner: 'octo org', repo: 'cat' });
    expect([output, asked]).toEqual([{ full_name: 'octo/cat' }, ['GET /repos/octo%20org/cat']]);
  } finally {
    await lab.close();
    await new Promise((resolve) => server.close(resolve));
  }
});
