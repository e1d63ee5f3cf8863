package crossview.spark.repl

import scala.tools.nsc.interpreter.{IMain, Results}

/** A cell as the REPL has to take it. */
sealed trait CellPieces
object CellPieces {
  case object Empty extends CellPieces
  case object Incomplete extends CellPieces
  case object Invalid extends CellPieces

  /** @param pieces in order, each padded with empty lines so that its line numbers are those of the cell */
  final case class Complete(pieces: Seq[String]) extends CellPieces

  /** Cuts a cell behind each run of class and object definitions: an encoder finds the outer instance of a case class
    * only when the class was finished in an earlier piece (Spark's `OuterScopes`).
    */
  def of(main: IMain, code: String): CellPieces = main.parse(code) match {
    case Left(Results.Incomplete)  => Incomplete
    case Left(_)                   => Invalid
    case Right((Nil, _, _))        => Empty
    case Right((statements, _, _)) =>
      import main.global.ImplDef
      val cuts = statements.zip(statements.drop(1)).collect {
        case (definition: ImplDef, next) if !next.isInstanceOf[ImplDef] && definition.pos.isRange => definition.pos.end
      }
      val ends = cuts :+ code.length
      Complete((0 +: cuts).zip(ends).map { case (start, end) => padded(code, start, end) }.filter(_.trim.nonEmpty))
  }

  private def padded(code: String, start: Int, end: Int): String = {
    val before = code.substring(0, start)
    val column = start - (before.lastIndexOf('\n') + 1)
    val piece = code.substring(start, end)
    val semicolon = piece.indexWhere(!_.isWhitespace)
    val plain = if (semicolon >= 0 && piece(semicolon) == ';') piece.updated(semicolon, ' ') else piece
    "\n" * before.count(_ == '\n') + " " * column + plain
  }
}
