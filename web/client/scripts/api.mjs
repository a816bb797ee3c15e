// Writes src/api/api.gen.ts from the server's OpenAPI document: `npm run api -- FILE_OR_URL`.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const source = process.argv[2] ?? "http://localhost:8080/api/openapi.json";
const text = /^https?:/.test(source) ? await (await fetch(source)).text() : readFileSync(source, "utf8");
const head = "// Generated from the server's OpenAPI document by `npm run api`; do not edit.\n";
writeFileSync("src/api/api.gen.ts", head + astToString(await openapiTS(JSON.parse(text))));
