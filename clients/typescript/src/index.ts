export { OrcaClient } from "./client.js";
export { OrcaError } from "./transport.js";
export type { CallOptions, ClientOptions } from "./transport.js";
import type * as types from "./types.js";
export type { types };
