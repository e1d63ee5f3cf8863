# The functions of SparkR that notebooks use, over the notebook's own session. Frames are S3 objects around JVM objects.

.frame <- function(object) structure(list(object = object), class = "SparkDataFrame")
.column <- function(object) structure(list(object = object), class = "Column")
.group <- function(object) structure(list(object = object), class = "GroupedData")
.call <- function(frame, method, ...) crossview$call_method(frame$object, method, ...)
.functions <- "org.apache.spark.sql.functions"

sparkR.session <- function(...) invisible(crossview$session)
sparkR.session.stop <- function() invisible()
sparkR.init <- sparkR.session
sparkRSQL.init <- function(...) invisible(crossview$session)
sparkR.version <- function() crossview$call_method(crossview$session, "version")
sparkR.conf <- function(key, default = NULL) {
  conf <- crossview$call_method(crossview$session, "conf")
  if (is.null(default)) crossview$call_method(conf, "get", key) else crossview$call_method(conf, "get", key, default)
}
setLogLevel <- function(level) invisible(crossview$call_method(crossview$context, "setLogLevel", level))

sql <- function(sqlQuery, query = sqlQuery) .frame(crossview$call_method(crossview$session, "sql", query))
tableToDF <- function(tableName) .frame(crossview$call_method(crossview$session, "table", tableName))
table <- function(...) {
  given <- list(...)
  if (length(given) == 1L && is.character(given[[1]]) && length(given[[1]]) == 1L) tableToDF(given[[1]]) else base::table(...)
}
tables <- function(databaseName = NULL) sql(if (is.null(databaseName)) "show tables" else paste("show tables in", databaseName))
tableNames <- function(databaseName = NULL) collect(tables(databaseName))$tableName

read.df <- function(path = NULL, source = "parquet", schema = NULL, na.strings = NULL, ...) {
  reader <- crossview$call_method(crossview$call_method(crossview$session, "read"), "format", source)
  options <- list(...)
  for (name in names(options)) {
    value <- options[[name]]
    if (is.logical(value)) value <- tolower(as.character(value))
    reader <- crossview$call_method(reader, "option", name, as.character(value))
  }
  if (!is.null(na.strings)) reader <- crossview$call_method(reader, "option", "nullValue", na.strings)
  if (!is.null(schema)) reader <- crossview$call_method(reader, "schema", schema)
  .frame(if (is.null(path)) crossview$call_method(reader, "load") else crossview$call_method(reader, "load", path))
}
loadDF <- read.df
read.parquet <- function(path, ...) read.df(path, "parquet", ...)
read.json <- function(path, ...) read.df(path, "json", ...)
read.orc <- function(path, ...) read.df(path, "orc", ...)
read.text <- function(path, ...) read.df(path, "text", ...)

.writer <- function(df, mode, options) {
  writer <- crossview$call_method(.call(df, "write"), "mode", mode)
  for (name in names(options)) {
    value <- options[[name]]
    if (is.logical(value)) value <- tolower(as.character(value))
    writer <- crossview$call_method(writer, "option", name, as.character(value))
  }
  writer
}
write.df <- function(df, path = NULL, source = "parquet", mode = "error", partitionBy = NULL, ...) {
  writer <- crossview$call_method(.writer(df, mode, list(...)), "format", source)
  if (!is.null(partitionBy)) writer <- crossview$call_method(writer, "partitionBy", as.list(partitionBy))
  invisible(if (is.null(path)) crossview$call_method(writer, "save") else crossview$call_method(writer, "save", path))
}
saveDF <- write.df
write.parquet <- function(x, path, mode = "error", ...) write.df(x, path, "parquet", mode, ...)
write.json <- function(x, path, mode = "error", ...) write.df(x, path, "json", mode, ...)
saveAsTable <- function(df, tableName, source = "parquet", mode = "error", ...)
  invisible(crossview$call_method(crossview$call_method(.writer(df, mode, list(...)), "format", source), "saveAsTable", tableName))
insertInto <- function(df, tableName, overwrite = FALSE)
  invisible(crossview$call_method(.writer(df, if (overwrite) "overwrite" else "append", list()), "insertInto", tableName))

