import { libraryMissing, type ViewCode } from '../view-code.js';

/**
 * A data frame, by `arrow` or by the much smaller `nanoarrow`. The latter makes doubles of 64-bit integers: those that a
 * double cannot hold are an error, as all its warnings are here.
 */
const r: ViewCode = {
  languages: ['R'],
  library: 'arrow',
  install: 'Run install.packages("arrow") or, smaller and quicker to build, install.packages("nanoarrow") in R',
  read: (name, parts) => `${name} <- (function(parts) {
  if (requireNamespace("arrow", quietly = TRUE))
    return(as.data.frame(do.call(arrow::concat_tables, lapply(parts, arrow::read_ipc_stream, as_data_frame = FALSE))))
  if (!requireNamespace("nanoarrow", quietly = TRUE)) stop("${libraryMissing}")
  before <- options(warn = 2)
  on.exit(options(before))
  do.call(rbind, lapply(parts, function(part) as.data.frame(nanoarrow::read_nanoarrow(part))))
})(c(${parts.map((part) => JSON.stringify(part)).join(', ')}))`,
  write: (name, path) => `(function(rows, path) {
  if (requireNamespace("arrow", quietly = TRUE)) arrow::write_ipc_stream(rows, path)
  else if (requireNamespace("nanoarrow", quietly = TRUE)) nanoarrow::write_nanoarrow(rows, path)
  else stop("${libraryMissing}")
  invisible()
})(${name}, ${JSON.stringify(path)})`,
};

export default r;
