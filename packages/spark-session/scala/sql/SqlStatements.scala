package crossview.spark.sql

/** Cuts a cell at its semicolons. */
object SqlStatements {

  /** The statements of a cell, without those that are empty or only comments. A script (`BEGIN … END`) stays whole.
    * Quotes, backquotes, comments and raw strings are left alone.
    */
  def split(code: String): Seq[String] = {
    val cuts = semicolons(code)
    val pieces = (0 +: cuts.map(_ + 1)).zip(cuts :+ code.length).map { case (start, end) => code.substring(start, end) }
    if (pieces.headOption.exists(isScript)) Seq(code.trim) else pieces.map(_.trim).filter(!isBlank(_))
  }

  private def isScript(first: String): Boolean = bare(first).toUpperCase.matches("""(?s)BEGIN\b(?!\s+TRANSACTION).*""")

  private def isBlank(text: String): Boolean = bare(text).isEmpty

  /** Without leading white space and comments. */
  private def bare(text: String): String = {
    var at = 0
    var done = false
    while (!done) {
      while (at < text.length && text(at).isWhitespace) at += 1
      val next = if (at < text.length) skipComment(text, at) else at
      done = next == at
      at = next
    }
    text.substring(at)
  }

  private def semicolons(code: String): Seq[Int] = {
    val found = Seq.newBuilder[Int]
    var at = 0
    while (at < code.length) {
      val next = skipComment(code, at)
      if (next > at) at = next
      else
        code(at) match {
          case quote @ ('\'' | '"' | '`') => at = skipQuoted(code, at, quote)
          case ';'                        => found += at; at += 1
          case _                          => at += 1
        }
    }
    found.result()
  }

  /** Where a comment that starts here ends; `at` itself when none does. Bracketed comments nest, as in Spark. */
  private def skipComment(code: String, at: Int): Int =
    if (code.startsWith("--", at)) {
      val end = code.indexOf('\n', at)
      if (end < 0) code.length else end + 1
    } else if (code.startsWith("/*", at)) {
      var depth = 1
      var next = at + 2
      while (depth > 0 && next < code.length)
        if (code.startsWith("*/", next)) { depth -= 1; next += 2 }
        else if (code.startsWith("/*", next)) { depth += 1; next += 2 }
        else next += 1
      next
    } else at

  private def skipQuoted(code: String, at: Int, quote: Char): Int = {
    val raw = at > 0 && (code(at - 1) == 'r' || code(at - 1) == 'R') && (at < 2 || !code(at - 2).isLetterOrDigit)
    val escapes = quote != '`' && !raw
    var next = at + 1
    while (next < code.length && code(next) != quote) next += (if (escapes && code(next) == '\\') 2 else 1)
    (next + 1).min(code.length)
  }
}
