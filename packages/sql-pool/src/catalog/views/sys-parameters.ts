import { parametersOf } from '../../interpreter/routines.js';
import { bit, int, nvarchar, type SqlType, sysname } from '../../types/sql-type.js';
import { objectId } from '../objects.js';
import { systemTypes, typeShape } from './types.js';
import type { Cell, SystemView } from './view.js';

const tinyint: SqlType = { name: 'tinyint' };

/** Parameters of procedures and functions; number 0 is what a function returns. */
export const sysParameters: Readonly<Record<string, SystemView>> = {
  parameters: {
    columns: [
      ['object_id', int],
      ['name', sysname],
      ['parameter_id', int],
      ['system_type_id', tinyint],
      ['user_type_id', int],
      ['max_length', { name: 'smallint' }],
      ['precision', tinyint],
      ['scale', tinyint],
      ['is_output', bit],
      ['is_cursor_ref', bit],
      ['has_default_value', bit],
      ['is_xml_document', bit],
      ['default_value', nvarchar(4000)],
      ['is_readonly', bit],
      ['is_nullable', bit],
    ],
    rows: (session) =>
      session.database.all('routine').flatMap((routine) => {
        const { parameters, returns } = parametersOf(routine);
        const list = [
          ...(returns ? [{ name: '', type: returns, output: true, id: 0, fallback: false }] : []),
          ...parameters.map(({ name, type, output, default: fallback }, index) => ({
            name,
            type,
            output,
            id: index + 1,
            fallback: fallback !== undefined,
          })),
        ];
        return list.map(({ name, type, output, id, fallback }): readonly Cell[] => {
          const known = systemTypes.find((candidate) => candidate.name === type.name);
          const shape = typeShape(type);
          return [
            objectId(routine.schema, routine.name),
            name,
            id,
            known?.number,
            known?.userNumber,
            shape.bytes,
            shape.precision,
            shape.scale,
            output,
            false,
            fallback,
            false,
            null,
            false,
            true,
          ];
        });
      }),
  },
};
