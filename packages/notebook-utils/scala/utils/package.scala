package crossview

import crossview.utils._

/** What Scala cells have as `mssparkutils` (Synapse) and `notebookutils` (Fabric). */
package object utils {

  /** All modules under the names that notebooks use. */
  class Modules {
    val fs: FileUtils.type = FileUtils
    val notebook: NotebookUtils.type = NotebookUtils
    val credentials: CredentialUtils.type = CredentialUtils
    val env: EnvironmentUtils.type = EnvironmentUtils
    val runtime: RuntimeUtils.type = RuntimeUtils
    val session: SessionUtils.type = SessionUtils
    val variableLibrary: VariableLibraryUtils.type = VariableLibraryUtils

    def lakehouse: Nothing = Calls.refuse("lakehouse in Scala", "it is there in Python cells.")

    def help(): Unit = println(
      Seq("fs", "notebook", "credentials", "env", "runtime", "session", "variableLibrary")
        .map(name => s"$name: see mssparkutils.$name.help()")
        .mkString("\n")
    )
  }

  object mssparkutils extends Modules
  object notebookutils extends Modules
}
