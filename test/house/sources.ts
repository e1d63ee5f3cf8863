import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/paths.js';

export interface Manifest {
  readonly name: string;
  /** The optional ones too. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Folder names under packages/ that have a manifest. */
export function packageNames(): string[] {
  return readdirSync(join(root, 'packages')).filter((name) => existsSync(join(root, 'packages', name, 'package.json')));
}

export function manifest(name: string): Manifest {
  const read = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as Partial<
    Manifest & { optionalDependencies: Manifest['dependencies'] }
  >;
  return { name: read.name ?? '', dependencies: { ...read.dependencies, ...read.optionalDependencies } };
}

export interface Source {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** The TypeScript and JavaScript that a package ships. */
export function packageSources(name: string): Source[] {
  return ['src', 'bin'].flatMap((folder) => {
    const directory = join(root, 'packages', name, folder);
    if (!existsSync(directory)) return [];
    return readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|mts|js|mjs|cjs)$/.test(file))
      .map((file) => ({
        path: `packages/${name}/${folder}/${file.replaceAll('\\', '/')}`,
        text: readFileSync(join(directory, file), 'utf8'),
      }));
  });
}

const importForms = [
  /\bfrom\s+(['"])([^'"]+)\1/g,
  /\bimport\s+(['"])([^'"]+)\1/g,
  /\bimport\(\s*(['"])([^'"]+)\1/g,
  /\brequire\(\s*(['"])([^'"]+)\1/g,
  /\bcreateRequire\([^)]*\)(?:\.resolve)?\(\s*(['"])([^'"]+)\1/g,
  /\.resolve\(\s*(['"])([^'"]+)\1/g,
];

/** What a source asks for by name: no relative paths and none of Node's own modules. */
export function importedPackages(text: string): Set<string> {
  const names = new Set<string>();
  for (const form of importForms)
    for (const [, , specifier = ''] of text.matchAll(form)) {
      if (/^(\.|\/|node:)/.test(specifier) || specifier === '') continue;
      const parts = specifier.split('/');
      names.add(specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!);
    }
  return names;
}

/** The files that git tracks or would track, with their text; binary ones are left out. */
export function trackedFiles(): Source[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64_000_000,
  });
  return listed
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'));
}