.ddl <- function(column) {
  if (is.factor(column) || is.character(column)) "string"
  else if (is.logical(column)) "boolean"
  else if (is.integer(column)) "int"
  else if (inherits(column, "Date")) "date"
  else if (inherits(column, "POSIXt")) "timestamp"
  else if (is.numeric(column)) "double"
  else stop("a column of class ", class(column)[[1]], " has no type in Spark; make it text or numbers first")
}
.cells <- function(column) {
  text <- if (is.numeric(column) && !is.integer(column)) formatC(column, digits = 17, format = "g", width = 1)
    else if (inherits(column, "POSIXt")) format(column, "%Y-%m-%dT%H:%M:%OS6Z", tz = "UTC")
    else if (is.logical(column)) tolower(as.character(column))
    else as.character(column)
  quoted <- paste0("\"", gsub("\"", "\\\"", gsub("\\", "\\\\", text, fixed = TRUE), fixed = TRUE), "\"")
  ifelse(is.na(column), "", quoted)
}
# The rows go through a file of the session: exact numbers, texts with any sign in them, and missing values stay what they are.
createDataFrame <- function(data, schema = NULL, samplingRatio = 1, numPartitions = NULL) {
  if (inherits(data, "SparkDataFrame")) return(data)
  data <- as.data.frame(data, stringsAsFactors = FALSE)
  if (is.character(schema) && length(schema) == ncol(data)) names(data) <- schema
  names <- gsub(".", "_", names(data), fixed = TRUE)
  file <- tempfile("frame-", Sys.getenv("TMPDIR", tempdir()), ".csv")
  lines <- do.call(paste, c(lapply(data, .cells), sep = ","))
  writeLines(enc2utf8(if (nrow(data) == 0L) character() else lines), file, useBytes = TRUE)
  types <- vapply(data, .ddl, "")
  ddl <- paste0("`", names, "` ", types, collapse = ", ")
  frame <- read.df(file, "csv", schema = ddl, multiLine = TRUE, quote = "\"", escape = "\\", emptyValue = "", nullValue = "", mode = "FAILFAST",
    ignoreLeadingWhiteSpace = FALSE, ignoreTrailingWhiteSpace = FALSE)
  frame
}
as.DataFrame <- createDataFrame

createOrReplaceTempView <- function(x, viewName) invisible(.call(x, "createOrReplaceTempView", viewName))
registerTempTable <- createOrReplaceTempView
createTempView <- createOrReplaceTempView
dropTempView <- function(viewName) crossview$call_method(crossview$call_method(crossview$session, "catalog"), "dropTempView", viewName)
dropTempTable <- dropTempView

columns <- function(x) unlist(.call(x, "columns"))
names.SparkDataFrame <- function(x) columns(x)
colnames <- function(x, ...) if (inherits(x, "SparkDataFrame")) columns(x) else base::colnames(x, ...)
dtypes <- function(x) {
  pairs <- strsplit(crossview$call_method(.call(x, "schema"), "toDDL"), ",(?=`?[A-Za-z_][^,()<>]* )", perl = TRUE)[[1]]
  lapply(pairs, function(pair) { at <- regexpr(" ", pair); c(gsub("`", "", substr(pair, 1, at - 1)), tolower(sub(" NOT NULL", "", substring(pair, at + 1)))) })
}
schema <- function(x) .call(x, "schema")
printSchema <- function(x) cat(crossview$call_method(.call(x, "schema"), "treeString"), "\n", sep = "")
showDF <- function(x, numRows = 20, truncate = TRUE, ...) cat(.call(x, "showString", as.integer(numRows), if (truncate) 20L else 0L, FALSE), sep = "")
explain <- function(x, extended = FALSE) cat(crossview$call_method(.call(x, "queryExecution"), "toString"), "\n")
isLocal <- function(x) .call(x, "isLocal")

