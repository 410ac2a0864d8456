import { createServer } from "node:http";

/** The least that intake can do: read the body, parse its JSON, answer 202. Nothing is checked or kept. */
const server = createServer((request, response) => {
  if (request.method !== "POST") {
    response.writeHead(200).end();
    return;
  }
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const members: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    const accepted = Array.isArray(members) ? members.length : 1;
    response.writeHead(202, { "content-type": "application/json" });
    response.end(JSON.stringify({ accepted, rejected: [] }));
  });
});

server.listen(Number(process.argv[2]), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
