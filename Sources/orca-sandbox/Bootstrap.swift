/// The script's side of the sandbox: an expression whose value is a function of the natives `send`, `check` and
/// `evaluate`. It is read before the lockdown and holds nothing that has to be kept from a script: whoever is on the other
/// side of the pipe believes nothing that comes from here.
///
/// Lines from the parent: `{type: "run", code}`, `{type: "result", id, value | error}`.
/// Lines to the parent: `call {id, method, args, line, column}`, `log {level, text}`, `done {value | text, isCut}`,
/// `failed {error, isStart}`.
let bootstrap = #"""
    (function (native) {
        "use strict";
        const { send, check, evaluate } = native;
        const { stringify, parse } = JSON;
        const { apply, ownKeys, getPrototypeOf } = Reflect;
        const { hasOwnProperty, toString: tag } = Object.prototype;
        const { freeze, defineProperty } = Object;
        const { isArray } = Array;
        const { then } = Promise.prototype;
        const NativeError = Error, NativePromise = Promise, NativeProxy = Proxy, NativeMap = Map, NativeSet = Set;
        const text = String, number = Number;
        const name = "script";

        // What a script must not find: the engine's ways to shared memory, machine code, and stack traces of ours.
        for (const gone of ["WebAssembly", "SharedArrayBuffer", "Atomics", "WeakRef", "FinalizationRegistry", "$vm"])
            delete globalThis[gone];
        for (const gone of ["prepareStackTrace", "captureStackTrace"]) delete NativeError[gone];
        defineProperty(NativeError, "stackTraceLimit", { value: 50, writable: false, configurable: false });
        new Date(2000, 1, 1).toString();
        new Intl.DateTimeFormat("en-GB").format(new Date(0));

        const valueTextMax = 48000, logTextMax = 8000, depthMax = 40;

        // Lines and columns as the author counts them: the code stands below a line of ours.
        const place = (error) => {
            let line = 0, column = 0;
            const stack = error && typeof error.stack === "string" ? error.stack : "";
            const found = /(?:^|[@\s])script:(\d+):(\d+)/.exec(stack);
            if (found) [line, column] = [number(found[1]) - 1, number(found[2])];
            else if (error && error.sourceURL === name) [line, column] = [number(error.line) - 1, number(error.column) || 0];
            return line > 0 ? { line, column } : {};
        };

        class OrcaError extends NativeError {
            constructor(told) {
                super(text(told.message));
                this.name = told.name ? text(told.name) : "OrcaError";
                this.code = text(told.code);
                if (told.details) this.details = told.details;
                if (told.hint) this.hint = text(told.hint);
            }
        }

        const tell = (value) => send(stringify(value));

        // MARK: Values

        // Without the methods of arrays: a script may have bent them.
        const joined = (list, last) => {
            const longer = [];
            for (let index = 0; index < list.length; index++) longer[index] = list[index];
            longer[list.length] = last;
            return longer;
        };
        const trail = (path) => path === "" ? "the value" : "the value's " + path;
        const plain = (value, path, above) => {
            switch (typeof value) {
                case "string": case "boolean": return value;
                case "number":
                    return value === value && value !== Infinity && value !== -Infinity ? value : null;
                case "undefined": return undefined;
                case "bigint": throw refuse(path, "a BigInt", "Use Number(x) or String(x).");
                case "function": throw refuse(path, "a function", "Call it, or leave it out.");
                case "symbol": throw refuse(path, "a symbol", "Leave it out.");
            }
            if (value === null) return null;
            for (let index = 0; index < above.length; index++)
                if (above[index] === value) throw refuse(path, "an object that contains itself", "Return only the parts you need.");
            if (above.length >= depthMax) throw refuse(path, "nested deeper than " + depthMax, "Flatten it.");
            if (value instanceof NativePromise) throw refuse(path, "a promise", "Put await in front of it.");
            if (value instanceof NativeMap) throw refuse(path, "a Map", "Use Object.fromEntries(map).");
            if (value instanceof NativeSet) throw refuse(path, "a Set", "Use [...set].");
            if (value instanceof NativeError) return { name: text(value.name), message: text(value.message) };
            const below = joined(above, value);
            if (typeof value.toJSON === "function") return plain(value.toJSON(), path, below);
            if (isArray(value)) {
                const list = [];
                for (let index = 0; index < value.length; index++)
                    defineProperty(list, index, {
                        value: plain(value[index], path + "[" + index + "]", below) ?? null,
                        enumerable: true, configurable: true, writable: true });
                return list;
            }
            const made = {};
            const keys = ownKeys(value);
            for (let index = 0; index < keys.length; index++) {
                const key = keys[index];
                if (typeof key !== "string") continue;
                const one = plain(value[key], path === "" ? key : path + "." + key, below);
                if (one !== undefined) defineProperty(made, key, { value: one, enumerable: true });
            }
            return made;
        };
        const refuse = (path, what, hint) => {
            const error = new OrcaError({
                code: "not_serializable", message: trail(path) + " is " + what + ", which JSON cannot hold", hint });
            error.name = "TypeError";
            return error;
        };

        const shown = (value) => {
            if (typeof value === "string") return value;
            if (value instanceof NativeError) return text(value.name) + ": " + text(value.message);
            try {
                const seen = plain(value, "", []);
                return seen === undefined ? "undefined" : stringify(seen);
            } catch (error) {
                return typeof value === "object" ? apply(tag, value, []) : text(value);
            }
        };

        // MARK: The world of the script

        const outstanding = new NativeMap();
        let calls = 0;
        const call = (method, args) => {
            const site = place(new NativeError());
            const id = ++calls;
            return new NativePromise((resolve, reject) => {
                let plainArgs;
                try {
                    plainArgs = plain(args, "", []);
                } catch (error) { reject(error); return; }
                // An error is made here, so that it points at the author's line and not at ours.
                outstanding.set(id, { resolve, reject, site });
                tell({ type: "call", id, method, args: plainArgs, ...site });
            });
        };

        const noun = (path) => new NativeProxy(function () {}, {
            get: (_, key) => typeof key !== "string" || key === "then" || key === "toJSON" || key[0] === "$" ? undefined
                : path.length < 2 ? noun([...path, key]) : undefined,
            apply: (_, __, args) => call(path.join("."), args),
            set: () => false, defineProperty: () => false, deleteProperty: () => false, getPrototypeOf: () => null,
            construct: () => { throw new TypeError("orca." + path.join(".") + " is no class"); },
        });
        const transaction = async (body) => {
            if (typeof body !== "function")
                throw new TypeError("orca.transaction takes a function: orca.transaction(async () => { … })");
            await call("$begin", []);
            let value;
            try { value = await body(); } catch (error) { await call("$rollback", []); throw error; }
            await call("$commit", []);
            return value;
        };
        const root = noun([]);
        const orca = new NativeProxy(function () {}, {
            get: (_, key) => key === "transaction" ? transaction
                : key === "help" ? (noun) => call("$help", noun === undefined ? [] : [text(noun)])
                : key === "search" ? (query) => call("$search", [text(query)]) : root[key],
            apply: () => { throw new TypeError("orca is an object: orca.tasks.list()"); },
            set: () => false, defineProperty: () => false, deleteProperty: () => false, getPrototypeOf: () => null,
        });
        const fixed = (key, value) =>
            defineProperty(globalThis, key, { value, writable: false, configurable: false, enumerable: true });
        fixed("orca", orca);
        fixed("sleep", (milliseconds) => call("$sleep", [number(milliseconds) || 0]));
        fixed("OrcaError", OrcaError);
        const log = (level) => (...parts) => {
            const line = parts.map(shown).join(" ");
            tell({ type: "log", level, text: line.length > logTextMax ? line.slice(0, logTextMax) + "…" : line });
        };
        fixed("console", freeze({
            log: log("info"), info: log("info"), debug: log("debug"), warn: log("warn"), error: log("error") }));

        // MARK: What is to be run

        const isProgram = (source) => check(source, 1) === undefined;
        const asExpression = (code) => "(async () => (\n" + code + "\n))";
        const asBody = (code) => "(async () => {\n" + code + "\n})";

        // The value of a program is that of its last statement, when that is an expression that stands alone.
        const withReturn = (code) => {
            const places = [];
            for (let index = code.length - 1; index > 0 && places.length < 200; index--)
                if (code[index] === "\n" || code[index] === ";" || code[index] === "}") places.push(index + 1);
            for (const at of places) {
                const head = code.slice(0, at), tail = code.slice(at).replace(/[;\s]+$/, "");
                const begin = /^\s*/.exec(tail)[0].length;
                if (begin === tail.length) continue;
                const first = tail[begin];
                if ("([`+-/*.,?".includes(first) && !/[;}]\s*$/.test(head)) continue;
                if (!isProgram(asBody(head)) || !isProgram("(async () => (" + tail + "\n))")) continue;
                // In place, so that lines and columns stay: a keyword and a parenthesis before, one after.
                const whole = head + tail.slice(0, begin) + "return (" + tail.slice(begin) + "\n)";
                if (isProgram(asBody(whole))) return { code: whole, shiftLine: head.split("\n").length
                    + tail.slice(0, begin).split("\n").length - 1, shift: 8 };
            }
            return { code, shiftLine: 0, shift: 0 };
        };

        let shifted = { shiftLine: 0, shift: 0 };
        const compile = (code) => {
            if (isProgram(asExpression(code))) return evaluate(asExpression(code), name, 1);
            if (isProgram(asBody(code))) {
                shifted = withReturn(code);
                return evaluate(asBody(shifted.code), name, 1);
            }
            // The wrapping has an error of its own kind; the code alone, or as a body, tells the true one.
            const error = check(asBody(code), 1);
            throw error;
        };

        const corrected = (spot) => spot.line === shifted.shiftLine && spot.column > shifted.shift
            ? { line: spot.line, column: spot.column - shifted.shift } : spot;

        const failure = (error, isStart) => {
            let told;
            try {
                if (error instanceof NativeError) {
                    told = { name: text(error.name), message: text(error.message).slice(0, logTextMax),
                        ...corrected(place(error)) };
                    if (typeof error.code === "string") told.code = error.code;
                    if (typeof error.hint === "string") told.hint = error.hint;
                    if (error.site) Object.assign(told, corrected(error.site));
                    if (error.details) told.details = plain(error.details, "", []);
                    if (isStart && error.line > 1) told.line = number(error.line) - 1;
                } else told = { name: "Error", message: "the script threw " + shown(error).slice(0, logTextMax) };
            } catch (_) { told = { name: "Error", message: "the script threw something that cannot be shown" }; }
            tell({ type: "failed", error: told, isStart });
        };

        let isRunning = false;
        const finish = (value) => {
            if (!isRunning) return;
            isRunning = false;
            let line;
            try {
                const made = plain(value, "", []);
                line = made === undefined ? "null" : stringify(made);
            } catch (error) { failure(error, false); return; }
            if (line.length > valueTextMax) tell({ type: "done", text: line.slice(0, valueTextMax), isCut: true });
            else send("{\"type\":\"done\",\"value\":" + line + "}");
        };
        const fail = (error) => {
            if (!isRunning) return;
            isRunning = false;
            failure(error, false);
        };

        const run = (code) => {
            let main;
            shifted = { shiftLine: 0, shift: 0 };
            try { main = compile(code); } catch (error) { failure(error, true); return; }
            isRunning = true;
            const called = apply(then, main(), [(value) => typeof value === "function" ? value() : value]);
            apply(then, called, [finish, fail]);
        };

        const answer = (line) => {
            const waiting = outstanding.get(line.id);
            if (!waiting) return;
            outstanding.delete(line.id);
            if (!line.error) { waiting.resolve(line.value); return; }
            const error = new OrcaError(line.error);
            defineProperty(error, "site", { value: waiting.site, enumerable: false });
            waiting.reject(error);
        };

        return {
            deliver(line) {
                const told = parse(line);
                if (told.type === "run") run(told.code);
                else if (told.type === "result") answer(told);
            },
            // All that could run has run. Without an open call nothing will ever happen again.
            settle() {
                if (isRunning && outstanding.size === 0) fail(new OrcaError({
                    code: "never_settles", message: "the script waits for a promise that nothing can settle",
                    hint: "Await only calls of orca, sleep(), or promises that your own code resolves." }));
            },
            rejected(_, reason) {},
        };
    })
    """#
