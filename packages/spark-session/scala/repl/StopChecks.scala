package crossview.spark.repl

import scala.tools.nsc.Global
import scala.tools.nsc.plugins.{Plugin, PluginComponent}
import scala.tools.nsc.transform.Transform

/** Compiles a look at Stop (`StopCheck`) into each loop, function and method of a cell: what computes without ever
  * waiting can be ended all the same.
  */
final class StopChecks(val global: Global) extends Plugin {
  val name = "crossview-stop"
  val description = "lets Stop end the loops and functions of cells"
  val components: List[PluginComponent] = List(Checks)

  private object Checks extends PluginComponent with Transform {
    val global: StopChecks.this.global.type = StopChecks.this.global
    import global._

    val phaseName = "crossview-stop"
    val runsAfter: List[String] = List("parser")
    override val runsBefore: List[String] = List("namer")
    protected def newTransformer(unit: CompilationUnit): AstTransformer = new Insert

    private final class Insert extends AstTransformer {
      override def transform(tree: Tree): Tree = super.transform(tree) match {
        case loop @ LabelDef(label, params, body) => treeCopy.LabelDef(loop, label, params, checked(body))
        case function @ Function(params, body)    => treeCopy.Function(function, params, checked(body))
        case cases @ Match(EmptyTree, all)        =>
          treeCopy.Match(cases, EmptyTree, all.map(one => treeCopy.CaseDef(one, one.pat, one.guard, checked(one.body))))
        case method @ DefDef(mods, name, types, params, result, body) if isPlain(method) =>
          treeCopy.DefDef(method, mods, name, types, params, result, checked(body))
        case other => other
      }

      /** Constructors begin with calls of their own, macros have no body, and a constant must stay one. */
      private def isPlain(method: DefDef): Boolean =
        method.rhs.nonEmpty && method.name != nme.CONSTRUCTOR && method.name != nme.MIXIN_CONSTRUCTOR &&
          !method.mods.isMacro && !method.rhs.isInstanceOf[Literal]

      private def checked(body: Tree): Tree = {
        val path = List("crossview", "spark", "cells", "StopCheck", "apply")
        val root: Tree = Ident(nme.ROOTPKG)
        val look = Apply(path.foldLeft(root)((tree, part) => Select(tree, TermName(part))), Nil)
        atPos(body.pos.focus)(Block(List(look), body))
      }
    }
  }
}
