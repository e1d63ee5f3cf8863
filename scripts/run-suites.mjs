// Runs the test folders one after the other, each in a process of its own, and adds up what uvu counted.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const minutes = 60_000;

/** A folder under test/ that has test files of its own is a group; its files share one process, one JVM, one pool. */
export function findGroups(testRoot) {
  const groups = [];
  const visit = (directory, name) => {
    const entries = readdirSync(directory, { withFileTypes: true });
    if (entries.some((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))) groups.push(name);
    for (const entry of entries) {
      if (entry.isDirectory() && !['support', 'fixtures', 'bench', 'node_modules'].includes(entry.name))
        visit(join(directory, entry.name), name === '' ? entry.name : `${name}/${entry.name}`);
    }
  };
  visit(testRoot, '');
  return groups;
}

function lastNumber(text, label) {
  const found = [...text.matchAll(new RegExp(`^\\s*${label}:\\s+(\\d+)`, 'gm'))].at(-1);
  return found ? Number(found[1]) : undefined;
}

const filterOf = (pattern) => (pattern === '' ? '^[^/]*\\.test\\.ts$' : `^[^/]*${pattern}[^/]*\\.test\\.ts$`);

/** Whether the group itself has a file of this pattern. */
export function hasFiles(testRoot, group, pattern) {
  return readdirSync(join(testRoot, group)).some((name) => new RegExp(filterOf(pattern)).test(name));
}

/** What uvu said of each test that failed: its name, message and stack, `most` lines of each. */
export function failuresIn(plain, most = 25) {
  const failures = [];
  let current;
  for (const line of plain.split('\n')) {
    if (/^\s*FAIL\s/.test(line)) {
      current = [];
      failures.push(current);
    } else if (/^\S+\.test\.ts$/.test(line) || /^\s*Total:\s/.test(line)) current = undefined;
    if (current !== undefined && line.trim() !== '' && current.length < most) current.push(line.trimEnd());
  }
  return failures.map((lines) => lines.join('\n'));
}

/**
 * @param say takes what the group prints.
 * @returns counts of one group, and what was said of its failures; a process that dies, hangs or counts nothing is one failure more.
 */
export async function runGroup(
  root,
  group,
  { env = process.env, limitMinutes = 25, pattern = '', say = (text) => process.stdout.write(text) } = {},
) {
  const filter = filterOf(pattern);
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'node_modules/uvu/bin.js', join('test', group), filter, '--ignore', 'node_modules'],
    { cwd: root, env: { FORCE_COLOR: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let text = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', say);
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk) => {
    text += chunk;
    say(chunk);
    // Everything ran and was counted: a server that keeps the process is ended, and said.
    if (!linger && /^\s*Duration:/m.test(stripVTControlCharacters(text)))
      linger = setTimeout(() => {
        lingered = true;
        say(`group ${group}: still there 20 s after its last test, ended\n`);
        // It says what keeps it (test/support/suite.ts).
        child.kill('SIGUSR2');
        setTimeout(end, 500);
      }, 20_000);
  });
  let late = false;
  let linger;
  let lingered = false;
  const end = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {}
  };
  const timer = setTimeout(() => {
    late = true;
    end();
  }, limitMinutes * minutes);
  const code = await new Promise((resolve) => child.once('close', (exit) => resolve(exit ?? 1)));
  clearTimeout(timer);
  clearTimeout(linger);
  end();
  const plain = stripVTControlCharacters(text);
  const total = lastNumber(plain, 'Total') ?? 0;
  const passed = lastNumber(plain, 'Passed') ?? 0;
  const skipped = lastNumber(plain, 'Skipped') ?? 0;
  let failed = total - passed;
  const failures = failuresIn(plain);
  if (late) {
    failures.push(`   ended after ${limitMinutes} minutes`);
    say(`group ${group}: ended after ${limitMinutes} minutes\n`);
  }
  if (
    failed === 0 &&
    ((code !== 0 && (!lingered || text.includes('after hook failed'))) || late || total + skipped === 0)
  ) {
    failed = 1;
    if (!late) failures.push(`   ended with exit code ${code}, and ${total} tests were counted`);
  }
  return { group, passed, failed, skipped, failures };
}
