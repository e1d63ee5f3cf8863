import type { ViewCode } from '../view-code.js';

/** A data frame; `arrow::arrow_table(name)` makes a table of it again. */
const r: ViewCode = {
  languages: ['R'],
  library: 'arrow',
  read: (name, parts) =>
    `${name} <- as.data.frame(do.call(arrow::concat_tables, lapply(c(${parts.map((part) => JSON.stringify(part)).join(', ')}), arrow::read_ipc_stream, as_data_frame = FALSE)))`,
  write: (name, path) => `invisible(arrow::write_ipc_stream(${name}, ${JSON.stringify(path)}))`,
};

export default r;
