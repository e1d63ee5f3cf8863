import { dirname, relative } from 'node:path';
import { closedServices, findNotebookFile, type NotebookDocument } from '@crossview/kernel/notebooks';
import { parseAddress } from '@crossview/notebook-utils';
import { loadProfile, type Profile } from '../config/load-config.js';
import { findWorkspace, type Workspace } from '../config/workspace.js';
import { ensureEnvironment } from '../environment/ensure.js';
import { oneLake } from '../lake/one-lake.js';
import { findPlace, lakePlaces } from '../lake/places.js';
import { places as defaultPlaces } from '../places.js';
import { findProgram } from '../system/find-program.js';
import type { Progress } from '../system/progress.js';
import { runProcess } from '../system/run-process.js';
import { type NotebookNeeds, notebookNeeds } from './needs.js';
import { notebookLakehouse } from './notebook-lakehouse.js';

interface Finding {
  readonly kind: string;
  readonly what: string;
  readonly ok: boolean;
  readonly note?: string;
}

const languages = new Set([
  'pyspark',
  'spark',
  'scala',
  'sql',
  'tsql',
  'python',
  'local',
  'typescript',
  'ts',
  'html',
  'markdown',
  'bash',
  'sh',
  'configure',
  'time',
  'timeit',
  'capture',
  'writefile',
  'kernel',
  'duckdb',
]);
/** Modules that our own folders and Spark bring, which the environment's Python does not list. */
const ownModules = /^(?:mssparkutils|notebookutils|com|tokenlibrary|pyspark|delta|IPython|matplotlib_inline)$/;

/**
 * Says what a notebook needs and what of it is missing here, and runs nothing of it.
 * @returns 0 when nothing is missing, else 1.
 */
export async function dryRun(path: string, document: NotebookDocument, progress: Progress): Promise<number> {
  const needs = notebookNeeds(document);
  const profile = loadProfile(dirname(path));
  const [configured] = needs.lakehouses;
  const wish = configured === undefined ? notebookLakehouse() : { name: configured };
  const workspace = findWorkspace(profile, dirname(path), defaultPlaces(), wish);
  const findings = [
    ...needs.languages.map(languageFinding),
    ...needs.paths.map((it) => pathFinding(it, profile, workspace)),
    ...needs.pools.map((it) => poolFinding(it, profile)),
    ...(await Promise.all(needs.notebooks.map((it) => notebookFinding(it, dirname(path), workspace.root)))),
    ...needs.secrets.map((it) => secretFinding(it, profile)),
    ...needs.linkedServices.map((it) => linkedServiceFinding(it, profile)),
    ...(await moduleFindings(needs, progress)),
    ...needs.packages.map((what): Finding => ({ kind: 'package', what, ok: true, note: 'the notebook installs it' })),
  ];
  console.log(`${path}: ${document.cells.filter(({ cell_type }) => cell_type === 'code').length} code cells`);
  if (needs.magics.length > 0) console.log(`  magics: ${needs.magics.join(' ')}`);
  for (const { kind, what, ok, note } of findings)
    console.log(`  ${ok ? '✓' : '✗'} ${kind} ${what}${note === undefined ? '' : ` — ${note}`}`);
  const missing = findings.filter(({ ok }) => !ok).length;
  console.log(missing === 0 ? 'Nothing is missing.' : `${missing} missing.`);
  return missing === 0 ? 0 : 1;
}

function languageFinding(what: string): Finding {
  if (languages.has(what)) return { kind: 'language', what, ok: true };
  const kind = 'language';
  if (what === 'sparkr' || what === 'r')
    return findProgram('Rscript')
      ? { kind, what, ok: true }
      : { kind, what, ok: false, note: 'R is not installed (Debian: r-base-core)' };
  if (what === 'csharp')
    return findProgram('dotnet')
      ? { kind, what, ok: true }
      : { kind, what, ok: false, note: 'no .NET Jupyter kernel is installed' };
  return { kind: 'magic', what, ok: true, note: 'if it is none of IPython’s, cells before define it' };
}

