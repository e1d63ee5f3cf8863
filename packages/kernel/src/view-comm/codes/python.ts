import type { ViewCode } from '../view-code.js';

/** Python has `views` in each kernel, which also knows pandas and polars, and kernels elsewhere. */
const python: ViewCode = {
  languages: ['python'],
  library: 'pyarrow',
  install: 'Run %pip install pyarrow in that kernel',
  read: (name) => `${name} = views[${JSON.stringify(name)}].to_pandas()`,
  write: (name) => `views[${JSON.stringify(name)}] = ${name}`,
};

export default python;
