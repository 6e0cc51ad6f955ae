// A Fastify server that asks for the acceptance of the terms. CENTER is the address of the privacy center.
import Fastify from "fastify";
import { Acceptances } from "./store.mjs";

const acceptances = new Acceptances(process.env.CENTER);
const app = Fastify();

app.get("/terms/:account", async (request) => ({ ask: await acceptances.mustAccept(request.params.account, "terms") }));

app.post("/terms/:account", async (request, reply) => {
  const error = await acceptances.accept(request.params.account, request.body);
  return reply.code(error ? 409 : 201).send({ error });
});

await app.listen({ port: Number(process.env.PORT ?? 3000), host: "127.0.0.1" });
console.log(app.server.address().port);
