# A client of Spark's RBackend in base R: calls of methods on JVM objects, in the wire format of Spark's SerDe.

connection <- NULL

write_int <- function(to, value) writeBin(as.integer(value), to, endian = "big")

write_text <- function(to, value) {
  bytes <- charToRaw(enc2utf8(value))
  write_int(to, length(bytes) + 1L)
  writeBin(c(bytes, as.raw(0)), to)
}

read_int <- function(from) readBin(from, integer(), 1L, endian = "big")

read_text <- function(from) {
  size <- read_int(from)
  if (size <= 0L) return("")
  bytes <- readBin(from, raw(), size)
  text <- rawToChar(bytes[bytes != as.raw(0)])
  Encoding(text) <- "UTF-8"
  text
}

type_sign <- function(value) {
  if (is.null(value)) "n"
  else if (inherits(value, "jobj")) "j"
  else if (inherits(value, "Date")) "D"
  else if (inherits(value, "POSIXct")) "t"
  else if (is.environment(value)) "e"
  else if (is.raw(value)) "r"
  else if (is.list(value)) "l"
  else if (length(value) != 1L) "a"
  else if (is.character(value)) "c"
  else if (is.logical(value)) "b"
  else if (is.integer(value)) "i"
  else if (is.numeric(value)) "d"
  else stop("a ", class(value)[[1]], " cannot be handed to Spark")
}

write_typed <- function(to, value, sign) switch(sign,
  n = NULL,
  j = write_text(to, value$id),
  D = write_text(to, as.character(value)),
  t = writeBin(as.double(value), to, endian = "big"),
  r = { write_int(to, length(value)); writeBin(value, to) },
  l = { write_int(to, length(value)); for (each in value) write_value(to, each) },
  a = {
    inner <- if (is.character(value)) "c" else if (is.logical(value)) "b" else if (is.integer(value)) "i" else "d"
    writeBin(charToRaw(inner), to)
    write_int(to, length(value))
    for (each in value) write_typed(to, each, inner)
  },
  e = {
    names <- ls(value)
    write_int(to, length(names))
    if (length(names) > 0L) {
      write_typed(to, as.character(names), "a")
      write_int(to, length(names))
      for (name in names) write_value(to, get(name, envir = value))
    }
  },
  c = write_text(to, value),
  b = write_int(to, value),
  i = write_int(to, value),
  d = writeBin(as.double(value), to, endian = "big")
)

write_value <- function(to, value) {
  sign <- type_sign(value)
  writeBin(charToRaw(sign), to)
  write_typed(to, value, sign)
}

read_typed <- function(from, sign) switch(sign,
  n = NULL,
  i = read_int(from),
  c = read_text(from),
  b = as.logical(read_int(from)),
  d = readBin(from, double(), 1L, endian = "big"),
  j = structure(list(id = read_text(from)), class = "jobj"),
  r = { size <- read_int(from); readBin(from, raw(), size) },
  D = { text <- read_text(from); if (text == "NA") as.Date(NA) else as.Date(text) },
  t = as.POSIXct(readBin(from, double(), 1L, endian = "big"), origin = "1970-01-01", tz = "UTC"),
  a = { inner <- read_sign(from); size <- read_int(from); lapply(seq_len(size), function(at) read_typed(from, inner)) },
  l = { size <- read_int(from); lapply(seq_len(size), function(at) read_value(from)) },
  e = {
    size <- read_int(from)
    if (size == 0L) list() else {
      keys <- read_value(from)
      values <- read_value(from)
      stats::setNames(values, unlist(keys))
    }
  },
  s = { keys <- read_value(from); values <- read_value(from); stats::setNames(values, unlist(keys)) },
  stop("Spark sent a value of the unknown type ", sign)
)

read_sign <- function(from) rawToChar(readBin(from, raw(), 1L))
read_value <- function(from) read_typed(from, read_sign(from))

connect <- function() {
  if (!is.null(connection)) return(invisible())
  port <- as.integer(Sys.getenv("EXISTING_SPARKR_BACKEND_PORT"))
  opened <- socketConnection("127.0.0.1", port, blocking = TRUE, open = "a+b", timeout = 86400)
  write_text(opened, Sys.getenv("SPARKR_BACKEND_AUTH_SECRET"))
  if (read_text(opened) != "ok") stop("Spark refused the connection of R")
  connection <<- opened
}

# The innermost cause is what a reader wants; frames of the JVM follow it.
spark_message <- function(text) {
  lines <- strsplit(text, "\n", fixed = TRUE)[[1]]
  said <- lines[!grepl("^\\s*(at |\\.\\.\\. )", lines)]
  causes <- grep("^Caused by: ", said)
  if (length(causes) > 0L) said <- said[max(causes):length(said)]
  sub("^(Caused by: )?([a-zA-Z0-9_$]+[.])*", "", paste(said, collapse = "\n"))
}

invoke <- function(static, target, method, arguments) {
  connect()
  buffer <- rawConnection(raw(0), "r+")
  on.exit(close(buffer))
  write_int(buffer, static)
  write_text(buffer, target)
  write_text(buffer, method)
  write_int(buffer, length(arguments))
  for (each in arguments) write_value(buffer, each)
  bytes <- rawConnectionValue(buffer)
  # An answer that was not read would be taken for that of the next call.
  whole <- FALSE
  on.exit(if (!whole) { close(connection); connection <<- NULL }, add = TRUE)
  write_int(connection, length(bytes))
  writeBin(bytes, connection)
  status <- read_int(connection)
  while (length(status) == 1L && status == 1L) status <- read_int(connection)
  if (length(status) == 0L) stop("Spark has ended; the next cell starts it anew")
  if (status != 0L) {
    text <- read_text(connection)
    whole <- TRUE
    stop(structure(class = c("SparkError", "error", "condition"), list(message = spark_message(text), call = NULL)))
  }
  answer <- read_value(connection)
  whole <- TRUE
  answer
}

call_static <- function(class, method, ...) invoke(1L, class, method, list(...))
call_method <- function(object, method, ...) invoke(0L, object$id, method, list(...))

session <- NULL
context <- NULL

begin <- function(cell) {
  if (is.null(session)) {
    session <<- call_static("crossview.spark.Session", "spark")
    context <<- call_method(session, "sparkContext")
  }
  call_method(context, "setJobGroup", cell, paste("cell", cell), TRUE)
  call_method(context, "setLocalProperty", "crossview.cell", cell)
  invisible()
}
