/** How to reach a server, and who asks. */
export interface ClientOptions {
  /** `http://127.0.0.1:7717` or `https://orca.example.com`. */
  url: string;
  /** Made with `orca token create`. */
  token?: string;
  /** The workspace of requests that name none; `default` when not given. */
  workspace?: string;
  /** What the caller is called in the event log. */
  caller?: string;
  /** How long one call may take; 60,000 when not given. Streams have no limit. */
  timeoutMs?: number;
  /** Instead of the global one: for tests, proxies, other runtimes. */
  fetch?: typeof fetch;
}

export interface CallOptions {
  /** The same key with the same request again gets the first answer again. Writes without one get one of their own. */
  idempotencyKey?: string;
  timeoutMs?: number;
  /** Ends the call; the promise is then rejected with the signal's reason. */
  signal?: AbortSignal;
}

export interface Route {
  method: string;
  path: string;
  hasBody: boolean;
}

export interface Operation {
  name: string;
  /** Whether the request has a field for it. */
  hasWorkspace: boolean;
  routes: readonly Route[];
}

/** What the server refused, or why it could not be asked. */
export class OrcaError extends Error {
  constructor(
    /** Stable: `lease_lost`, `task_not_found`, … */
    readonly code: string,
    /** The class of the code: `conflict`, `not_found`, `unavailable`, … */
    readonly category: string,
    message: string,
    readonly details: Record<string, string> = {},
    /** The HTTP status; 0 when there was no answer. */
    readonly status = 0,
  ) {
    super(message);
    this.name = "OrcaError";
  }
}

interface Sent {
  url: string;
  init: RequestInit;
}

type Fields = Record<string, unknown>;

const triesMax = 4;
const lineCharactersMax = 8 << 20;

/** Sends requests. `OrcaClient` adds a method for each operation. */
export class Transport {
  private readonly url: string;

  constructor(private readonly options: ClientOptions) {
    if (!/^https?:\/\//.test(options.url)) {
      throw new OrcaError("bad_url", "invalid_argument", `'${options.url}' is no server address; write http://host:port.`);
    }
    this.url = options.url.replace(/\/+$/, "");
  }

  protected async call<Answer>(operation: Operation, request: object, options: CallOptions = {}): Promise<Answer> {
    const sent = this.prepare(operation, request as Fields, options, "application/json");
    const { signal, abort, release } = following(options.signal);
    const timer = setTimeout(abort, options.timeoutMs ?? this.options.timeoutMs ?? 60_000);
    try {
      return await this.exchange<Answer>(operation, sent, signal, options.signal);
    } finally {
      clearTimeout(timer);
      release();
    }
  }

