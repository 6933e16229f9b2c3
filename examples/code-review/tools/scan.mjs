#!/usr/bin/env node
import { main, progress } from '../lib/cli.mjs';
import { readPullRequest } from '../lib/pull-request.mjs';
import { scanArea } from '../lib/rules.mjs';

const scan =
  (area) =>
  async ({ pull_request: path, max_function_lines: most = '40' }) => {
    const { files } = await readPullRequest(path);
    const findings = scanArea(area, files, { max_function_lines: Number(most) });
    for (const one of findings) progress(`${one.severity} ${one.path}:${one.line} ${one.rule}`);
    return { findings };
  };

await main({ security: scan('security'), tests: scan('tests'), maintainability: scan('maintainability') });
