#!/usr/bin/env node
// Pages somebody.
console.log(JSON.stringify({ sent: process.argv.slice(2) }));
