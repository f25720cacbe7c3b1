import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';

const fileOf = (name: string): string => createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`);

/** The page asks this server for everything, and its policy lets it ask nobody else. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trunkline console: API reference</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#reference', deepLinking: true, validatorUrl: null, defaultModelsExpandDepth: 0 });
`;

/** Serves the document at `/openapi.json` and a reference made of it at `/docs`, from this machine alone. */
export const serveReference = (server: FastifyInstance, document: OpenAPIObject): void => {
  const openapi = JSON.stringify(document);
  server.get('/openapi.json', (_request, reply) => reply.type('application/json').send(openapi));
  server.get('/docs', (_request, reply) => reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8').send(PAGE));
  server.get('/docs/start.js', (_request, reply) => reply.type('text/javascript').send(START));
  for (const [name, type] of [['swagger-ui.css', 'text/css'], ['swagger-ui-bundle.js', 'text/javascript']] as const) {
    server.get(`/docs/${name}`, (_request, reply) => reply.type(type).header('cache-control', 'public, max-age=3600').send(createReadStream(fileOf(name))));
  }
};