  private async exchange<Answer>(
    operation: Operation,
    sent: Sent,
    limit: AbortSignal,
    given: AbortSignal | undefined,
  ): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await this.fetch(sent, limit);
        const text = await response.text();
        if (!response.ok) throw refusal(text, response.status);
        return JSON.parse(text || "{}") as Answer;
      } catch (error) {
        if (given?.aborted) throw given.reason;
        if (limit.aborted) throw new OrcaError("timeout", "deadline_exceeded", `${operation.name} took too long.`);
        // Reads may be sent again, and so may writes, which all carry a key.
        if (error instanceof OrcaError || attempt >= triesMax) throw unreachable(error, this.url);
        await new Promise((resolve) => setTimeout(resolve, 20 << attempt));
      }
    }
  }

  /** Leaving the loop over it ends the stream. */
  protected async *stream<Item>(
    operation: Operation,
    request: object,
    options: CallOptions = {},
  ): AsyncGenerator<Item, void, void> {
    const sent = this.prepare(operation, request as Fields, options, "application/x-ndjson");
    const { signal, abort, release } = following(options.signal);
    try {
      const response = await this.fetch(sent, signal);
      if (!response.ok) throw refusal(await response.text(), response.status);
      for await (const line of lines(response)) {
        const told = JSON.parse(line) as { result?: Item; error?: unknown };
        if (told.error !== undefined) throw refusal(JSON.stringify(told.error), 500);
        if (told.result !== undefined) yield told.result;
      }
    } catch (error) {
      // Node 18 has an error of its own for a stream that its reader has given up.
      if (options.signal?.aborted) throw options.signal.reason;
      throw unreachable(error, this.url);
    } finally {
      abort();
      release();
    }
  }

  private fetch(sent: Sent, signal: AbortSignal): Promise<Response> {
    return (this.options.fetch ?? fetch)(sent.url, { ...sent.init, signal });
  }

  private prepare(operation: Operation, given: Fields, options: CallOptions, accept: string): Sent {
    const request: Fields = { ...given };
    if (operation.hasWorkspace) request["workspace"] ??= this.options.workspace ?? "default";
    const route =
      operation.routes.find((route) => placeholders(route).every((name) => isSet(request[name]))) ??
      operation.routes[0]!;
    const inPath = new Set(placeholders(route));
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
      if (!isSet(request[name])) {
        throw new OrcaError("invalid_argument", "invalid_argument", `${operation.name} needs '${name}'.`, { field: name });
      }
      return encodeURIComponent(String(request[name]));
    });
    const rest = Object.entries(request).filter(([name, value]) => !inPath.has(name) && value !== undefined);
    const headers: Record<string, string> = { Accept: accept };
    if (this.options.token) headers["Authorization"] = `Bearer ${this.options.token}`;
    if (this.options.caller) headers["X-Orca-Caller"] = this.options.caller;
    if (route.method !== "GET") headers["Idempotency-Key"] = options.idempotencyKey ?? random.randomUUID();
    if (route.hasBody) {
      headers["Content-Type"] = "application/json";
      return { url: this.url + path, init: { method: route.method, headers, body: JSON.stringify(Object.fromEntries(rest)) } };
    }
    const query = new URLSearchParams();
    for (const [name, value] of rest) {
      for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
    }
    const tail = query.toString();
    return { url: this.url + path + (tail ? `?${tail}` : ""), init: { method: route.method, headers } };
  }
}

/** Modules have no global `crypto` in Node 18. Its name is no literal, so that nothing is asked to bundle it for a browser. */
const nodeCrypto = "node:crypto";
const random: Crypto = globalThis.crypto ?? ((await import(nodeCrypto)) as { webcrypto: Crypto }).webcrypto;

function placeholders(route: Route): string[] {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

/** A signal of its own that also follows the caller's, which may outlive many calls: `release` lets go of it. */
function following(given: AbortSignal | undefined) {
  const own = new AbortController();
  const abort = () => own.abort(given?.reason);
  if (given?.aborted) abort();
  given?.addEventListener("abort", abort, { once: true });
  return { signal: own.signal, abort, release: () => given?.removeEventListener("abort", abort) };
}

function refusal(text: string, status: number): OrcaError {
  try {
    const told = JSON.parse(text) as { code?: string; category?: string; message?: string; details?: Record<string, string> };
    return new OrcaError(told.code ?? "unknown", told.category ?? "internal", told.message ?? text, told.details, status);
  } catch {
    return new OrcaError("foreign_server", "unavailable", `What answers is not orcad (status ${status}).`, {}, status);
  }
}

function unreachable(error: unknown, url: string): OrcaError {
  if (error instanceof OrcaError) return error;
  return new OrcaError("server_unreachable", "unavailable", `Nothing answers at ${url}: ${String(error)}.`);
}

async function* lines(response: Response): AsyncGenerator<string, void, void> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      // Empty lines keep the connection alive.
      if (line.trim() !== "") yield line;
    }
    if (rest.length > lineCharactersMax) {
      throw new OrcaError("stream_broken", "unavailable", "The server sent a message that is too long.");
    }
    if (done) return;
  }
}