.vector <- function(cells) {
  if (length(cells) == 0L) return(logical())
  first <- NULL
  for (each in cells) if (!is.null(each)) { first <- each; break }
  if (is.null(first)) return(rep(NA, length(cells)))
  if (is.list(first) || is.raw(first) || length(first) != 1L) return(I(cells))
  filled <- lapply(cells, function(each) if (is.null(each)) NA else each)
  values <- unlist(filled)
  if (inherits(first, "Date")) as.Date(values, origin = "1970-01-01")
  else if (inherits(first, "POSIXct")) as.POSIXct(values, origin = "1970-01-01", tz = "UTC")
  else values
}
collect <- function(x, stringsAsFactors = FALSE) {
  found <- crossview$call_static("org.apache.spark.sql.api.r.SQLUtils", "dfToCols", x$object)
  values <- lapply(found, .vector)
  frame <- as.data.frame(stats::setNames(values, make.unique(columns(x))), stringsAsFactors = stringsAsFactors, check.names = FALSE, optional = TRUE)
  base::names(frame) <- columns(x)
  frame
}
as.data.frame.SparkDataFrame <- function(x, ...) collect(x)
limit <- function(x, num) .frame(.call(x, "limit", as.integer(num)))
take <- function(x, num) collect(limit(x, num))
head.SparkDataFrame <- function(x, num = 6L, ...) take(x, num)
first <- function(x) take(x, 1L)
count <- function(x, ...) {
  if (inherits(x, "SparkDataFrame")) .call(x, "count")
  else if (inherits(x, "GroupedData")) .frame(.call(x, "count"))
  else .function("count", x)
}
nrow <- function(x) if (inherits(x, "SparkDataFrame")) .call(x, "count") else base::nrow(x)
ncol <- function(x) if (inherits(x, "SparkDataFrame")) length(columns(x)) else base::ncol(x)
dim.SparkDataFrame <- function(x) c(.call(x, "count"), length(columns(x)))

print.SparkDataFrame <- function(x, ...) cat("SparkDataFrame[", paste(vapply(dtypes(x), paste, "", collapse = ":"), collapse = ", "), "]\n", sep = "")
print.Column <- function(x, ...) cat("Column ", crossview$call_method(x$object, "toString"), "\n", sep = "")

display <- function(x, ...) {
  frame <- if (inherits(x, "SparkDataFrame")) x else createDataFrame(x)
  view <- paste0("crossview_r_", as.integer(stats::runif(1, 1, 1e9)))
  createOrReplaceTempView(frame, view)
  crossview$tell(display = view)
  invisible(x)
}
displayHTML <- function(html) { crossview$tell(html = html); invisible() }

# Columns

column <- function(x) .column(crossview$call_static(.functions, "col", x))
col <- function(x, ...) if (is.character(x)) column(x) else base::col(x, ...)
lit <- function(x) if (inherits(x, "Column")) x else .column(crossview$call_static(.functions, "lit", x))
expr <- function(x) .column(crossview$call_static(.functions, "expr", x))
`$.SparkDataFrame` <- function(x, name) if (name == "object") unclass(x)$object else .column(crossview$call_method(unclass(x)$object, "col", name))
`[[.SparkDataFrame` <- function(x, name) if (identical(name, "object")) unclass(x)$object else .column(crossview$call_method(unclass(x)$object, "col", name))
`[.SparkDataFrame` <- function(x, i, j, ...) {
  if (!missing(i) && inherits(i, "Column")) x <- filter(x, i)
  else if (!missing(i) && missing(j)) return(select(x, as.list(if (is.numeric(i)) columns(x)[i] else i)))
  if (missing(j)) x else select(x, as.list(if (is.numeric(j)) columns(x)[j] else j))
}
`$<-.SparkDataFrame` <- function(x, name, value) if (is.null(value)) drop(x, name) else withColumn(x, name, value)
.as_column <- function(x) if (inherits(x, "Column")) x else if (is.character(x)) column(x) else lit(x)
.function <- function(name, ...) .column(do.call(crossview$call_static, c(list(.functions, name), lapply(list(...), function(each) .as_column(each)$object))))

