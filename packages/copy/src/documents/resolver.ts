import type { Json } from '@crossview/contracts';
import { resolveExpressions, type Scope } from '../expressions/resolve.js';
import type { Factory } from './factory.js';
import type { Problems } from './problems.js';

/** A resource with values in the place of its expressions. */
export interface Resolved {
  /** How problems name it: `dataset "SparkDataset"`. */
  readonly document: string;
  readonly name: string;
  readonly type: string;
  readonly properties: { readonly [key: string]: Json };
}

export interface Reference {
  readonly referenceName: string;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

/** Follows references and puts parameters in; what is wrong on the way goes to `problems`. */
export class Resolver {
  constructor(
    readonly factory: Factory,
    readonly problems: Problems,
  ) {}

  /**
   * @param document,path where the reference stands.
   * @returns `undefined` when there is no such resource.
   */
  follow(
    kind: 'linkedService' | 'dataset',
    reference: Reference,
    document: string,
    path: string,
  ): Resolved | undefined {
    const found = this.factory.find(kind, reference.referenceName);
    if (found === undefined) {
      const known = this.factory.names(kind);
      this.problems.add(
        document,
        `${path}.referenceName`,
        `there is no ${kind} "${reference.referenceName}"${known.length === 0 ? '' : `; there are ${known.join(', ')}`}`,
      );
      return undefined;
    }
    const name = `${kind} "${found.name}"`;
    const parameters = this.parameters(
      found.properties.parameters,
      (reference.parameters ?? {}) as { readonly [key: string]: Json },
      name,
      `${document}: ${path}`,
    );
    const { parameters: _, ...rest } = found.properties;
    const properties = this.resolve(rest, { [kind]: parameters }, name, 'properties') as {
      readonly [key: string]: Json;
    };
    if (typeof properties.type !== 'string') {
      this.problems.add(name, 'properties.type', 'is missing');
      return undefined;
    }
    return { document: name, name: found.name, type: properties.type, properties };
  }

  resolve(json: Json, scope: Scope, document: string, path: string): Json {
    return resolveExpressions(json, scope, path, (problem) => this.problems.add(document, problem.path, problem.text));
  }

  /** Declared parameters with given or default values. */
  parameters(
    declared: Json | undefined,
    given: { readonly [key: string]: Json },
    document: string,
    givenBy: string,
  ): { [key: string]: Json } {
    const values: { [key: string]: Json } = {};
    const declarations = (declared ?? {}) as { readonly [key: string]: { type?: string; defaultValue?: Json } };
    for (const [name, { type = 'String', defaultValue }] of Object.entries(declarations)) {
      const value = given[name] ?? defaultValue;
      if (value === undefined)
        this.problems.add(
          document,
          `properties.parameters.${name}`,
          `has no value: ${givenBy} gives none, and there is no default`,
        );
      else
        try {
          values[name] = converted(value, type);
        } catch (error) {
          this.problems.add(document, `properties.parameters.${name}`, `is no ${type}: ${(error as Error).message}`);
        }
    }
    for (const name of Object.keys(given))
      if (!(name in declarations))
        this.problems.add(
          document,
          `properties.parameters.${name}`,
          `is not declared, but ${givenBy} gives it a value`,
        );
    return values;
  }
}

/** A parameter given as text on the command line becomes what its declaration says. */
function converted(value: Json, type: string): Json {
  if (typeof value !== 'string') return value;
  switch (type.toLowerCase()) {
    case 'int':
    case 'float':
      return value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : value;
    case 'bool':
      return /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : value;
    case 'array':
    case 'object':
      return /^\s*[[{]/.test(value) ? (JSON.parse(value) as Json) : value;
    default:
      return value;
  }
}
