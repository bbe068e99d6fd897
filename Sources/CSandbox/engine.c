// JavaScriptCore behind the face of CSandbox.h. It is not the boundary: the process is.
#include "CSandbox.h"

#include <JavaScriptCore/JavaScript.h>
#include <stdlib.h>
#include <string.h>

// Exported by the library, declared in headers that Debian does not ship.
extern void JSGlobalContextSetUnhandledRejectionCallback(
    JSGlobalContextRef context, JSObjectRef function, JSValueRef *exception);

// The same: its allocator gives memory back on a thread of its own, which ends after ten quiet seconds and is started again
// by the next allocation. Behind the lockdown no thread can be started, and the process would die of trying. Weak, because
// another build of the library may have another allocator.
extern void pas_scavenger_suspend(void) __attribute__((weak));

struct orca_engine {
    JSGlobalContextRef context;
    JSObjectRef deliver;
    JSObjectRef settle;
    orca_engine_send send;
};

// One engine a process: natives find it here.
static struct orca_engine the_engine;

static char *copied(JSContextRef context, JSValueRef value) {
    JSStringRef string = JSValueToStringCopy(context, value, NULL);
    if (!string) return strdup("something that is no text");
    size_t most = JSStringGetMaximumUTF8CStringSize(string);
    char *text = malloc(most);
    if (text) JSStringGetUTF8CString(string, text, most);
    JSStringRelease(string);
    return text;
}

static JSObjectRef member(JSContextRef context, JSObjectRef object, const char *name) {
    JSStringRef key = JSStringCreateWithUTF8CString(name);
    JSValueRef value = JSObjectGetProperty(context, object, key, NULL);
    JSStringRelease(key);
    return value && JSValueIsObject(context, value) ? JSValueToObject(context, value, NULL) : NULL;
}

// send(text): one line to the parent.
static JSValueRef native_send(
    JSContextRef context, JSObjectRef function, JSObjectRef this, size_t count, const JSValueRef arguments[],
    JSValueRef *exception) {
    if (count < 1) return JSValueMakeUndefined(context);
    char *text = copied(context, arguments[0]);
    if (text) the_engine.send(text, strlen(text));
    free(text);
    return JSValueMakeUndefined(context);
}

// check(source, firstLine): undefined when it is a program, else its syntax error.
static JSValueRef native_check(
    JSContextRef context, JSObjectRef function, JSObjectRef this, size_t count, const JSValueRef arguments[],
    JSValueRef *exception) {
    if (count < 2) return JSValueMakeUndefined(context);
    JSStringRef source = JSValueToStringCopy(context, arguments[0], exception);
    if (!source) return JSValueMakeUndefined(context);
    JSValueRef error = NULL;
    bool is_valid = JSCheckScriptSyntax(
        context, source, NULL, (int)JSValueToNumber(context, arguments[1], NULL), &error);
    JSStringRelease(source);
    return is_valid || !error ? JSValueMakeUndefined(context) : error;
}

// evaluate(source, name, firstLine): the value of a program.
static JSValueRef native_evaluate(
    JSContextRef context, JSObjectRef function, JSObjectRef this, size_t count, const JSValueRef arguments[],
    JSValueRef *exception) {
    if (count < 3) return JSValueMakeUndefined(context);
    JSStringRef source = JSValueToStringCopy(context, arguments[0], exception);
    JSStringRef name = JSValueToStringCopy(context, arguments[1], exception);
    JSValueRef value = NULL;
    if (source && name) {
        int line = (int)JSValueToNumber(context, arguments[2], NULL);
        value = JSEvaluateScript(context, source, NULL, name, line, exception);
    }
    if (source) JSStringRelease(source);
    if (name) JSStringRelease(name);
    return value ? value : JSValueMakeUndefined(context);
}

static void define(
    JSContextRef context, JSObjectRef object, const char *name, JSObjectCallAsFunctionCallback callback) {
    JSStringRef key = JSStringCreateWithUTF8CString(name);
    JSObjectSetProperty(
        context, object, key, JSObjectMakeFunctionWithCallback(context, key, callback), kJSPropertyAttributeNone, NULL);
    JSStringRelease(key);
}

orca_engine *orca_engine_new(orca_engine_send send) {
    // An interpreter without helper threads: nothing is ever made executable, and no thread is asked for.
    static const char *const options[] = {
        "JSC_useJIT", "0", "JSC_useWasm", "0", "JSC_useConcurrentGC", "0", "JSC_useConcurrentJIT", "0",
        "JSC_numberOfGCMarkers", "1", "JSC_useGenerationalGC", "1", "JSC_useSharedArrayBuffer", "0", NULL,
    };
    for (size_t index = 0; options[index]; index += 2) setenv(options[index], options[index + 1], 1);
    if (pas_scavenger_suspend) pas_scavenger_suspend();
    the_engine.send = send;
    the_engine.context = JSGlobalContextCreate(NULL);
    return the_engine.context ? &the_engine : NULL;
}

bool orca_engine_boot(orca_engine *engine, const char *bootstrap, char **error) {
    JSGlobalContextRef context = engine->context;
    JSValueRef thrown = NULL;
    *error = NULL;
    JSStringRef source = JSStringCreateWithUTF8CString(bootstrap);
    JSStringRef name = JSStringCreateWithUTF8CString("bootstrap");
    JSValueRef value = JSEvaluateScript(context, source, NULL, name, 1, &thrown);
    JSStringRelease(source);
    JSStringRelease(name);
    JSObjectRef function = value && JSValueIsObject(context, value) ? JSValueToObject(context, value, NULL) : NULL;
    JSObjectRef natives = JSObjectMake(context, NULL, NULL);
    define(context, natives, "send", native_send);
    define(context, natives, "check", native_check);
    define(context, natives, "evaluate", native_evaluate);
    JSValueRef arguments[] = {natives};
    JSValueRef made = function ? JSObjectCallAsFunction(context, function, NULL, 1, arguments, &thrown) : NULL;
    JSObjectRef face = made && JSValueIsObject(context, made) ? JSValueToObject(context, made, NULL) : NULL;
    if (face) {
        engine->deliver = member(context, face, "deliver");
        engine->settle = member(context, face, "settle");
        JSObjectRef rejected = member(context, face, "rejected");
        if (rejected) JSGlobalContextSetUnhandledRejectionCallback(context, rejected, &thrown);
    }
    if (!engine->deliver || !engine->settle) {
        *error = thrown ? copied(context, thrown) : strdup("the bootstrap answers no functions");
        return false;
    }
    JSValueProtect(context, engine->deliver);
    JSValueProtect(context, engine->settle);
    return true;
}

bool orca_engine_deliver(orca_engine *engine, const char *text) {
    JSGlobalContextRef context = engine->context;
    JSValueRef thrown = NULL;
    JSStringRef string = JSStringCreateWithUTF8CString(text);
    JSValueRef arguments[] = {JSValueMakeString(context, string)};
    JSStringRelease(string);
    JSObjectCallAsFunction(context, engine->deliver, NULL, 1, arguments, &thrown);
    // All that was promised has run by now: the outermost call into the engine ends with it.
    if (!thrown) JSObjectCallAsFunction(context, engine->settle, NULL, 0, NULL, &thrown);
    return thrown == NULL;
}
