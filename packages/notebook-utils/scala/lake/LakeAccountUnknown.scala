package crossview.lake

import java.io.IOException

/** A storage account that no mapping names. It is refused: a local profile reaches no real account. */
final class LakeAccountUnknown(text: String) extends IOException(text)

object LakeAccountUnknown {
  def apply(address: String, account: String): LakeAccountUnknown = new LakeAccountUnknown(
    s"""The storage account $account is not mapped to a local lake, so $address leads nowhere.
       |Add it to crossview.json under profiles.local.lake, "$account": { "folder": "lake/$account" }, or run: crossview lake map $account FOLDER""".stripMargin
  )
}