function pathFinding(what: string, profile: Profile, { root, lakehouse }: Workspace): Finding {
  if (/^(?:\/lakehouse|Files|Tables)/.test(what)) {
    if (lakehouse !== undefined)
      return { kind: 'path', what, ok: true, note: `default lakehouse ${lakehouse.name}: ${lakehouse.folder}` };
    const relativePath = !what.startsWith('/');
    return {
      kind: 'path',
      what,
      ok: relativePath,
      note: relativePath ? 'in the notebook’s directory' : 'name a "lakehouse" in crossview.json',
    };
  }
  try {
    const address = parseAddress(what.includes('://') ? `${what}/` : what);
    if (address.kind !== 'storage') return { kind: 'path', what, ok: true };
    if (profile.kind === 'azure') {
      const ok = address.account in profile.storage || address.account === profile.staging.account;
      return {
        kind: 'path',
        what,
        ok,
        ...(ok ? {} : { note: `account ${address.account} is not in profile "${profile.name}"` }),
      };
    }
    if (address.account === oneLake) return { kind: 'path', what, ok: true, note: 'lakehouses of the profile' };
    const place = findPlace(lakePlaces(profile, root), address.account, address.container);
    if (place === undefined)
      return { kind: 'path', what, ok: false, note: `map it: crossview lake map ${address.account} FOLDER` };
    return {
      kind: 'path',
      what,
      ok: true,
      note: 'folder' in place ? place.folder : `Azurite, container ${place.container}`,
    };
  } catch (error) {
    return { kind: 'path', what, ok: false, note: (error as Error).message };
  }
}

function poolFinding(what: string, profile: Profile): Finding {
  if (profile.kind === 'local') return { kind: 'pool', what, ok: true, note: 'local pool' };
  const isServer = what.includes('.');
  const ok = !isServer || Object.keys(profile.servers).some((name) => name.toLowerCase() === what.toLowerCase());
  return { kind: 'pool', what, ok, ...(ok ? {} : { note: `not among the servers of profile "${profile.name}"` }) };
}

async function notebookFinding(what: string, directory: string, root: string): Promise<Finding> {
  try {
    const { path } = await findNotebookFile([directory], root, what);
    return { kind: 'notebook', what, ok: true, note: relative(directory, path) };
  } catch (error) {
    return { kind: 'notebook', what, ok: false, note: (error as Error).message };
  }
}

function secretFinding(what: string, profile: Profile): Finding {
  const [vault = '', name = ''] = what.split('/');
  const plain = (/^(?:https:\/\/)?([^./]+)/.exec(vault)?.[1] ?? vault).toLowerCase();
  const entries = Object.entries(profile.secrets).find(([key]) => key.toLowerCase() === plain)?.[1] ?? {};
  const ok = plain === 'local' || Object.keys(entries).some((key) => key.toLowerCase() === name.toLowerCase());
  return { kind: 'secret', what, ok, ...(ok ? {} : { note: `add it under profiles.${profile.name}.secrets` }) };
}

function linkedServiceFinding(what: string, profile: Profile): Finding {
  const ok = Object.keys(profile.linkedServices).some((key) => key.toLowerCase() === what.toLowerCase());
  return {
    kind: 'linked service',
    what,
    ok,
    ...(ok ? {} : { note: `add it under profiles.${profile.name}.linkedServices` }),
  };
}

async function moduleFindings(needs: NotebookNeeds, progress: Progress): Promise<Finding[]> {
  const names = [...new Set(needs.modules.map((name) => name.split('.')[0]!))].filter((name) => !ownModules.test(name));
  if (names.length === 0) return [];
  const state = await ensureEnvironment(progress);
  const question =
    'import importlib.util as u, json, sys\nprint(json.dumps([n for n in sys.argv[1:] if u.find_spec(n) is None]))';
  const asked = await runProcess(state.python, ['-c', question, ...names], { timeoutMs: 60_000 });
  const missing = new Set(asked.code === 0 ? (JSON.parse(asked.stdout.split('\n').at(-1) || '[]') as string[]) : []);
  return names.map((what): Finding => {
    if (!missing.has(what)) return { kind: 'module', what, ok: true };
    const full = needs.modules.find((name) => name.split('.')[0] === what) ?? what;
    const closed = closedServices.find(({ sign }) => sign.test(full));
    if (closed) return { kind: 'module', what, ok: false, note: `${closed.name} is not here. ${closed.instead}` };
    const installs = needs.packages.some((name) =>
      name.toLowerCase().replace(/[-_]/g, '').startsWith(what.toLowerCase().replace(/[-_]/g, '')),
    );
    return {
      kind: 'module',
      what,
      ok: installs,
      note: installs ? 'the notebook installs it' : `%pip install ${what}, or requirements.txt of the workspace`,
    };
  });
}
