import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CrossviewError, type Json } from '@crossview/contracts';
import { readJsonDocuments } from './json-documents.js';

export type DocumentKind = 'linkedService' | 'dataset' | 'pipeline';

/** One resource of a Data Factory or Synapse repository. */
export interface FactoryDocument {
  readonly kind: DocumentKind;
  readonly name: string;
  readonly properties: { readonly [key: string]: Json };
}

/** The folders of a repository that Data Factory and Synapse Studio write. */
const folders: readonly DocumentKind[] = ['linkedService', 'dataset', 'pipeline'];

/** Linked services, datasets and pipelines by name. Names are case-insensitive, as in Data Factory. */
export class Factory {
  readonly #documents = new Map<string, FactoryDocument>();

  add(document: FactoryDocument): void {
    this.#documents.set(keyOf(document.kind, document.name), document);
  }

  find(kind: DocumentKind, name: string): FactoryDocument | undefined {
    return this.#documents.get(keyOf(kind, name));
  }

  names(kind: DocumentKind): string[] {
    return [...this.#documents.values()].filter((document) => document.kind === kind).map(({ name }) => name);
  }

  get documents(): readonly FactoryDocument[] {
    return [...this.#documents.values()];
  }
}

const keyOf = (kind: DocumentKind, name: string): string => `${kind}/${name.toLowerCase()}`;

/**
 * Takes documents out of JSON: one resource, or a bundle `{"linkedServices": [], "datasets": [], "pipelines": []}`;
 * a bundle may also hold one `"pipeline": {}` or an activity list `"activities": []`, the way documentation shows them.
 * One activity alone is a pipeline of its name.
 * @throws CrossviewError `COPY_JSON_INVALID`.
 */
export function factoryFrom(json: Json, origin: string, factory = new Factory()): Factory {
  const object = asObject(json, origin);
  if ('properties' in object) {
    factory.add(readDocument(object, origin));
    return factory;
  }
  if ('typeProperties' in object && typeof object.type === 'string') {
    const name = typeof object.name === 'string' ? object.name : object.type;
    factory.add({ kind: 'pipeline', name, properties: { activities: [{ name, ...object }] } });
    return factory;
  }
  let bundled = false;
  for (const kind of folders) {
    for (const key of [`${kind}s`, kind]) {
      const value = object[key];
      if (value === undefined) continue;
      bundled = true;
      for (const item of Array.isArray(value) ? value : [value])
        factory.add({ ...readDocument(asObject(item as Json, `${origin}, ${key}`), `${origin}, ${key}`), kind });
    }
  }
  if (Array.isArray(object.activities)) {
    bundled = true;
    const name = typeof object.name === 'string' ? object.name : 'pipeline';
    const { activities, parameters } = object as { activities: Json; parameters?: Json };
    factory.add({
      kind: 'pipeline',
      name,
      properties: { activities, ...(parameters === undefined ? {} : { parameters }) },
    });
  }
  if (!bundled)
    throw invalid(
      origin,
      'resources' in object
        ? 'this is a template for Resource Manager; give the JSON of its resources as the repository has them'
        : 'there is neither "properties" of one resource nor "linkedServices", "datasets", "pipelines" of several',
    );
  return factory;
}

/**
 * Reads a JSON text, as a cell or a file holds it: one document or several, one behind the other.
 * @throws CrossviewError `COPY_JSON_INVALID` with the place of the mistake.
 */
export function parseFactory(text: string, origin: string, factory = new Factory()): Factory {
  const documents = readJsonDocuments(text, origin);
  if (documents.length === 0) throw invalid(origin, 'it is empty');
  for (const json of documents) factoryFrom(json, origin, factory);
  return factory;
}

/**
 * Reads a pipeline's file and what belongs to it: in a repository (`pipeline/`, `dataset/`, `linkedService/` side by side) all of
 * it, elsewhere the JSON files of the same folder.
 * @returns the factory and the names of the pipelines in that file.
 */
export function readFactory(pipelineFile: string): { factory: Factory; pipelines: string[] } {
  if (!existsSync(pipelineFile) || !statSync(pipelineFile).isFile())
    throw new CrossviewError('COPY_FILE_NOT_FOUND', `there is no file ${pipelineFile}`, {
      hint: 'Give the JSON file of a pipeline.',
      facts: { file: pipelineFile },
    });
  const factory = new Factory();
  const folder = dirname(pipelineFile);
  const root = folders.includes(basename(folder) as DocumentKind) ? dirname(folder) : folder;
  for (const kind of folders) readFolder(join(root, kind), factory, kind);
  if (root === folder) readFolder(folder, factory, undefined, pipelineFile);
  const own = parseFactory(readFileSync(pipelineFile, 'utf8'), pipelineFile);
  parseFactory(readFileSync(pipelineFile, 'utf8'), pipelineFile, factory);
  return { factory, pipelines: own.names('pipeline') };
}

function readFolder(folder: string, factory: Factory, kind: DocumentKind | undefined, except?: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).sort()) {
    const file = join(folder, name);
    if (!name.endsWith('.json') || file === except || !statSync(file).isFile()) continue;
    const text = readFileSync(file, 'utf8');
    // Beside a pipeline lie other JSON files too; only in the repository's own folders must each be a resource.
    if (kind !== undefined) parseFactory(text, file, factory);
    else if (/"properties"\s*:/.test(text) && /"(type|activities)"\s*:/.test(text)) parseFactory(text, file, factory);
  }
}

function readDocument(object: { readonly [key: string]: Json }, origin: string): FactoryDocument {
  if (typeof object.name !== 'string' || object.name === '') throw invalid(origin, 'a resource has no "name"');
  const properties = asObject(object.properties ?? null, `${origin}, ${object.name}, properties`);
  const isDataset = 'linkedServiceName' in properties || properties.type === 'TempView';
  const kind: DocumentKind = 'activities' in properties ? 'pipeline' : isDataset ? 'dataset' : 'linkedService';
  return { kind, name: object.name, properties };
}

function asObject(json: Json, origin: string): { readonly [key: string]: Json } {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) throw invalid(origin, 'an object is expected');
  return json as { readonly [key: string]: Json };
}

const invalid = (origin: string, text: string): CrossviewError =>
  new CrossviewError('COPY_JSON_INVALID', `${origin}: ${text}`, {
    hint: 'Give the JSON of a linked service, a dataset or a pipeline as Data Factory shows it.',
    facts: { origin },
  });
