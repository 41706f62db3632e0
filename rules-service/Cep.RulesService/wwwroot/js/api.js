// The REST interface. A problem (RFC 9457) becomes an Error whose message is its sentence.
import { ask } from "./dom.js";

const keyName = "cep-api-key";
let asking = null;

export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? body?.title ?? `The service answered with status ${status}.`);
    this.status = status;
    this.body = body;
  }
}

/** Sends a request below /api/v1 and gives its status, entity tag and JSON. */
export async function send(method, path, { body, etag, signal } = {}) {
  const response = await request(method, path, { body, etag, signal });
  const text = await response.text();
  const json = text && response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : null;
  if (!response.ok) throw new Problem(response.status, json);
  return { status: response.status, etag: response.headers.get("etag"), json };
}

export async function get(path, signal) {
  return (await send("GET", path, { signal })).json;
}

/** The same, but null where there is no such thing. */
export async function find(path, signal) {
  try {
    return await get(path, signal);
  } catch (e) {
    if (e instanceof Problem && (e.status === 404 || e.status === 405)) return null;
    throw e;
  }
}

/** Sends a request and gives the response as it is; asks for an API key where the service wants one. */
export async function request(method, path, { body, etag, signal, headers = {} } = {}) {
  const key = sessionStorage.getItem(keyName);
  const response = await fetch(path.startsWith("/") ? path : `/api/v1/${path}`, {
    method, signal, cache: "no-store",
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(etag ? { "if-match": etag } : {}),
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status !== 401) return response;
  // Where another request has asked for it meanwhile, its key is tried first.
  if (key === sessionStorage.getItem(keyName) && !(await askForKey())) return response;
  return request(method, path, { body, etag, signal, headers });
}

function askForKey() {
  asking ??= (async () => {
    const key = await ask({ title: "API key", text: "The service asks for a key. It is kept until this tab is closed.", field: "Key", type: "password", action: "Use" });
    if (key) sessionStorage.setItem(keyName, key);
    return Boolean(key);
  })().finally(() => { asking = null; });
  return asking;
}
