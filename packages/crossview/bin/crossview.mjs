#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entry = new URL('../dist/main.js', import.meta.url);
if (existsSync(fileURLToPath(entry))) await (await import(entry.href)).main(process.argv.slice(2));
else {
  console.error('crossview is not built yet: run "npm run quickstart", or "npm ci && npm run build"');
  process.exitCode = 1;
}
