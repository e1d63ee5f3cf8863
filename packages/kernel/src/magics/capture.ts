import { CrossviewError, type Magic } from '@crossview/contracts';
import { withoutOutputs } from '../cell/without-outputs.js';

const capture: Magic = {
  name: 'capture',
  kind: 'cell',
  over: true,
  summary: 'Runs the cell and shows nothing of what it puts out; in Python cells, %%capture NAME keeps it.',
  usage: '%%capture\n%%sql\nSELECT 1',
  async execute(cell, { run }) {
    if (cell.argumentLine !== '')
      throw new CrossviewError('CAPTURE_NAME', '%%capture keeps outputs under a name in Python cells only', {
        hint: 'Write %%capture alone, or -o NAME on the SQL cell to keep its result as a view.',
      });
    return run(undefined, cell.code, { ...cell, output: withoutOutputs(cell.output) });
  },
};

export default capture;
