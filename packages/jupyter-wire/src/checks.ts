import { CrossviewError, type Json } from '@crossview/contracts';
import type { JsonObject } from './message.js';
import type { Requests, RequestType } from './messages/requests.js';

type Kind = 'string' | 'boolean' | 'number' | 'strings';

interface Field {
  readonly kind: Kind;
  /** Taken when the field is missing or null; a field without one must be there. */
  readonly otherwise?: Json | undefined;
  readonly optional?: true;
}

const field = (kind: Kind, otherwise: Json): Field => ({ kind, otherwise });
const needed = (kind: Kind): Field => ({ kind });
const optional = (kind: Kind): Field => ({ kind, optional: true });

/** What each request's content must hold, as data (messaging protocol, one section for each request). */
const fields: { readonly [Type in RequestType]: { readonly [Name in keyof Requests[Type]['request']]: Field } } = {
  kernel_info_request: {},
  execute_request: {
    code: needed('string'),
    silent: field('boolean', false),
    store_history: field('boolean', true),
    user_expressions: field('strings', {}),
    allow_stdin: field('boolean', true),
    stop_on_error: field('boolean', true),
  },
  complete_request: { code: needed('string'), cursor_pos: needed('number') },
  inspect_request: { code: needed('string'), cursor_pos: needed('number'), detail_level: field('number', 0) },
  is_complete_request: { code: needed('string') },
  history_request: {
    hist_access_type: field('string', 'tail'),
    output: field('boolean', false),
    raw: field('boolean', true),
    session: field('number', 0),
    start: field('number', 0),
    stop: optional('number'),
    n: optional('number'),
    pattern: field('string', '*'),
    unique: field('boolean', false),
  },
  comm_info_request: { target_name: optional('string') },
  shutdown_request: { restart: field('boolean', false) },
  interrupt_request: {},
};

const holds: Readonly<Record<Kind, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  strings: (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => typeof item === 'string'),
};

export function isRequestType(type: string): type is RequestType {
  return Object.hasOwn(fields, type);
}

/**
 * The content of a request with defaults filled in.
 * @throws CrossviewError `MESSAGE_INVALID` naming the field.
 */
export function readRequest<Type extends RequestType>(type: Type, content: JsonObject): Requests[Type]['request'] {
  const read: Record<string, Json | undefined> = {};
  for (const [name, rule] of Object.entries<Field>(fields[type])) {
    const value = content[name] ?? rule.otherwise;
    if (value === undefined && rule.optional) continue;
    if (value === undefined || !holds[rule.kind](value))
      throw new CrossviewError('MESSAGE_INVALID', `${type}: the field ${name} is not a ${rule.kind}`, {
        hint: 'The front end sent a message that the Jupyter messaging protocol does not allow.',
        facts: { type, field: name },
      });
    read[name] = value;
  }
  return read as Requests[Type]['request'];
}
