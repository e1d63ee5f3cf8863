package crossview.lake

import java.net.URI

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.DelegateToFileSystem

/** The same lake for Hadoop's other interface, which checkpoints of streams use. Hadoop takes an authority with a container only
  * from file systems that say they need none.
  */
final class LakeContext(address: URI, conf: Configuration)
    extends DelegateToFileSystem(address, new LakeFileSystem, conf, address.getScheme, false) {
  override def getUriDefaultPort: Int = -1
}
