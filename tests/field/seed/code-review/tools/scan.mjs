#!/usr/bin/env node
// Gives findings of a change.
const findings = [
  { rule: 'no-eval', file: 'a.js', line: 3, severity: 'high', message: 'eval is dangerous' },
  { rule: 'todo', file: 'b.js', line: 9, severity: 'low', message: 'todo left' },
  { rule: 'unused', file: 'b.js', line: 12, severity: 'low', message: 'unused variable' },
];
console.log(JSON.stringify({ findings, issues: true, lines: 40, score: '7' }));
