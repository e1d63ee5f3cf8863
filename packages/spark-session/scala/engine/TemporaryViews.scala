package org.apache.spark.sql.crossview

import java.lang.ref.WeakReference
import java.util.UUID

import scala.collection.mutable

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.catalog.TemporaryViewRelation
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}

final case class TemporaryView(name: String, scope: String, version: String)

/** The session's temporary views with a version that changes whenever a name is bound anew.
  *
  * Spark keeps a fresh relation object for each binding, so that the object itself is the version.
  */
final class TemporaryViews(session: SparkSession) {
  private val catalog = session.asInstanceOf[ClassicSession].sessionState.catalog
  private val life = UUID.randomUUID.toString.take(8)
  private val known = mutable.Map.empty[String, (WeakReference[TemporaryViewRelation], Long)]
  private var count = 0L

  def list(): Seq[TemporaryView] = synchronized {
    val local = catalog.getTempViewNames().flatMap(name =>
      catalog.getRawTempView(name).map(relation => TemporaryView(name, "session", version(name, relation))))
    val prefix = s"${catalog.globalTempDatabase}."
    val global = catalog.globalTempViewManager.listViewNames("*").flatMap(name =>
      catalog.getRawGlobalTempView(name).map(relation => TemporaryView(prefix + name, "global", version(prefix + name, relation))))
    val all = (local ++ global).sortBy(_.name)
    known.keySet.diff(all.map(_.name).toSet).foreach(known.remove)
    all
  }

  def find(name: String): Option[TemporaryView] = list().find(_.name.equalsIgnoreCase(name))

  /** @return whether there was one */
  def drop(name: String): Boolean = find(name).exists { view =>
    if (view.scope == "global") catalog.dropGlobalTempView(view.name.substring(catalog.globalTempDatabase.length + 1))
    else catalog.dropTempView(view.name)
  }

  private def version(name: String, relation: TemporaryViewRelation): String = {
    val number = known.get(name) match {
      case Some((reference, number)) if reference.get eq relation => number
      case _                                                     =>
        count += 1
        known(name) = (new WeakReference(relation), count)
        count
    }
    s"$life-$number"
  }
}
