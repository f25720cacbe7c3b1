import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { KEY_SCHEME } from './access.ts';
import { ConsoleModule } from './console.module.ts';

/** The console's API as an OpenAPI 3.1 document. */
export const describeApi = (app: INestApplication): OpenAPIObject => {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Trunkline console')
    .setDescription(
      'What came in, what became of it, and why. Lists are pages: pass `next` as `after`. Every error is problem+json (RFC 9457) with a `cause` that a program may switch on.',
    )
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'tl_<id>_<secret>', description: 'An API key, made by `trunkline keys create` or under /v1/keys. Each operation names the scope that it needs.' }, KEY_SCHEME)
    .addTag('events', 'Facts on record')
    .addTag('timelines', 'One flow from beginning to end')
    .addTag('commands', 'Work to be done once')
    .addTag('dead letters', 'Work that waits for a person')
    .addTag('integrations', 'Accounts with partners')
    .addTag('keys', 'Who may ask')
    .addTag('health', 'How the hub is doing')
    .build();
  return SwaggerModule.createDocument(app, config, { include: [ConsoleModule] });
};
