import type { CellOutput, MimeBundle } from '@crossview/contracts';
import type { JsonObject } from '@crossview/jupyter-wire';

type Relay = (content: JsonObject, output: CellOutput) => void;

const displayId = (content: JsonObject): string | undefined => {
  const id = (content.transient as JsonObject | undefined)?.display_id;
  return typeof id === 'string' ? id : undefined;
};

/** How each output of a kernel behind becomes one of ours. What is not named here is not an output of a cell. */
const relays: Readonly<Record<string, Relay>> = {
  stream: (content, output) =>
    output.stream(content.name === 'stderr' ? 'stderr' : 'stdout', String(content.text ?? '')),
  display_data(content, output) {
    const id = displayId(content);
    const metadata = content.metadata ?? {};
    output.display(content.data as MimeBundle, { metadata, ...(id === undefined ? {} : { displayId: id }) });
  },
  update_display_data(content, output) {
    const id = displayId(content);
    if (id !== undefined) output.updateDisplay(id, content.data as MimeBundle, content.metadata ?? {});
  },
  execute_result: (content, output) => output.result(content.data as MimeBundle, content.metadata ?? {}),
  clear_output: (content, output) => output.clear(content.wait === true),
};

/** An `error` is not relayed: it comes with the reply, and is said once. */
export function relayOutput(type: string, content: JsonObject, output: CellOutput): void {
  relays[type]?.(content, output);
}
