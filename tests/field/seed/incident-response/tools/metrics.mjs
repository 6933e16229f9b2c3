#!/usr/bin/env node
// Gives a series with one peak.
const points = [
  { at: '08:00', value: '10' },
  { at: '08:05', value: '60' },
];
console.log(JSON.stringify({ points, baseline: '10', peak: '60' }));
