# Runs the R cells of a notebook: reads "CELL<tab>FILE<tab>PLOTS" lines, evaluates the file, and says on standard output when it
# is done. What the kernel is told stands on a line of its own that starts with the record separator.

crossview <- new.env()

crossview$escape <- function(text) {
  text <- enc2utf8(paste(as.character(text), collapse = "\n"))
  text <- gsub("\\", "\\\\", text, fixed = TRUE)
  text <- gsub("\"", "\\\"", text, fixed = TRUE)
  text <- gsub("\n", "\\n", text, fixed = TRUE)
  text <- gsub("\r", "\\r", text, fixed = TRUE)
  text <- gsub("\t", "\\t", text, fixed = TRUE)
  paste0("\"", gsub("[[:cntrl:]]", " ", text), "\"")
}

crossview$tell <- function(...) {
  fields <- list(...)
  parts <- vapply(names(fields), function(name) {
    value <- fields[[name]]
    # A list of file names, or one text.
    if (is.list(value)) paste0("\"", name, "\":[", paste(vapply(value, crossview$escape, ""), collapse = ","), "]")
    else paste0("\"", name, "\":", crossview$escape(value))
  }, "")
  flush(stdout())
  cat("\n\036{", paste(parts, collapse = ","), "}\n", sep = "")
  flush(stdout())
}

crossview$warn <- function(condition) {
  cat("Warning: ", conditionMessage(condition), "\n", sep = "", file = stderr())
  invokeRestart("muffleWarning")
}

crossview$show <- function(value) {
  if (isS4(value)) methods::show(value) else print(value)
}

crossview$evaluate <- function(file) {
  pieces <- parse(file, keep.source = TRUE, encoding = "UTF-8")
  for (piece in pieces) {
    result <- withVisible(withCallingHandlers(eval(piece, globalenv()), warning = crossview$warn))
    if (result$visible) withCallingHandlers(crossview$show(result$value), warning = crossview$warn)
    flush(stdout())
  }
}

crossview$frames <- function(call) {
  text <- paste(deparse(call, nlines = 3L), collapse = "\n")
  if (grepl("crossview$", text, fixed = TRUE) || grepl("eval(piece", text, fixed = TRUE)) "" else text
}

crossview$cell <- function(id, file, plots) {
  crossview$current <- id
  plotted <- file.path(plots, "plot-%03d.png")
  opened <- tryCatch({
    grDevices::png(plotted, width = 720, height = 480, type = "cairo")
    TRUE
  }, error = function(e) FALSE, warning = function(w) FALSE)
  outcome <- tryCatch({
    crossview$begin(id)
    crossview$evaluate(file)
    list(status = "ok")
  }, interrupt = function(condition) {
    list(status = "interrupt")
  }, error = function(condition) {
    call <- conditionCall(condition)
    where <- if (is.null(call)) "" else crossview$frames(call)
    list(status = "error", name = class(condition)[[1]], value = conditionMessage(condition), where = where)
  })
  if (opened) try(grDevices::dev.off(), silent = TRUE)
  shown <- as.list(sort(list.files(plots, pattern = "^plot-.*[.]png$", full.names = TRUE)))
  do.call(crossview$tell, c(outcome, list(plots = shown)))
}

source(file.path(Sys.getenv("CROSSVIEW_R"), "backend.R"), local = crossview)
source(file.path(Sys.getenv("CROSSVIEW_R"), "sparkr.R"), local = globalenv())

crossview$serve <- function() {
  options(device = function(...) grDevices::pdf(NULL), warn = 1)
  input <- file("stdin", open = "r")
  repeat {
    line <- tryCatch(readLines(input, n = 1L), interrupt = function(condition) "")
    if (length(line) == 0L) break
    fields <- strsplit(line, "\t", fixed = TRUE)[[1]]
    if (length(fields) == 3L) crossview$cell(fields[[1]], fields[[2]], fields[[3]])
  }
}

crossview$serve()
