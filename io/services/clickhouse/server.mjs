// The HTTP interface of ClickHouse over the engine in npm's chdb, as far as a client needs it:
// POST /?query=… with a body that may be gzip, Basic authentication, errors as texts with a code.
// node server.mjs FOLDER USER PASSWORD CHDB: data in FOLDER, the package chdb in CHDB. Says its
// port, on 127.0.0.1, when it listens.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";

const [folder, user, password, chdb] = process.argv.slice(2);
const { Session } = createRequire(chdb + "/")("chdb");
const session = new Session(folder);
const login = "Basic " + Buffer.from(user + ":" + password).toString("base64");

function answer(response, status, text, code) {
  const headers = { "Content-Type": "text/plain; charset=UTF-8" };
  if (code) {
    headers["X-ClickHouse-Exception-Code"] = code;
  }
  response.writeHead(status, headers);
  response.end(text);
}

function run(request, body, response) {
  if (request.headers.authorization !== login) {
    answer(response, 403, "Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)", "516");
    return;
  }
  const text = (request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString("utf8");
  const query = new URL(request.url, "http://localhost").searchParams.get("query");
  try {
    answer(response, 200, session.query(query === null ? text : query + "\n" + text, "JSONEachRow"));
  } catch (failure) {
    const message = String(failure.message ?? failure);
    const code = /Code: (\d+)/.exec(message);
    answer(response, code && code[1] === "60" ? 404 : 500, message, code ? code[1] : undefined);
  }
}

createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => run(request, Buffer.concat(parts), response));
}).listen(0, "127.0.0.1", function () {
  console.log("listening on port " + this.address().port);
});
