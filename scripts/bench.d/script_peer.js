// What scripts are compared with. `vm`: runs each line of standard input in a new context. `calls SOCKET N`: asks the server N
// times, one after the other, over one connection.
"use strict";
const [mode, socketPath, count] = process.argv.slice(2);
if (mode === "vm") {
  const vm = require("node:vm");
  require("node:readline").createInterface({ input: process.stdin })
    .on("line", (line) => process.stdout.write(JSON.stringify(vm.runInNewContext(line, {})) + "\n"));
} else {
  const http = require("node:http");
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () => new Promise((resolve, reject) => {
    http.get({ socketPath, path: "/v1/server", agent, headers: { Host: "localhost" } }, (answer) => {
      let text = "";
      answer.on("data", (part) => { text += part; }).on("end", () => resolve(JSON.parse(text)));
    }).on("error", reject);
  });
  (async () => {
    for (let i = 0; i < Number(count); i++) await ask();
    agent.destroy();
  })();
}
