# The shop of examples/shop, and the firelock command: see docker-compose.yml.
FROM node:20-slim

WORKDIR /app
# Alone, so that a change of the code does not install everything anew.
COPY package.json package-lock.json ./
RUN npm ci
COPY . .

USER node
EXPOSE 3000
# What `npm start` runs, without npm, its shell and the outer process of tsx: they take the SIGTERM of `docker stop`
# themselves, and the shop would be killed before its jobs have ended.
CMD ["node", "--import", "tsx", "examples/shop/main.ts"]
