import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { loadProfile } from '../config/load-config.js';
import { findWorkspace, type Workspace } from '../config/workspace.js';
import { places as defaultPlaces, type Places, packageFolder, privateDirectory } from '../places.js';
import type { Progress } from '../system/progress.js';
import { runProcess } from '../system/run-process.js';

const markName = '.crossview-requirements';

function folderOf(places: Places, workspace: Workspace): string {
  return join(places.packages, workspace.key);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** The folder with the workspace's own packages for `PYTHONPATH`, when set-up has made one. */
export function workspacePackages(places: Places, workspace: Workspace): readonly string[] {
  const folder = folderOf(places, workspace);
  return existsSync(join(folder, markName)) ? [folder] : [];
}

/** The packages of `requirements.txt`, or of `environment.yml` in pip's words; `undefined` when there is neither file. */
export function readRequirements(
  root: string,
): { readonly file: string; readonly lines: readonly string[] } | undefined {
  for (const name of ['requirements.txt', 'environment.yml', 'environment.yaml']) {
    const file = join(root, name);
    if (!existsSync(file)) continue;
    const text = readFileSync(file, 'utf8');
    return { file, lines: name.endsWith('.txt') ? text.split('\n') : condaLines(text) };
  }
  return undefined;
}

/** The dependencies of a Conda environment: `numpy=1.26` is `numpy==1.26`, what stands under `pip:` stays, Python itself is left out. */
function condaLines(text: string): string[] {
  const found: string[] = [];
  let inside = false;
  let pipIndent = -1;
  for (const line of text.replaceAll('\r', '').split('\n')) {
    if (/^\S/.test(line)) inside = /^dependencies\s*:/.test(line);
    const item = /^(\s*)-\s+(.+?)\s*(?:\s#.*)?$/.exec(line);
    if (!inside || !item) continue;
    const [, indent = '', quoted = ''] = item;
    const value = quoted.replace(/^["']|["']$/g, '');
    if (/^pip\s*:$/.test(value)) pipIndent = indent.length;
    else if (pipIndent >= 0 && indent.length > pipIndent) found.push(value);
    else {
      pipIndent = -1;
      const plain = value.replace(/^[\w.-]+::/, '');
      const [, name = '', rest = ''] = /^([\w.-]+)\s*(.*)$/.exec(plain) ?? [];
      if (/^(python|pip)$/i.test(name)) continue;
      const version = /^=([^=].*?)(?:=.*)?$/.exec(rest.replace(/\s/g, ''))?.[1];
      found.push(
        version === undefined
          ? `${name}${rest.replace(/\s/g, '')}`
          : `${name}==${version}${/^\d+(\.\d+)?$/.test(version) ? '.*' : ''}`,
      );
    }
  }
  return found;
}

/**
 * Installs the packages that the workspace names, beside the environment that all workspaces share; once for each content.
 * @throws CrossviewError `REQUIREMENTS_FAILED` with pip's last lines.
 */
export async function setupWorkspace(
  python: string,
  directory: string,
  progress: Progress,
  places: Places = defaultPlaces(),
): Promise<void> {
  const workspace = findWorkspace(loadProfile(directory), directory, places);
  const wanted = readRequirements(workspace.root);
  if (wanted === undefined) return;
  const folder = folderOf(places, workspace);
  const mark = `${digest(wanted.lines.join('\n'))} ${python}`;
  const markFile = join(folder, markName);
  if (existsSync(markFile) && readFileSync(markFile, 'utf8') === mark) return;
  progress.step(`Installing the packages of ${wanted.file}`);
  rmSync(folder, { recursive: true, force: true });
  privateDirectory(places.packages);
  privateDirectory(folder);
  // A file of pip's own is given as it is: it may name others, relative to itself.
  const own = wanted.file.endsWith('.txt');
  const list = own ? wanted.file : join(folder, '.requirements.txt');
  if (!own) writeFileSync(list, `${wanted.lines.join('\n')}\n`);
  const result = await runProcess(python, ['-m', 'crossview_kernel.packages', folder, '-r', list], {
    cwd: workspace.root,
    env: {
      ...process.env,
      PYTHONPATH: [join(packageFolder('kernel'), 'python'), process.env.PYTHONPATH].filter(Boolean).join(delimiter),
    },
    onLine: (line) => progress.update(line.slice(0, 100)),
  });
  progress.end();
  if (result.code !== 0)
    throw new CrossviewError('REQUIREMENTS_FAILED', `the packages of ${wanted.file} could not be installed`, {
      hint: `pip said:\n${result.lastWords}`,
      facts: { file: wanted.file, exitCode: result.code },
    });
  writeFileSync(markFile, mark);
}
