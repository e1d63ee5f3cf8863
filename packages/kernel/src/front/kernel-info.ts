import type { LanguageModule } from '@crossview/contracts';
import { type KernelInfoReply, protocolVersion } from '@crossview/jupyter-wire';

export const version = '0.1.0';

/** @param language the default language of the notebook, which front ends colour and export it by. */
export function kernelInfo(language: LanguageModule): KernelInfoReply {
  return {
    status: 'ok',
    protocol_version: protocolVersion,
    implementation: 'crossview',
    implementation_version: version,
    banner: `Crossview ${version}: ${language.title}, and %lsmagic for everything else`,
    language_info: {
      name: language.name,
      version: '',
      mimetype: language.mimeType,
      file_extension: language.fileExtension,
      ...language.info,
    },
    debugger: false,
    supported_features: [],
    help_links: [],
  };
}