Ops.Column <- function(e1, e2) {
  names <- c("+" = "plus", "-" = "minus", "*" = "multiply", "/" = "divide", "%%" = "mod", "==" = "equalTo", "!=" = "notEqual",
    "<" = "lt", "<=" = "leq", ">" = "gt", ">=" = "geq", "&" = "and", "|" = "or")
  if (missing(e2)) return(.column(crossview$call_static(.functions, if (.Generic == "!") "not" else "negate", e1$object)))
  if (is.na(names[.Generic])) stop("columns know no operator ", .Generic)
  left <- lit(e1)
  right <- if (inherits(e2, "Column")) e2$object else lit(e2)$object
  .column(crossview$call_method(left$object, names[[.Generic]], right))
}
`%in%` <- function(x, table) if (inherits(x, "Column")) .column(crossview$call_method(x$object, "isin", as.list(table))) else base::`%in%`(x, table)
alias <- function(object, data) if (inherits(object, "Column")) .column(crossview$call_method(object$object, "as", data)) else .frame(.call(object, "as", data))
cast <- function(x, dataType) .column(crossview$call_method(x$object, "cast", dataType))
isNull <- function(x) .column(crossview$call_method(x$object, "isNull"))
isNotNull <- function(x) .column(crossview$call_method(x$object, "isNotNull"))
like <- function(x, data) .column(crossview$call_method(x$object, "like", data))
rlike <- function(x, data) .column(crossview$call_method(x$object, "rlike", data))
startsWith <- function(x, prefix) if (inherits(x, "Column")) .column(crossview$call_method(x$object, "startsWith", prefix)) else base::startsWith(x, prefix)
contains <- function(x, data) .column(crossview$call_method(x$object, "contains", data))
between <- function(x, bounds) x >= bounds[[1]] & x <= bounds[[2]]
desc <- function(x) .column(crossview$call_method(.as_column(x)$object, "desc"))
asc <- function(x) .column(crossview$call_method(.as_column(x)$object, "asc"))
when <- function(condition, value) .column(crossview$call_static(.functions, "when", condition$object, if (inherits(value, "Column")) value$object else value))
otherwise <- function(x, value) .column(crossview$call_method(x$object, "otherwise", if (inherits(value, "Column")) value$object else value))
avg <- function(x) .function("avg", x)
mean.Column <- function(x, ...) avg(x)
sum <- function(..., na.rm = FALSE) if (inherits(..1, "Column")) .function("sum", ..1) else base::sum(..., na.rm = na.rm)
min <- function(..., na.rm = FALSE) if (inherits(..1, "Column")) .function("min", ..1) else base::min(..., na.rm = na.rm)
max <- function(..., na.rm = FALSE) if (inherits(..1, "Column")) .function("max", ..1) else base::max(..., na.rm = na.rm)
n <- function(x) .function("count", x)
countDistinct <- function(x, ...) .function("count_distinct", x, ...)
n_distinct <- countDistinct
stddev <- function(x) .function("stddev", x)
upper <- function(x) .function("upper", x)
lower <- function(x) .function("lower", x)
year <- function(x) .function("year", x)
month <- function(x) .function("month", x)
to_date <- function(x) .function("to_date", x)
concat <- function(x, ...) expr(paste0("concat(", paste(vapply(list(x, ...), function(each) crossview$call_method(each$object, "toString"), ""), collapse = ", "), ")"))
round.Column <- function(x, digits = 0, ...) .column(crossview$call_static(.functions, "round", x$object, as.integer(digits)))

# Frames

