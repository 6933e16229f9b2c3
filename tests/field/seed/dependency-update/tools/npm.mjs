#!/usr/bin/env node
// Gives updates of a manifest; takes the operation as its first argument.
const updates = [
  { name: 'zod', from: '4.0.1', to: '4.1.0', risk: '2' },
  { name: 'ajv', from: '8.1.0', to: '8.2.0', risk: '7' },
];
console.log(JSON.stringify({ operation: process.argv[2], updates }));
