// Server-sent events by fetch: EventSource cannot send the header with the API key.
import { request } from "./api.js";

/**
 * Reads `alerts/stream` and calls `tell` with each alert, from the one after `place` on.
 * Ends with false at once where the service has no such stream, and with true when the stream breaks off.
 */
export async function follow(place, tell, signal) {
  const response = await request("GET", "alerts/stream", { signal, headers: { "last-event-id": String(place) } });
  if (!response.ok || !response.headers.get("content-type")?.startsWith("text/event-stream")) {
    await response.body?.cancel();
    return false;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return true;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    for (const block of blocks) {
      const data = block.split(/\r?\n/).filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trimStart());
      if (data.length) tell(JSON.parse(data.join("\n")));
    }
  }
}
