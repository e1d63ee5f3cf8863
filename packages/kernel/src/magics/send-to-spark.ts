import { CrossviewError, type Magic } from '@crossview/contracts';
import { readOptions, textOption } from '../sql/options.js';

const options = [
  { flags: ['-i', '--input'], value: 'VAR', description: 'A pandas, polars or Arrow frame in %%python (%%local)' },
  {
    flags: ['-n', '--varname'],
    value: 'NAME',
    description: 'Name of the view and of the Spark frame; that of the variable unless given',
  },
  { flags: ['-t', '--vartype'], value: 'df', description: 'Only df' },
  { flags: ['-m', '--maxrows'], value: 'N', description: 'Has no effect: all rows are sent' },
];

/** As sparkmagic does it, the frame is also a variable in the notebook's own language of Spark. */
const variables: Readonly<Record<string, (name: string) => string>> = {
  pyspark: (name) => `${name} = spark.table(${JSON.stringify(name)})`,
  scala: (name) => `val ${name} = spark.table(${JSON.stringify(name)})`,
};

const sendToSpark: Magic = {
  name: 'send_to_spark',
  kind: 'both',
  summary: 'Makes a frame of local Python a view, which every language then has, and a Spark frame of that name.',
  usage: '%%send_to_spark -i VAR [-n NAME]',
  options,
  async execute(cell, { run, language }) {
    const read = readOptions('send_to_spark', cell.argumentLine, options);
    const variable = textOption(read, 'i');
    const name = textOption(read, 'n') ?? variable;
    if ((textOption(read, 't') ?? 'df') !== 'df')
      throw new CrossviewError('OPTION_VALUE', '%%send_to_spark: only frames are sent, -t df', {
        hint: 'A text or a number stands in a SQL cell as {name}; in other languages, write it into a frame.',
      });
    const valid = (text: string | undefined) => text !== undefined && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text);
    if (!valid(variable) || !valid(name))
      throw new CrossviewError('OPTION_VALUE', '%%send_to_spark: -i needs the name of a variable', {
        hint: 'In Python, views["NAME"] = FRAME does the same.',
      });
    const sent = await run('python', `views[${JSON.stringify(name)}] = ${variable}`, cell);
    const define = variables[language];
    return sent.status === 'ok' && define ? run(language, define(name!), cell) : sent;
  },
};

export default sendToSpark;