select <- function(x, col, ...) {
  chosen <- if (is.list(col) && !inherits(col, "Column")) col else list(col, ...)
  .frame(crossview$call_static("org.apache.spark.sql.crossview.RFrames", "select", x$object, lapply(chosen, function(each) .as_column(each)$object)))
}
selectExpr <- function(x, expr, ...) .frame(crossview$call_static("org.apache.spark.sql.crossview.RFrames", "selectExpr", x$object, list(expr, ...)))
filter <- function(x, condition, ...) {
  if (!inherits(x, "SparkDataFrame")) return(stats::filter(x, condition, ...))
  .frame(.call(x, "filter", if (is.character(condition)) condition else condition$object))
}
where <- filter
subset.SparkDataFrame <- function(x, subset, select, ...) { kept <- if (missing(subset)) x else filter(x, subset); if (missing(select)) kept else get("select", globalenv())(kept, as.list(select)) }
groupBy <- function(x, ...) .group(crossview$call_static("org.apache.spark.sql.crossview.RFrames", "groupBy", x$object, lapply(list(...), function(each) .as_column(each)$object)))
group_by <- groupBy
agg <- function(x, ...) {
  given <- list(...)
  named <- names(given)
  aggregates <- lapply(seq_along(given), function(at) {
    each <- given[[at]]
    if (is.character(each)) return(.function(each, column(named[[at]]))$object)
    if (!is.null(named) && nzchar(named[[at]])) alias(each, named[[at]])$object else each$object
  })
  grouped <- if (inherits(x, "GroupedData")) x else groupBy(x)
  .frame(crossview$call_static("org.apache.spark.sql.crossview.RFrames", "agg", grouped$object, aggregates))
}
summarize <- agg
arrange <- function(x, col, ..., decreasing = FALSE) {
  given <- lapply(list(col, ...), function(each) if (decreasing && !inherits(each, "Column")) desc(each) else .as_column(each))
  .frame(crossview$call_static("org.apache.spark.sql.crossview.RFrames", "sort", x$object, lapply(given, function(each) each$object)))
}
orderBy <- arrange
withColumn <- function(x, colName, col) .frame(.call(x, "withColumn", colName, lit(col)$object))
mutate <- function(.data, ...) { given <- list(...); for (name in names(given)) .data <- withColumn(.data, name, given[[name]]); .data }
transform.SparkDataFrame <- function(`_data`, ...) mutate(`_data`, ...)
withColumnRenamed <- function(x, existingCol, newCol) .frame(.call(x, "withColumnRenamed", existingCol, newCol))
rename <- function(x, ...) { given <- list(...); for (name in names(given)) x <- withColumnRenamed(x, if (is.character(given[[name]])) given[[name]] else crossview$call_method(given[[name]]$object, "toString"), name); x }
drop <- function(x, ...) if (inherits(x, "SparkDataFrame")) { for (name in c(...)) x <- .frame(.call(x, "drop", name)); x } else base::drop(x)
distinct <- function(x) .frame(.call(x, "distinct"))
unique.SparkDataFrame <- function(x, ...) distinct(x)
dropDuplicates <- function(x, ...) if (length(c(...)) == 0L) distinct(x) else .frame(.call(x, "dropDuplicates", as.character(c(...))))
union <- function(x, y) if (inherits(x, "SparkDataFrame")) .frame(.call(x, "union", y$object)) else base::union(x, y)
unionAll <- union
rbind.SparkDataFrame <- function(...) Reduce(union, list(...))
intersect <- function(x, y) if (inherits(x, "SparkDataFrame")) .frame(.call(x, "intersect", y$object)) else base::intersect(x, y)
except <- function(x, y) .frame(.call(x, "except", y$object))
join <- function(x, y, joinExpr = NULL, joinType = "inner") .frame(if (is.null(joinExpr)) .call(x, "crossJoin", y$object) else .call(x, "join", y$object, joinExpr$object, joinType))
crossJoin <- function(x, y) .frame(.call(x, "crossJoin", y$object))
sample <- function(x, withReplacement = FALSE, fraction = NULL, seed = NULL, ...) {
  if (!inherits(x, "SparkDataFrame")) return(base::sample(x, ...))
  .frame(if (is.null(seed)) .call(x, "sample", withReplacement, as.double(fraction)) else .call(x, "sample", withReplacement, as.double(fraction), as.integer(seed)))
}
repartition <- function(x, numPartitions, ...) .frame(.call(x, "repartition", as.integer(numPartitions)))
coalesce <- function(x, numPartitions, ...) .frame(.call(x, "coalesce", as.integer(numPartitions)))
cache <- function(x) { .call(x, "cache"); x }
persist <- function(x, newLevel = NULL) cache(x)
unpersist <- function(x, blocking = TRUE) { .call(x, "unpersist"); invisible(x) }
describe <- function(x, ...) .frame(crossview$call_static("org.apache.spark.sql.crossview.RFrames", "describe", x$object, as.list(c(...))))
summary.SparkDataFrame <- function(object, ...) describe(object)
dropna <- function(x, ...) .frame(crossview$call_method(.call(x, "na"), "drop"))
na.omit.SparkDataFrame <- function(object, ...) dropna(object)
fillna <- function(x, value) .frame(crossview$call_method(.call(x, "na"), "fill", value))
getNumPartitions <- function(x) crossview$call_method(.call(x, "rdd"), "getNumPartitions")

for (.name in c("dapply", "dapplyCollect", "gapply", "gapplyCollect", "spark.lapply", "spark.lm", "spark.glm", "spark.kmeans"))
  assign(.name, local({ name <- .name; function(...) stop(name, " is not supported: R functions run in this notebook only, not in Spark's workers. Collect the frame, or write it in %%pyspark or %%sql.") }))
rm(.name)
